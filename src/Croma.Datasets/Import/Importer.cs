using Croma.Data;
using Croma.Data.Formats;

namespace Croma.Datasets.Import;

/// <summary>
/// Makes a data set of what people have: folders of files by class, a manifest, or features made elsewhere. The same input
/// and seed give the same bytes (with the same ffmpeg, where there are pictures or sounds).
/// </summary>
public static class Importer
{
    private const int LargestSide = 512;

    /// <summary>Imports. The folder appears when the data set in it is whole, and not before.</summary>
    /// <param name="options">What, and how.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it; nothing is left.</param>
    /// <exception cref="CromaException">The input is not what it should be: the message names file, line and what would be right.</exception>
    public static ImportOutcome Run(ImportOptions options, IProgress<RecipeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ImageSize, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ImageSize, LargestSide);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Seconds);
        RequireFree(options.Folder);
        var notes = new List<string>();
        progress?.Report(new RecipeProgress("reading names and labels", 0, 1));
        var (source, target) = Read(options, notes);
        return Make(options, source, target, notes, progress, cancellation);
    }

    /// <summary>Imports samples that are in memory. The folder appears when the data set in it is whole, and not before.</summary>
    /// <param name="folder">The data set's folder, which must not exist or be empty.</param>
    /// <param name="source">The modality in which labels are plenty.</param>
    /// <param name="target">The one in which they are few.</param>
    /// <param name="pairs">What pairs the modalities; null: pair ids where both have them, else groups.</param>
    /// <param name="seed">Draws splits and what samples are used for. Default 1.</param>
    /// <param name="cancellation">Stops it; nothing is left.</param>
    /// <exception cref="CromaException">The samples are not what they should be: the message names the sample and what would be right.</exception>
    public static ImportOutcome Run(string folder, ImportSamples source, ImportSamples target, PairKind? pairs = null, ulong seed = 1, CancellationToken cancellation = default)
    {
        RequireFree(folder);
        var (s, t) = Distinct(source.Side, target.Side);
        return Make(new ImportOptions(folder, s.Modality, t.Modality) { Pairs = pairs, Seed = seed }, s, t, [], null, cancellation);
    }

    private static ImportOutcome Make(ImportOptions options, ImportSide source, ImportSide target, List<string> notes, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        var plan = ImportPlan.Create(source, target, options.Pairs, options.Seed, notes);

        var (done, total) = (0, source.Items.Count + target.Items.Count);
        var context = new LoadContext(options, () => progress?.Report(new RecipeProgress("reading", Interlocked.Increment(ref done), total)), cancellation);
        var writer = Assemble(options, plan, (source, Load(source, context, notes)), (target, Load(target, context, notes)), cancellation);
        progress?.Report(new RecipeProgress("writing", 0, 1));
        Write(writer, options.Folder);
        progress?.Report(new RecipeProgress("writing", 1, 1));
        return new ImportOutcome(plan.Kind, notes);
    }

    private static (ImportSide Source, ImportSide Target) Read(ImportOptions options, List<string> notes)
    {
        if (options.Manifest is { } manifest)
        {
            if (options.SourceLabels is not null || options.TargetLabels is not null) throw new CromaException("a manifest has its samples' labels: leave out --source-labels and --target-labels");
            if (options.Source == options.Target) throw new CromaException($"--source and --target are both '{options.Source}'; with a manifest they name its two modalities");
            var (source, target) = ManifestFile.Read(manifest, options.Source, options.Target, notes);
            return Distinct(source, target);
        }
        return Distinct(Side(options.Source, options.SourceLabels, notes), Side(options.Target, options.TargetLabels, notes));
    }

    private static ImportSide Side(string path, string? labels, List<string> notes)
    {
        if (!Directory.Exists(path)) return FeatureFile.Read(path, labels, Path.GetFileNameWithoutExtension(path), notes);
        if (labels is not null) throw new CromaException($"'{path}' is a folder, whose files have their classes' folders for labels: leave out its labels");
        return FolderTree.Read(path, Path.GetFileName(Path.GetFullPath(path)));
    }

    /// <summary>Names that can be files of a data set: small letters, digits, '-' and '_', and different ones.</summary>
    private static (ImportSide, ImportSide) Distinct(ImportSide source, ImportSide target)
    {
        var (s, t) = (Plain(source.Modality), Plain(target.Modality));
        if (s == t || s is "" or "pairs" || t is "" or "pairs") (s, t) = ($"source-{s}".TrimEnd('-'), $"target-{t}".TrimEnd('-'));
        return (source with { Modality = s }, target with { Modality = t });
    }

    private static string Plain(string name) => string.Concat(name.ToLowerInvariant().Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '-')).Trim('-');

    private static LoadedSamples Load(ImportSide side, LoadContext context, List<string> notes)
    {
        var loaded = side.Load(context);
        if (loaded.Remark is { } remark) notes.Add($"{side.Modality}: {remark}");
        return loaded;
    }

    private static DatasetWriter Assemble(ImportOptions options, ImportPlan plan, (ImportSide Side, LoadedSamples Samples) source, (ImportSide Side, LoadedSamples Samples) target, CancellationToken cancellation)
    {
        var name = options.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder)));
        var writer = new DatasetWriter(name, options.Seed, source.Samples.NewWriter(source.Side.Modality), target.Samples.NewWriter(target.Side.Modality))
        {
            Description = $"Imported from {source.Side.From}{(source.Side.From == target.Side.From ? "" : " and " + target.Side.From)}. " + plan.Kind switch
            {
                PairKind.Id => "Pairs are strong, by pair ids.",
                PairKind.Group => "Pairs are weak, by groups of classes.",
                _ => "Pairs are weak, by labels: alignment reads the labels of target samples.",
            },
            Provenance = [Origin(source), Origin(target)],
        };
        foreach (var concept in plan.Concepts) writer.AddConcept(concept.Id, concept.Name, concept.Split, concept.Cluster);
        foreach (var (samples, to, where) in new[] { (source.Samples, writer.Source, plan.Source), (target.Samples, writer.Target, plan.Target) })
            for (var i = 0; i < where.Concept.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                samples.Add(to, i, where.Concept[i], where.Part[i], where.Group[i]);
            }
        foreach (var pair in plan.Pairs) writer.AddPair(pair.Source, pair.Target);
        return writer;

        static Provenance Origin((ImportSide Side, LoadedSamples Samples) of) => new(of.Side.Modality, of.Side.From, $"imported by croma {CromaVersion.Text}", "yours to say", of.Samples.Form);
    }

    private static void RequireFree(string folder)
    {
        if (File.Exists(folder)) throw new CromaException($"'{folder}' is a file; give the name of a new folder");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) throw new CromaException($"'{folder}' is not empty; remove it, or choose another folder");
    }

    /// <summary>Writes beside the folder and renames.</summary>
    private static void Write(DatasetWriter writer, string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var beside = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            writer.Write(beside);
            if (Directory.Exists(full)) Directory.Delete(full);
            Directory.Move(beside, full);
        }
        catch (Exception e)
        {
            if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
            if (e is IOException or UnauthorizedAccessException) throw new CromaException($"{folder}: cannot be written: {e.Message}", e);
            throw;
        }
    }
}
