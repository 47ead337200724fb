using Croma.Cli.Report;
using Croma.Data;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

/// <summary>One of Table 2's three tasks: rows trained and scored on the same planned episodes, beside the paper's figures.</summary>
internal abstract class Table2 : TrainingExperiment
{
    /// <summary>The row that is the paper's method here: from strong or from weak pairs.</summary>
    protected virtual string Croma => Reference;

    /// <summary>The rows, in the paper's order.</summary>
    protected abstract IReadOnlyList<string> Rows { get; }

    /// <summary>Rows besides the ladder of ablations that CroMA should be at least as good as.</summary>
    protected abstract IEnumerable<string> Rivals { get; }

    /// <summary>What the table is of.</summary>
    protected abstract string Task { get; }

    /// <summary>What a reader must know of these data and the paper's.</summary>
    protected abstract IReadOnlyList<string> Caveats(CrossModalDataset dataset);

    /// <summary>The paper's figure; null where it has none.</summary>
    protected abstract PaperFigure? Paper(string method, int shots);

    /// <summary>Refuses a data set that this table cannot be made of.</summary>
    protected virtual void Require(CrossModalDataset dataset) { }

    protected sealed override Study Plan(ExperimentContext context, CrossModalDataset dataset)
    {
        Require(dataset);
        var rows = Runnable(dataset, Rows);
        var comparison = new Comparison(dataset, method => Configure(context, method), Options(context, rows), RunsOf(context));
        return new Study(comparison.Runs, () => Describe(dataset, comparison, rows));
    }

    private ExperimentOutcome Describe(CrossModalDataset dataset, Comparison comparison, IReadOnlyList<string> rows)
    {
        var records = comparison.Collect();
        int[] shots = [.. records[0].Results.Select(r => r.Shots)];
        string[] ladder = [Croma, "align-meta-classify", "align-classify", "unimodal-pretraining"];
        return new ExperimentOutcome
        {
            Predictions = PredictionExamples.Of(dataset, comparison.Plan, records, [Croma, "unimodal-pretraining", "oracle"]),
            Episodes = new ResultEpisodes(comparison.Plan.Sha256, comparison.Plan.Episodes.Count, comparison.Plan.Ways, comparison.Plan.Queries),
            Test = PairedTest,
            Notes = [.. Missing(Rows, rows), .. Caveats(dataset)],
            Tables =
            [
                new ExperimentTable { Title = Task, Columns = "method", Unit = "accuracy, %", Cells = Accuracies(records, MethodNames.Title, k => $"{k}-shot", Paper, Croma) },
            ],
            Findings =
            [
                .. from k in shots
                   from pair in ladder.Zip(ladder.Skip(1))
                   select AtLeast(pair.First, pair.Second, Of(records, pair.First, k), Of(records, pair.Second, k), $"{k}-shot"),
                .. from k in shots
                   from rival in Rivals
                   select AtLeast(Croma, rival, Of(records, Croma, k), Of(records, rival, k), $"{k}-shot"),
            ],
        };
    }
}
