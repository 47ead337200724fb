using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Croma.Classification;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets.Import;

namespace Croma.Cli.Commands;

/// <summary>A class in `croma adapt --json`.</summary>
internal sealed record AdaptClass(string Name, int Samples);

/// <summary>A way to a classifier in `croma adapt --json`.</summary>
internal sealed record AdaptCandidate(string Head, int Right, int Samples);

/// <summary>What `croma adapt --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Classifier">Path of the file.</param>
/// <param name="Head">The head, or "fine-tuning".</param>
/// <param name="Compared">What cross-validation in five parts chose among; empty where there was no choice.</param>
/// <param name="Classes">Names and numbers of samples.</param>
/// <param name="Accuracy">The share of left-out support samples that were classified rightly; null where none could be left out.</param>
/// <param name="Ci95">Its 95 % interval (Wilson).</param>
/// <param name="SmallestFalseAlarmRate">The smallest rate at which 'none of these' can be said; null where it cannot.</param>
/// <param name="Seconds">Wall time.</param>
internal sealed record AdaptResult(string Version, string Classifier, string Head, IReadOnlyList<AdaptCandidate> Compared, IReadOnlyList<AdaptClass> Classes, double? Accuracy, double[]? Ci95, double? SmallestFalseAlarmRate, double Seconds);

/// <summary>croma adapt.</summary>
internal sealed class AdaptCommand : CromaCommand
{
    private readonly Option<string> _model = new("--model") { Description = "A trained model's folder.", HelpName = "DIR", Required = true };

    private readonly Option<string> _support = new("--support")
    {
        Description = "Labelled samples: a folder of classes (CLASS/FILE), a .csv or .jsonl file (path or text, label), or features with labels.", HelpName = "PATH", Required = true,
    };

    private readonly Option<string?> _sourceSupport = new("--source-support")
    {
        Description = "Labelled samples of the source modality and of the same classes, such as a few texts of each, in the same forms: fine-tuning learns from them too.", HelpName = "PATH",
    };

    private readonly Option<string> _out = new("--out") { Description = "The classifier's file.", HelpName = "FILE", Required = true };

    private readonly Option<string> _head = new("--head")
    {
        Description = $"How: {string.Join(", ", FewShotClassifier.Heads)}. Fine-tuning moves the encoder, the others are fitted to what it gives; auto cross-validates fine-tuning and ridge.", HelpName = "NAME", DefaultValueFactory = _ => FewShotClassifier.Heads[0],
    };

    public AdaptCommand(CommonOptions common) : base("adapt", "Makes a classifier of new concepts from 1 to 10 labelled samples of each (more are taken too).", common)
    {
        foreach (var option in new Option[] { _model, _support, _sourceSupport, _out, _head }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var clock = Stopwatch.StartNew();
        var (path, name) = (parsed.GetValue(_out)!, parsed.GetValue(_head)!);
        if (!FewShotClassifier.Heads.Contains(name)) throw new CromaException($"There is no head '{name}'{Closest.Hint(name, FewShotClassifier.Heads)}");
        using var model = TrainedModel.Load(parsed.GetValue(_model)!);
        var support = SampleInput.ReadLabelled(parsed.GetValue(_support)!, model.Target.Shape, context.Threads, context.Cancellation);
        if (parsed.GetValue(_sourceSupport) is { } sources)
            support = support with { Source = SampleInput.ReadLabelled(sources, model.Source.Shape, context.Threads, context.Cancellation) };
        using var classifier = model.Target.Shape.Kind == ModalityKind.Features ? Adapt(null) : context.Progress.Run("Adapting", report => Adapt(new Reporter<double>(share => report(new Step(share, "")))));
        classifier.Save(path);
        var result = new AdaptResult(CromaVersion.Text, path, classifier.Head,
            [.. classifier.Compared.Select(c => new AdaptCandidate(c.Head, c.Estimate.Right, c.Estimate.Samples))], [.. support.Classes.Select((c, i) => new AdaptClass(c, support.Labels.Count(l => l == i)))],
            classifier.Estimate?.Accuracy, classifier.Estimate is { } estimate ? [estimate.Interval.Low, estimate.Interval.High] : null, classifier.Novelty?.SmallestAlpha, clock.Elapsed.TotalSeconds);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.AdaptResult), Describe(result, classifier));
        return ExitCode.Success;

        // features take well under a second: nothing to show
        FewShotClassifier Adapt(IProgress<double>? progress) => model.Adapt(support, name, context.Threads, progress, context.Cancellation);
    }

    private static string Describe(AdaptResult result, FewShotClassifier classifier)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{result.Classes.Count} classes from {result.Classes.Sum(c => c.Samples)} samples ({string.Join(", ", result.Classes.Select(c => $"{c.Name} {c.Samples}"))}), {(classifier.IsFineTuned ? "encoder fine-tuned" : $"head {result.Head}")}, {result.Seconds:0.0} s\n");
        if (result.Compared.Count > 0) text.Append(CultureInfo.InvariantCulture, $"chosen by cross-validation: {string.Join(", ", result.Compared.Select(c => $"{c.Head} {c.Right} of {c.Samples} right"))}\n");
        if (classifier.Estimate is { } estimate)
            text.Append(CultureInfo.InvariantCulture, $"accuracy: about {100 * estimate.Accuracy:0} % [{100 * estimate.Interval.Low:0}, {100 * estimate.Interval.High:0}] (samples classified by what others teach; 95 % interval; samples like these)\n")
                .Append(CultureInfo.InvariantCulture, $"'none of these': at false-alarm rates from {result.SmallestFalseAlarmRate:0.###} on\n");
        else text.Append("accuracy: unknown, and 'none of these' cannot be said, with one sample of each class; a second one of some is enough to begin with\n");
        return text.Append(CultureInfo.InvariantCulture, $"classifier: {result.Classifier}\nNext: ./croma predict --classifier {result.Classifier} FILES\n").ToString();
    }
}
