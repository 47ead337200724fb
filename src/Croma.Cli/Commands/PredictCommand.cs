using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Croma.Classification;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Datasets.Import;

namespace Croma.Cli.Commands;

/// <summary>A line of `croma predict --format jsonl`.</summary>
/// <param name="Input">What was classified.</param>
/// <param name="Class">Its class; null: none of these.</param>
/// <param name="Probability">Of the likeliest class.</param>
/// <param name="Likeliest">The likeliest class, also where it is none of these.</param>
/// <param name="Familiarity">p-value of the sample's being of one of the classes; null where the support was too small.</param>
/// <param name="Probabilities">By class.</param>
internal sealed record PredictLine(string Input, string? Class, double Probability, string Likeliest, double? Familiarity, IReadOnlyDictionary<string, double> Probabilities);

/// <summary>What `croma predict --json` writes: a summary; the answers are on standard output.</summary>
internal sealed record PredictResult(string Version, IReadOnlyList<string> Classifiers, double? FalseAlarms, int Predicted, int NoneOfThese, IReadOnlyList<string> Skipped);

/// <summary>croma predict.</summary>
internal sealed class PredictCommand : CromaCommand
{
    private static readonly string[] s_formats = ["table", "csv", "jsonl"];

    private readonly Option<string[]> _classifier = new("--classifier")
    {
        Description = "A file of `croma adapt`; given again, with one of the same support and another training's model: their answers are averaged, which is right more often.", HelpName = "FILE", Required = true,
    };

    private readonly Argument<string[]> _inputs = new("INPUTS")
    {
        Description = "Files, folders, feature files, or '-': a path (for a classifier of texts: a text) a line of standard input.", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<double?> _falseAlarms = new("--false-alarms")
    {
        Description = "Says 'none of these', and turns away about this share (0 to 1) of samples that are of a class.", HelpName = "RATE",
    };

    private readonly Option<string> _format = new("--format") { Description = $"How answers are written: {string.Join(", ", s_formats)}.", HelpName = "NAME", DefaultValueFactory = _ => s_formats[0] };
    private readonly OnErrorOption _onError = new("files that cannot be read");

    public PredictCommand(CommonOptions common) : base("predict", "Classifies any number of samples: class, probability, or 'none of these'.", common)
    {
        Add(_inputs);
        foreach (var option in new Option[] { _classifier, _falseAlarms, _format, _onError }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (format, rate) = (Choose("--format", parsed.GetValue(_format)!, s_formats), parsed.GetValue(_falseAlarms));
        var skips = _onError.Skips(parsed);
        if (rate is not (null or (> 0 and < 1))) throw new CromaException($"--false-alarms takes a rate between 0 and 1, such as 0.05, not {rate.Value.ToString(CultureInfo.InvariantCulture)}.");
        var paths = parsed.GetValue(_classifier)!;
        using var classifier = ClassifierEnsemble.Load(paths);
        if (rate is { } asked && asked < (classifier.SmallestFalseAlarmRate ?? 1))
            throw new CromaException(classifier.SmallestFalseAlarmRate is { } smallest
                ? $"With so few samples 'none of these' can be said at false-alarm rates from {smallest.ToString("0.###", CultureInfo.InvariantCulture)} on, not at {asked.ToString(CultureInfo.InvariantCulture)}: ask for more, or adapt with more samples."
                : "The classifier has one sample of each class, from which 'none of these' cannot be told: adapt with more.");
        var (predicted, none, skipped) = (0, 0, new List<string>());
        var writer = new PredictionWriter(context.Output.IsJsonOnly ? TextWriter.Null : Console.Out, format, classifier.Classes, rate);
        foreach (var samples in SampleInput.Read(parsed.GetValue(_inputs)!, Console.In, classifier.Shape, skips ? Skip : null, context.Threads, context.Cancellation))
            foreach (var (name, prediction) in samples.Names.Zip(classifier.Predict(samples.Contents, context.Threads, context.Cancellation)))
            {
                writer.Write(name, prediction);
                predicted++;
                if (rate is { } r && prediction.IsNoneOfThese(r)) none++;
            }
        writer.Finish();
        var result = new PredictResult(CromaVersion.Text, paths, rate, predicted, none, skipped);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.PredictResult), "");
        return ExitCode.Success;

        void Skip(string name, string reason)
        {
            skipped.Add(name);
            Output.Say($"skipped: {reason}");
        }
    }

    private static string Choose(string option, string value, string[] among) => among.Contains(value) ? value : throw new CromaException($"{option} takes {string.Join(" or ", among)}, not '{value}'{Closest.Hint(value, among)}");
}
