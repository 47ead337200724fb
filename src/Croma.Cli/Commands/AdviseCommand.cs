using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Croma.Cli.Report;
using Croma.Cli.Terminal;
using Croma.Data;
using Croma.Search;
using Croma.Theory;

namespace Croma.Cli.Commands;

/// <summary>croma advise.</summary>
internal sealed class AdviseCommand : CromaCommand
{
    private readonly Argument<string?> _folder = new("DIR") { Description = "A data set's folder; without one, all of the case's numbers have to be given.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<double?> _dimension = Number("--dim", "d: numbers of a sample (without DIR).", "D");
    private readonly Option<double?> _source = Number("--n-source", "Labelled source samples of the task.");
    private readonly Option<double?> _target = Number("--n-target", "Labelled target samples of the task.");
    private readonly Option<double?> _pairs = Number("--n-pairs", "Pairs.");
    private readonly Option<double?> _sets = Number("--sets", "Sets, where of the pairs only sets are known (weak pairs; without DIR).");
    private readonly Option<double?> _noise = Number("--noise", "Standard deviation of a label's noise (without DIR).", "SD");
    private readonly Option<double?> _pairNoise = Number("--pair-noise", "Standard deviation of a pair's noise (without DIR).", "SD");
    private readonly Option<double?> _more = Number("--more", "How many more samples or pairs to compare; by default as many as there are labelled target samples.");
    private readonly Option<int> _ways = new("--ways") { Description = "Classes of a task (with DIR).", HelpName = "N", DefaultValueFactory = _ => 5, CustomParser = r => CommonOptions.Whole(r, 2, 1000) };
    private readonly Option<int> _shots = new("--shots") { Description = "Labelled target samples of each (with DIR).", HelpName = "K", DefaultValueFactory = _ => 5, CustomParser = r => CommonOptions.Whole(r, 1, 10_000) };
    private readonly Option<string?> _model = new("--model") { Description = "Estimates from the embeddings of a trained model (with DIR).", HelpName = "DIR" };

    public AdviseCommand(CommonOptions common) : base("advise", "Says whether to align, to label more targets or to label more sources (section 5.5), and how many weak sets to make (Appendix E).", common)
    {
        Add(_folder);
        foreach (var option in new Option[] { _dimension, _source, _target, _pairs, _noise, _pairNoise, _sets, _more, _ways, _shots, _model }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var folder = parsed.GetValue(_folder);
        CaseEstimate? estimate = null;
        string? names = null;
        if (folder is null && parsed.GetValue(_model) is not null) throw new CromaException("--model needs a data set: croma advise DIR --model ...");
        if (folder is not null)
        {
            foreach (var option in new[] { _dimension, _noise, _pairNoise, _sets })
                if (parsed.GetValue(option) is not null) throw new CromaException($"{option.Name} is estimated from the data set: leave it out, or leave out '{folder}' and give all the numbers.");
            using var dataset = CrossModalDataset.Open(folder);
            using var model = parsed.GetValue(_model) is { } trained ? SearchModel.Load(trained) : null;
            var options = new CaseOptions
            {
                Ways = parsed.GetValue(_ways), Shots = parsed.GetValue(_shots), Seed = context.Seed,
                SourceSamples = parsed.GetValue(_source), TargetSamples = parsed.GetValue(_target), Pairs = parsed.GetValue(_pairs),
            };
            estimate = context.Progress.Run("Estimating", report => CaseEstimator.Run(dataset, options, model, context.Threads, new Reporter<double>(share => report(new Step(share, ""))), context.Cancellation));
            names = $"{folder}: '{dataset.Source.Name}' to '{dataset.Target.Name}', {options.Ways}-way tasks of {options.Shots} {(options.Shots == 1 ? "shot" : "shots")}, estimated from {(model is null ? "plain descriptions of samples of meta-train" : $"embeddings of meta-validation by {model.Name}")}";
        }
        var advice = Advice.Of(estimate?.Case ?? Plain(parsed), parsed.GetValue(_more));
        var result = AdviseResult.Of(folder, advice, estimate);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.AdviseResult), AdviceText.Of(names, advice, estimate));
        return ExitCode.Success;
    }

    private SupervisionCase Plain(ParseResult parsed)
    {
        return new SupervisionCase
        {
            Dimension = Need(_dimension), SourceSamples = Need(_source), TargetSamples = Need(_target), Pairs = Need(_pairs), LabelNoise = Need(_noise), PairNoise = Need(_pairNoise), Sets = parsed.GetValue(_sets),
        };

        double Need(Option<double?> option) => parsed.GetValue(option) ?? throw new CromaException($"{option.Name} is missing: give a data set's folder, or all of --dim --n-source --n-target --n-pairs --noise --pair-noise.");
    }

    private static Option<double?> Number(string name, string description, string help = "N") => new(name)
    {
        Description = description, HelpName = help,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1e12) return number;
            result.AddError($"{name} takes a number from 0 to 1e12, not '{text}'");
            return null;
        },
    };
}
