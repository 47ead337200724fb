using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.Import;

namespace Croma.Cli.Commands;

/// <summary>What `croma import --json` writes.</summary>
/// <param name="Data">The data set, as `croma data info` describes it.</param>
/// <param name="Pairs">What joins the modalities: id, group or label.</param>
/// <param name="Notes">What to know of it.</param>
internal sealed record ImportResult(DataInfoResult Data, string Pairs, IReadOnlyList<string> Notes);

/// <summary>croma import.</summary>
internal sealed class ImportCommand : CromaCommand
{
    private const double ReadingShare = 0.95;

    private static readonly string[] s_pairs = ["id", "group", "label"];

    private readonly Option<string> _out = new("--out") { Description = "The folder to make.", HelpName = "DIR", Required = true };
    private readonly Option<string> _source = new("--source")
    {
        Description = "The modality with many labels: a folder of classes (CLASS/FILE or GROUP/CLASS/FILE), or features (.npy, .npz, .safetensors, .csv).", HelpName = "PATH", Required = true,
    };

    private readonly Option<string> _target = new("--target") { Description = "The modality with few labels, likewise.", HelpName = "PATH", Required = true };
    private readonly Option<string?> _sourceLabels = new("--source-labels") { Description = "A CSV file with a line a row of the features: label, and optionally name, pair, group, origin, split, role; by default FILE.labels.csv beside them.", HelpName = "CSV" };
    private readonly Option<string?> _targetLabels = new("--target-labels") { Description = "The same for the target.", HelpName = "CSV" };
    private readonly Option<string?> _manifest = new("--manifest")
    {
        Description = "A .csv or .jsonl file with a line a sample: modality, label, path or text, and optionally pair, group, origin, split, role; --source and --target then name its modalities.", HelpName = "FILE",
    };

    private readonly Option<string?> _pairs = new("--pairs") { Description = "What pairs the modalities: id (strong), group (weak) or label (weak, reads target labels); by default ids where there are some, else groups.", HelpName = "KIND" };
    private readonly Option<string?> _name = new("--name") { Description = "The data set's name, by default its folder's.", HelpName = "NAME" };
    private readonly Option<int> _imageSize = Number("--image-size", "Pixels a side to which pictures are brought.", "N", 32, 8, 512);
    private readonly Option<int> _seconds = Number("--seconds", "Seconds of a sound that are kept.", "N", 10, 1, 600);

    public ImportCommand(CommonOptions common) : base("import", "Makes a data set of your own files: folders of classes, a manifest, or features made elsewhere.", common)
    {
        foreach (var option in new Option[] { _source, _target, _out, _sourceLabels, _targetLabels, _manifest, _pairs, _name, _imageSize, _seconds }) Add(option);
    }

    protected override string WhenInterrupted => "interrupted; nothing was written.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var pairs = parsed.GetValue(_pairs);
        if (pairs is not null && !s_pairs.Contains(pairs)) throw new CromaException($"--pairs takes {string.Join(", ", s_pairs)}, not '{pairs}'{Closest.Hint(pairs, s_pairs)}");
        var folder = parsed.GetValue(_out)!;
        var options = new ImportOptions(folder, parsed.GetValue(_source)!, parsed.GetValue(_target)!, parsed.GetValue(_manifest))
        {
            SourceLabels = parsed.GetValue(_sourceLabels),
            TargetLabels = parsed.GetValue(_targetLabels),
            Pairs = pairs is null ? null : Enum.Parse<PairKind>(pairs, ignoreCase: true),
            Name = parsed.GetValue(_name),
            Seed = context.Seed,
            Threads = context.Threads,
            ImageSize = parsed.GetValue(_imageSize),
            Seconds = parsed.GetValue(_seconds),
        };
        var outcome = Import(options, context);
        using var dataset = CrossModalDataset.Open(folder);
        var result = new ImportResult(DataInfoCommand.Describe(dataset), s_pairs[(int)outcome.Pairs], outcome.Notes);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.ImportResult),
            DataInfoCommand.ToText(result.Data) + string.Concat(result.Notes.Select(n => $"note: {n}\n")) + $"Next: ./croma doctor {folder}\n");
        return ExitCode.Success;
    }

    private static ImportOutcome Import(ImportOptions options, CommandContext context)
    {
        try
        {
            return context.Progress.Run("Importing", report => Importer.Run(options, new Reporter<RecipeProgress>(p => report(new Step(Share(p), p.Total > 1 ? $"{p.Stage} {p.Done} of {p.Total}" : p.Stage))), context.Cancellation));
        }
        catch (CromaException) when (context.Cancellation.IsCancellationRequested)
        {
            // Ctrl-C stops the programs that decode too: their failing is then no error
            throw new OperationCanceledException(context.Cancellation);
        }
    }

    private static double Share(RecipeProgress progress) => progress.Stage switch
    {
        "reading" => ReadingShare * progress.Done / progress.Total,
        "writing" => ReadingShare + (1 - ReadingShare) * progress.Done / progress.Total,
        _ => 0,
    };

    private static Option<int> Number(string name, string description, string help, int by, int least, int most) => new(name)
    {
        Description = description,
        HelpName = help,
        DefaultValueFactory = _ => by,
        CustomParser = result => CommonOptions.Whole(result, least, most),
    };
}
