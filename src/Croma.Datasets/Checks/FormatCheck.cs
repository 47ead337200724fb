using Croma.Checkpoints;
using Croma.Classification;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Evaluation;
using Croma.Search;
using Croma.Tasks;

namespace Croma.Datasets.Checks;

/// <summary>What came of a check.</summary>
/// <param name="Path">What was checked.</param>
/// <param name="Kind">What it is, such as "classifier"; of a folder of several files how many they are.</param>
/// <param name="Findings">What is wrong; empty where it is sound.</param>
public sealed record FormatVerdict(string Path, string Kind, IReadOnlyList<DatasetFinding> Findings);

/// <summary>
/// Checks a file or folder of any format that Croma reads, from its first byte to its last: data sets, models, checkpoints, classifiers,
/// indexes, configurations, run records, plans, safetensors, .npy, .npz, CSV tables, JSON lines. What is wrong is reported, never thrown.
/// </summary>
public static class FormatCheck
{
    private const int ValuesAtOnce = 1 << 14;

    /// <summary>Checks a file or folder.</summary>
    public static FormatVerdict Run(string path, CancellationToken cancellation = default)
    {
        if (Directory.Exists(path)) return FileFormats.OfFolder(path) is { } whole ? OfOne(path, () => whole, cancellation) : OfMany(path, cancellation);
        return OfOne(path, () => !File.Exists(path) ? throw new CromaException($"{path}: there is no such file or folder")
            : FileFormats.OfFile(path) ?? throw new CromaException($"{path}: this is of no kind that Croma reads: a data set's or model's folder, .safetensors, .npy, .npz, .csv, .jsonl, .json, a classifier or an index"), cancellation);
    }

    private static FormatVerdict OfOne(string path, Func<FileFormat> formatOf, CancellationToken cancellation)
    {
        var kind = "file";
        try
        {
            var format = formatOf();
            kind = format.Text();
            // a description says nothing without what it describes
            var isPart = format is FileFormat.Dataset or FileFormat.Model && File.Exists(path);
            var whole = isPart ? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))! : path;
            return new FormatVerdict(path, kind, format == FileFormat.Dataset ? DatasetCheck.Run(whole, cancellation) : Read(format, whole, cancellation));
        }
        catch (DataFormatException e)
        {
            var where = e.File.Length > 0 ? e.File : path;
            return new FormatVerdict(path, kind, [new DatasetFinding(e.Offset < 0 ? where : $"{where}, byte {e.Offset}", e.Reason, "")]);
        }
        catch (Exception e) when (e is CromaException or IOException or UnauthorizedAccessException)
        {
            return new FormatVerdict(path, kind, [new DatasetFinding(path, e.Message.StartsWith($"{path}: ", StringComparison.Ordinal) ? e.Message[(path.Length + 2)..] : e.Message, "")]);
        }
    }

    private static FormatVerdict OfMany(string folder, CancellationToken cancellation)
    {
        var (findings, files) = (new List<DatasetFinding>(), 0);
        foreach (var part in Parts(new DirectoryInfo(folder)))
        {
            cancellation.ThrowIfCancellationRequested();
            files++;
            findings.AddRange(Run(part, cancellation).Findings);
        }
        if (files == 0) findings.Add(new DatasetFinding(folder, $"there is nothing in this folder that Croma reads: a data set's folder has a {DatasetManifest.FileName}, a model's a {FileFormats.ModelFile}", ""));
        return new FormatVerdict(folder, $"{files} files", findings);
    }

    private static IEnumerable<string> Parts(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (entry.LinkTarget is not null || entry.Name[0] == '.') continue;
            if (entry is DirectoryInfo below)
                foreach (var part in FileFormats.OfFolder(below.FullName) is null ? Parts(below) : [below.FullName]) yield return part;
            else if (IsOurs(entry.FullName)) yield return entry.FullName;
        }
    }

    /// <summary>Whether a file among others is to be checked; one that is damaged is.</summary>
    private static bool IsOurs(string path)
    {
        try
        {
            return FileFormats.OfFile(path) is not null;
        }
        catch (CromaException)
        {
            return true;
        }
    }

    private static IReadOnlyList<DatasetFinding> Read(FileFormat format, string path, CancellationToken cancellation)
    {
        switch (format)
        {
            case FileFormat.Model:
                using (TrainedModel.Load(path)) { }
                var checkpoint = System.IO.Path.Combine(path, FileFormats.CheckpointFile);
                if (File.Exists(checkpoint)) TrainingPosition.Read(checkpoint);
                break;
            case FileFormat.Checkpoint: TrainingPosition.Read(path); break;
            case FileFormat.Classifier: using (FewShotClassifier.Load(path)) { } break;
            case FileFormat.Index:
                using (var index = EmbeddingIndex.Open(path)) index.Check(cancellation);
                break;
            case FileFormat.Safetensors: using (SafetensorsFile.Open(path)) { } break;
            case FileFormat.Npy:
                using (var array = NpyReader.Open(path)) ReadAll(array, cancellation);
                break;
            case FileFormat.Npz:
                using (var archive = NpzFile.Open(path))
                    foreach (var name in archive.Names)
                        using (var array = archive.Read(name)) ReadAll(array, cancellation);
                break;
            case FileFormat.Configuration: ConfigurationFile.Read(path); break;
            case FileFormat.Run: RunRecord.Read(path); break;
            case FileFormat.Plan: EpisodePlan.Read(path); break;
            default: TableCheck.Read(path, cancellation); break;
        }
        return [];
    }

    /// <summary>Goes through all elements, so that the last one is there and nothing behind it.</summary>
    private static void ReadAll(NpyReader array, CancellationToken cancellation)
    {
        var values = new float[Math.Min(array.Count, ValuesAtOnce)];
        for (var left = array.Count; left > 0; left -= ValuesAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            array.Read(values.AsSpan(0, (int)Math.Min(left, ValuesAtOnce)));
        }
    }
}
