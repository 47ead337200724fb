using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Croma.Classification;
using Croma.Cli.Terminal;
using Croma.Datasets.Import;

namespace Croma.Cli.Commands;

/// <summary>A sample in `croma next --json`.</summary>
internal sealed record NextSample(string Input, double Uncertainty, string Likeliest, double Probability);

/// <summary>What `croma next --json` writes.</summary>
internal sealed record NextResult(string Version, string Classifier, int Pool, IReadOnlyList<NextSample> Next, IReadOnlyList<string> Skipped);

/// <summary>croma next.</summary>
internal sealed class NextCommand : CromaCommand
{
    private readonly Option<string> _classifier = new("--classifier") { Description = "A file of `croma adapt`.", HelpName = "FILE", Required = true };
    private readonly Argument<string[]> _pool = new("POOL") { Description = "Unlabelled samples: files, folders, feature files, or '-', as for predict.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int> _count = new("--count") { Description = "Samples to label.", HelpName = "N", DefaultValueFactory = _ => 10, CustomParser = result => CommonOptions.Whole(result, 1, 1000) };

    public NextCommand(CommonOptions common) : base("next", "Says which unlabelled samples to label next: those the classifier is least sure of, no two alike.", common)
    {
        Add(_pool);
        Add(_classifier);
        Add(_count);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var path = parsed.GetValue(_classifier)!;
        using var classifier = FewShotClassifier.Load(path);
        var (next, skipped) = (new NextToLabel(classifier, parsed.GetValue(_count)), new List<string>());
        foreach (var samples in SampleInput.Read(parsed.GetValue(_pool)!, Console.In, classifier.Shape, Skip, context.Threads, context.Cancellation))
            next.Add(samples.Names, samples.Contents, context.Threads, context.Cancellation);
        var result = new NextResult(CromaVersion.Text, path, next.Seen, [.. next.Choose().Select(s => new NextSample(s.Name, s.Uncertainty, classifier.Classes[s.Prediction.Class], s.Prediction.Probability))], skipped);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.NextResult),
            string.Concat(result.Next.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Input}  (perhaps {s.Likeliest}, {100 * s.Probability:0} %)\n")))
            + $"{result.Next.Count} of {result.Pool}: label these, add them to the support, and adapt again.\n");
        return ExitCode.Success;

        // a pool is what lies about: what cannot be read cannot be labelled either
        void Skip(string name, string reason)
        {
            skipped.Add(name);
            Output.Say($"skipped: {reason}");
        }
    }
}
