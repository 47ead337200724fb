using System.Text.Json;
using Croma.Data;
using Croma.Data.Formats;

namespace Croma.Datasets.Import;

/// <summary>The rows of a feature file.</summary>
/// <param name="Rows">Each sample's numbers.</param>
/// <param name="Width">Numbers a vector has.</param>
/// <param name="Sequences">Whether a sample is a sequence of vectors rather than one.</param>
internal sealed record FeatureArray(Half[][] Rows, int Width, bool Sequences)
{
    private const string ArrayName = "features", NamesKey = "names";

    /// <summary>What each row was made from; null where the file does not say.</summary>
    public IReadOnlyList<string>? Names { get; private init; }

    /// <summary>The names of the columns, where they have some.</summary>
    public IReadOnlySet<string> Columns { get; init; } = new HashSet<string>();

    /// <summary>Reads an array [samples, numbers] or [samples, steps, numbers] of at most 2^31 - 1 numbers.</summary>
    public static FeatureArray Read(string path)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".npy":
                using (var array = NpyReader.Open(path)) return Read(path, array.Shape, array.Read) with { Names = SidecarNames(path) };
            case ".npz":
                using (var archive = NpzFile.Open(path))
                using (var array = archive.Read(Choose(path, archive.Names)))
                    return Read(path, array.Shape, array.Read) with { Names = SidecarNames(path) };
            case ".safetensors":
                using (var file = SafetensorsFile.Open(path)) return Read(path, file);
            default:
                throw new CromaException($"{path}: features are read from {string.Join(", ", FeatureFile.Endings)}");
        }
    }

    private static FeatureArray Read(string path, SafetensorsFile file)
    {
        var tensor = file.Find(Choose(path, [.. file.Tensors.Select(t => t.Name)]))!;
        if (tensor.Count > int.MaxValue) throw new DataFormatException(path, tensor.Offset, $"'{tensor.Name}' is {tensor.ShapeText}; at most {int.MaxValue} numbers are read");
        var at = 0L;
        return Read(path, tensor.Shape, values =>
        {
            switch (tensor.Type)
            {
                case SafetensorsType.F32: file.Read(tensor, at, values); break;
                case SafetensorsType.F16: System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(file.Values<Half>(tensor, at, values.Length), values); break;
                case SafetensorsType.F64: System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(file.Values<double>(tensor, at, values.Length), values); break;
                default: throw new DataFormatException(path, tensor.Offset, $"'{tensor.Name}' holds {tensor.Type}; features are F16, F32 or F64");
            }
            at += values.Length;
        }) with { Names = MetadataNames(path, file) ?? SidecarNames(path) };
    }

    private delegate void ReadNext(Span<float> values);

    private static FeatureArray Read(string path, IReadOnlyList<long> shape, ReadNext next)
    {
        if (shape.Count is not (2 or 3) || shape.Any(d => d == 0) || shape[^1] > 1 << 20)
            throw new DataFormatException(path, -1, $"the array's shape is [{string.Join(", ", shape)}]; it must be [samples, numbers] or [samples, steps, numbers], with up to {1 << 20} numbers");
        var (steps, width) = (shape.Count == 3 ? (int)shape[1] : 1, (int)shape[^1]);
        var (rows, values) = (new List<Half[]>(), new float[checked(steps * width)]);
        for (var i = 0; i < shape[0]; i++)
        {
            next(values);
            rows.Add(HalfPrecision.Convert(values, width, path, i * steps));
        }
        return new FeatureArray([.. rows], width, shape.Count == 3);
    }

    private static string Choose(string path, IReadOnlyCollection<string> names) =>
        names.Contains(ArrayName) ? ArrayName
        : names.Count == 1 ? names.First()
        : throw new DataFormatException(path, -1, $"there are {names.Count} arrays ({string.Join(", ", names.Take(10))}); call the one with a row a sample '{ArrayName}'");

    /// <summary>A JSON list of texts in the header.</summary>
    private static string[]? MetadataNames(string path, SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(NamesKey, out var json)) return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(e => e.GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataFormatException(path, -1, $"the metadata's '{NamesKey}' is no JSON list of texts", e);
        }
    }

    /// <summary>The column <c>name</c> (or <c>path</c>) of NAME.names.csv beside the features, as `croma encode` writes it.</summary>
    private static string[]? SidecarNames(string path)
    {
        var sidecar = Path.ChangeExtension(path, ".names.csv");
        if (!File.Exists(sidecar)) return null;
        var table = CsvTable.Read(sidecar);
        var column = table.Find(ItemTable.Path) is >= 0 and var paths ? paths : table.Column(ItemTable.Name);
        return [.. table.Rows.Select(row => row[column])];
    }
}
