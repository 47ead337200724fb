using System.Text;
using System.Text.Json;
using Croma.Data;
using Croma.Data.Formats;

namespace Croma.Datasets.Checks;

/// <summary>The formats that Croma reads, by what messages call them.</summary>
internal enum FileFormat
{
    Dataset,
    Model,
    Checkpoint,
    Classifier,
    Index,
    Safetensors,
    Npy,
    Npz,
    Configuration,
    Run,
    Plan,
    Table,
    Lines,
}

/// <summary>Which format a file is of: by its ending, where that says it, else by how it begins.</summary>
internal static class FileFormats
{
    public const string ModelFile = "model.json", WeightsFile = "model.safetensors", CheckpointFile = "checkpoint.safetensors";

    private const int LargestJson = 64 << 20;

    /// <summary>What a sound file is called.</summary>
    public static string Text(this FileFormat format) => format switch
    {
        FileFormat.Dataset => "data set",
        FileFormat.Npy => "NumPy array",
        FileFormat.Npz => "archive of NumPy arrays",
        FileFormat.Run => "run record",
        FileFormat.Plan => "plan of tasks",
        FileFormat.Table => "CSV table",
        FileFormat.Lines => "manifest of JSON lines",
        _ => format.ToString().ToLowerInvariant(),
    };

    /// <summary>The format of a folder that is of one; null where it is just a folder.</summary>
    public static FileFormat? OfFolder(string folder) =>
        File.Exists(Path.Combine(folder, DatasetManifest.FileName)) ? FileFormat.Dataset
        : File.Exists(Path.Combine(folder, ModelFile)) ? FileFormat.Model : null;

    /// <summary>The format of a file; null where it is of none.</summary>
    /// <exception cref="CromaException">It cannot be read, or is not what its ending says.</exception>
    public static FileFormat? OfFile(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" => FileFormat.Npy,
        ".npz" => FileFormat.Npz,
        ".csv" => FileFormat.Table,
        ".jsonl" or ".ndjson" => FileFormat.Lines,
        ".json" => OfJson(path),
        ".safetensors" => OfSafetensors(path),
        _ => Begin(path) switch
        {
            [0x93, (byte)'N', (byte)'U', ..] => FileFormat.Npy,
            [(byte)'P', (byte)'K', 3, 4, ..] => FileFormat.Npz,
            [(byte)'{', ..] => OfJson(path),
            [_, _, _, _, 0, 0, 0, 0, (byte)'{', ..] => OfSafetensors(path),
            _ => null,
        },
    };

    private static byte[] Begin(string path)
    {
        using var stream = Open(path);
        var begin = new byte[9];
        return begin[..stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false)];
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static FileFormat OfSafetensors(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (file.Metadata.ContainsKey("position")) return FileFormat.Checkpoint;
        if (!file.Metadata.TryGetValue("croma", out var description)) return FileFormat.Safetensors;
        return description.Contains("croma-index", StringComparison.Ordinal) ? FileFormat.Index : FileFormat.Classifier;
    }

    private static FileFormat OfJson(string path)
    {
        using var stream = Open(path);
        if (stream.Length > LargestJson) throw new DataFormatException(path, 0, $"the file has {stream.Length} bytes; at most {LargestJson} are accepted");
        try
        {
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            ReadOnlyMemory<byte> json = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
            JsonText.Require(json.Span);
            using var document = JsonDocument.Parse(json);
            return OfObject(document.RootElement) ?? throw new DataFormatException(path, 0, "this JSON is of no kind that Croma reads: a manifest of a data set, a model's description, a configuration, a run record, a plan of tasks");
        }
        catch (JsonException e)
        {
            throw new DataFormatException(path, -1, $"line {e.LineNumber + 1}: this is not JSON: {JsonText.Reason(e)}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new DataFormatException(path, -1, $"a text is no valid Unicode: {e.Message}", e);
        }
    }

    private static FileFormat? OfObject(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        if (Has("format")) return Has("concepts") || Has("dataset") && !Has("method") ? FileFormat.Dataset : Has("method") ? FileFormat.Model : null;
        if (Has("episodes")) return FileFormat.Plan;
        if (Has("results") && Has("method")) return FileFormat.Run;
        string[] sections = ["profile", "encoders", "input", "training", "adaptation", "selection"];
        return Array.Exists(sections, Has) || !root.EnumerateObject().Any() ? FileFormat.Configuration : null;

        bool Has(string name) => root.TryGetProperty(name, out _);
    }
}
