using Croma.Cli.Report;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;

namespace Croma.Cli.Experiments;

// ./croma reproduce ablations [--scale smoke|small|full] --data data/udhr-speech
//
// Two cores: small 16 min beside other work for the variants, after the ladder's ten trainings (about 20 min more, or half of that after
// table2-text-speech); estimated: smoke 40 s, full half a day.
// Should show: meta-alignment and meta-classification each add to supervised alignment, most at one shot.

/// <summary>The ablations of section 5.2, and CroMA with one choice of ours changed at a time.</summary>
internal sealed class Ablations : TrainingExperiment
{
    // at `small`; neighbours in the ladder are close
    private const int LadderRepeats = 10;

    private static readonly string[] s_ladder = [Reference, "align-meta-classify", "align-classify", "unimodal-pretraining"];

    // what the paper leaves open or the profile decides otherwise
    private static readonly (string Row, Func<MetaOptions, MetaOptions> Change)[] s_variants =
    [
        ("CroMA, loss nce (Eq. 2)", o => o with { AlignmentLoss = "nce" }),
        ("CroMA, loss margin (released code)", o => o with { AlignmentLoss = "margin" }),
        ("CroMA, epsilon 0.1", o => o with { MetaStepSize = 0.1 }),
        ("CroMA, fresh inner optimiser", o => o with { CarryOptimizer = false }),
        ("CroMA, classification moves e_s", o => o with { ClassifierMovesEncoder = true }),
    ];

    public override string Name => "ablations";

    public override string Title => "Section 5.2: ablations";

    public override string Expectation => "Jointly meta-training alignment and classification improves on supervised alignment, most at one shot: CroMA >= align + meta classify >= align + classify >= unimodal.";

    protected override Study Plan(ExperimentContext context, CrossModalDataset dataset)
    {
        string[] wanted = [.. s_ladder, "croma-weak"], rows = Runnable(dataset, wanted);
        var variantOptions = Options(context, [Reference]);
        var ladderOptions = Options(context, rows) with { Repeats = context.Repeats == null && context.Scale == Scale.Small ? LadderRepeats : variantOptions.Repeats };
        var comparison = new Comparison(dataset, method => Configure(context, method), ladderOptions, RunsOf(context));
        var variants = s_variants.Select(v => new Comparison(dataset, method => Changed(Configure(context, method), v.Change), variantOptions, RunsOf(context))).ToList();
        return new Study([.. comparison.Runs, .. variants.SelectMany(v => v.Runs)], () => Describe(comparison, variants, variantOptions.Repeats, Missing(wanted, rows)));
    }

    private static ExperimentOutcome Describe(Comparison comparison, IReadOnlyList<Comparison> variants, int repeats, IEnumerable<string> missing)
    {
        var records = comparison.Collect();
        RunRecord[] changed =
        [
            .. records.Where(r => r.Method == Reference && r.Repeat < repeats),
            .. s_variants.Zip(variants).SelectMany(v => v.Second.Collect().Select(r => r with { Method = v.First.Row })),
        ];
        int[] shots = [.. records[0].Results.Select(r => r.Shots)];
        double[] gains = [.. shots.Select(k => Of(records, Reference, k).Average() - Of(records, "align-classify", k).Average())];
        return new ExperimentOutcome
        {
            Episodes = new ResultEpisodes(comparison.Plan.Sha256, comparison.Plan.Episodes.Count, comparison.Plan.Ways, comparison.Plan.Queries),
            Test = PairedTest,
            Notes = [.. missing, "A variant changes one setting and is not tuned anew: `croma tune` and --tuned compare at equal budgets."],
            Tables =
            [
                new ExperimentTable
                {
                    Title = "What each part adds",
                    Columns = "method",
                    Unit = "accuracy, %",
                    Cells = Accuracies(records, MethodNames.Title, k => $"{k}-shot", PaperTables.Speech),
                },
                new ExperimentTable
                {
                    Title = "CroMA with one choice changed",
                    Columns = "method",
                    Unit = "accuracy, %",
                    Cells = Accuracies(changed, MethodNames.Title, k => $"{k}-shot", (_, _) => null),
                },
            ],
            Findings =
            [
                .. from k in shots
                   from pair in s_ladder.Zip(s_ladder.Skip(1))
                   select AtLeast(pair.First, pair.Second, Of(records, pair.First, k), Of(records, pair.Second, k), $"{k}-shot"),
                new Finding("What CroMA gains on align + classify is greatest at one shot.", gains[0] == gains.Max(), string.Join(", ", shots.Zip(gains, (k, gain) => $"{k}-shot {gain:+0.0;-0.0}"))),
            ],
        };
    }

    private static TrainingConfiguration Changed(TrainingConfiguration configuration, Func<MetaOptions, MetaOptions> change) => configuration with { Training = change(configuration.Training) };
}
