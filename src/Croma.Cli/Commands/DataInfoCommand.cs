using System.CommandLine;
using System.Text.Json;
using Croma.Data;
using Croma.Evaluation;

namespace Croma.Cli.Commands;

/// <summary>A modality in `croma data info`.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How its samples are stored.</param>
/// <param name="Synthetic">Whether a program made it rather than people.</param>
/// <param name="Features">Numbers a vector or image; 0 for bytes.</param>
/// <param name="FramesPerSecond">0 where samples have no time.</param>
/// <param name="Height">Pixels of an image from top to bottom; 0 where there are none.</param>
/// <param name="Width">Pixels of an image from left to right.</param>
/// <param name="Samples">Samples of each part: alignment, source, target.</param>
/// <param name="Media">Samples that people can hear or see, from a file of their own.</param>
internal sealed record ModalityInfo(string Name, ModalityKind Kind, bool Synthetic, int Features, double FramesPerSecond, int Height, int Width, IReadOnlyDictionary<string, int> Samples, int Media);

/// <summary>What `croma data info --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Dataset">Name and hash.</param>
/// <param name="Seed">What it was made with.</param>
/// <param name="Description">A few sentences.</param>
/// <param name="Concepts">How many each split has.</param>
/// <param name="Source">The source modality.</param>
/// <param name="Target">The target modality.</param>
/// <param name="StrongPairs">How many there are.</param>
/// <param name="WeakPairs">Clusters with alignment samples in both modalities.</param>
/// <param name="Provenance">Where everything came from.</param>
internal sealed record DataInfoResult(string Version, string Folder, ResultDataset Dataset, ulong Seed, string Description, IReadOnlyDictionary<string, int> Concepts,
    ModalityInfo Source, ModalityInfo Target, int StrongPairs, int WeakPairs, IReadOnlyList<Provenance> Provenance);

/// <summary>croma data info.</summary>
internal sealed class DataInfoCommand : CromaCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The data set's folder." };

    public DataInfoCommand(CommonOptions common) : base("info", "Says what a data set holds and where it came from.", common) => Add(_folder);

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        using var dataset = CrossModalDataset.Open(parsed.GetValue(_folder)!);
        var result = Describe(dataset);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.DataInfoResult), ToText(result));
        return ExitCode.Success;
    }

    /// <summary>Sums up a data set.</summary>
    public static DataInfoResult Describe(CrossModalDataset dataset) => new(
        CromaVersion.Text, dataset.Folder, new ResultDataset(dataset.Name, dataset.Sha256), dataset.Manifest.Seed, dataset.Manifest.Description,
        Count(Enum.GetValues<ConceptSplit>(), dataset.Concepts.Select(c => c.Split)),
        Describe(dataset, dataset.Source), Describe(dataset, dataset.Target), dataset.StrongPairs.Count, WeakPairs(dataset), dataset.Manifest.Provenance);

    private static int WeakPairs(CrossModalDataset dataset)
    {
        return Clusters(dataset.Source).Intersect(Clusters(dataset.Target)).Count();

        IEnumerable<string> Clusters(ModalityData data) =>
            from i in Enumerable.Range(0, data.Count) where data.Part(i) == Part.Alignment && dataset.Concepts[data.Concept(i)].Cluster is not null select dataset.Concepts[data.Concept(i)].Cluster;
    }

    private static ModalityInfo Describe(CrossModalDataset dataset, ModalityData data) => new(
        data.Name, data.Kind, dataset.Manifest.Synthetic.Contains(data.Name), data.Contents.Width, data.Contents.Shape.FramesPerSecond, data.Contents.Shape.ImageHeight, data.Contents.Shape.ImageWidth,
        Count(Enum.GetValues<Part>(), Enumerable.Range(0, data.Count).Select(data.Part)), data.MediaCount);

    private static Dictionary<string, int> Count<T>(T[] kinds, IEnumerable<T> values) where T : struct, Enum
    {
        var counts = values.CountBy(v => v).ToDictionary();
        return kinds.ToDictionary(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), counts.GetValueOrDefault);
    }

    /// <summary>The same for people.</summary>
    public static string ToText(DataInfoResult info) =>
        $"{info.Folder}: {info.Dataset.Name} (seed {info.Seed}, SHA-256 {info.Dataset.Sha256})\n{info.Description}\n"
        + $"concepts: {List(info.Concepts)}\n{ToText("source", info.Source)}{ToText("target", info.Target)}strong pairs: {info.StrongPairs}, weak pairs (clusters): {info.WeakPairs}\n"
        + string.Concat(info.Provenance.Select(p => $"from: {p.What} - {p.From} {p.Version}, {p.Licence}. {p.Note}\n"));

    private static string ToText(string role, ModalityInfo info)
    {
        var shape = info.Kind switch
        {
            ModalityKind.Bytes => "bytes",
            ModalityKind.Images => $"RGB images of {info.Height} x {info.Width} pixels",
            ModalityKind.Frames when info.FramesPerSecond == 0 => $"sequences of vectors of {info.Features} numbers",
            ModalityKind.Frames => $"{info.FramesPerSecond:0.##} frames a second of {info.Features} numbers",
            _ => $"{info.Features} numbers a sample",
        };
        return $"{role}: {info.Name}, {shape}{(info.Synthetic ? ", SYNTHESISED by a program" : "")}; samples: {List(info.Samples)}{(info.Media > 0 ? $"; {info.Media} to hear or see" : "")}\n";
    }

    private static string List(IReadOnlyDictionary<string, int> counts) => string.Join(", ", counts.Select(c => $"{c.Value} {c.Key}"));
}
