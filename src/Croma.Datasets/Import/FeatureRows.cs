using System.Text.Json;
using Croma.Data.Formats;

namespace Croma.Datasets.Import;

/// <summary>
/// The rows of a feature file, one after the other: .npy, .npz, .safetensors or .csv. What is in memory does not grow with
/// their number.
/// </summary>
internal sealed class FeatureRows : IDisposable
{
    private const string ArrayName = "features", NamesKey = "names";
    private const int WidestVector = 1 << 20, FirstNumbers = 1 << 16;

    private readonly string _path;
    private readonly long _count;
    private readonly Func<IEnumerable<Half[]>> _rows;
    private readonly Func<IEnumerable<string>>? _names;
    private readonly IDisposable[] _open;

    private FeatureRows(string path, int width, bool sequences, long count, Func<IEnumerable<Half[]>> rows, Func<IEnumerable<string>>? names, params IDisposable[] open) =>
        (_path, Width, Sequences, _count, _rows, _names, _open) = (path, width, sequences, count, rows, names, open);

    private delegate void ReadNext(Span<float> values);

    /// <summary>Numbers a vector has.</summary>
    public int Width { get; }

    /// <summary>Whether a row is a sequence of vectors rather than one.</summary>
    public bool Sequences { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="CromaException">It is of no kind that is read, or not sound.</exception>
    public static FeatureRows Open(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" => OfNpy(path, NpyReader.Open(path)),
        ".npz" => OfNpz(path),
        ".safetensors" => OfSafetensors(path),
        ".csv" => OfCsv(path),
        _ => throw new CromaException($"{path}: features are read from {string.Join(", ", FeatureFile.Endings)}"),
    };

    /// <summary>The rows with their names; a name is null where the file says none.</summary>
    /// <exception cref="CromaException">A row is not what it should be, or there are not as many names as rows.</exception>
    public IEnumerable<(string? Name, Half[] Values)> Read()
    {
        using var names = _names?.Invoke().GetEnumerator();
        var count = 0L;
        foreach (var row in _rows())
        {
            if (names is not null && !names.MoveNext()) throw new CromaException($"{_path}: it has {(_count > 0 ? $"{_count}" : "more")} rows and its names only {count}");
            yield return (names?.Current, row);
            count++;
        }
        if (names?.MoveNext() == true) throw new CromaException($"{_path}: it has {count} rows, and there are more names");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var open in _open) open.Dispose();
    }

    private static FeatureRows OfNpy(string path, NpyReader array, params IDisposable[] open)
    {
        try
        {
            return Of(path, array.Shape, array.Read, Sidecar(path), [array, .. open]);
        }
        catch
        {
            array.Dispose();
            throw;
        }
    }

    private static FeatureRows OfNpz(string path)
    {
        var archive = NpzFile.Open(path);
        try
        {
            return OfNpy(path, archive.Read(Choose(path, archive.Names)), archive);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private static FeatureRows OfSafetensors(string path)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            var tensor = file.Find(Choose(path, [.. file.Tensors.Select(t => t.Name)]))!;
            if (tensor.Type is not (SafetensorsType.F16 or SafetensorsType.F32 or SafetensorsType.F64)) throw new DataFormatException(path, tensor.Offset, $"'{tensor.Name}' holds {tensor.Type}; features are F16, F32 or F64");
            var names = MetadataNames(path, file);
            var at = 0L;
            return Of(path, tensor.Shape, values =>
            {
                switch (tensor.Type)
                {
                    case SafetensorsType.F32: file.Read(tensor, at, values); break;
                    case SafetensorsType.F16: System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(file.Values<Half>(tensor, at, values.Length), values); break;
                    default: System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(file.Values<double>(tensor, at, values.Length), values); break;
                }
                at += values.Length;
            }, names is null ? Sidecar(path) : () => names, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FeatureRows OfCsv(string path)
    {
        var table = CsvRows.Open(path);
        try
        {
            var columns = new FeatureColumns(path, table.Columns);
            return new FeatureRows(path, columns.Count, false, 0, () => table.Read().Select((row, i) => columns.Read(row.Fields, $"{path}, line {row.Line}", i)), null, table);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static FeatureRows Of(string path, IReadOnlyList<long> shape, ReadNext next, Func<IEnumerable<string>>? names, params IDisposable[] open)
    {
        if (shape.Count is not (2 or 3) || shape.Any(d => d == 0) || shape[^1] > WidestVector)
            throw new DataFormatException(path, -1, $"the array's shape is [{string.Join(", ", shape)}]; it must be [samples, numbers] or [samples, steps, numbers], with up to {WidestVector} numbers");
        var (steps, width) = (shape.Count == 3 ? shape[1] : 1, (int)shape[^1]);
        if (steps * width > int.MaxValue) throw new DataFormatException(path, -1, $"a sample has {steps} x {width} numbers; at most {int.MaxValue} are read");
        return new FeatureRows(path, width, shape.Count == 3, shape[0], Rows, names, open);

        IEnumerable<Half[]> Rows()
        {
            var total = (int)(steps * width);
            // grown as numbers come: an archive may claim more than it has
            var values = new float[Math.Min(total, FirstNumbers)];
            for (var i = 0L; i < shape[0]; i++)
            {
                for (var at = 0; at < total; at = values.Length)
                {
                    if (at == values.Length) Array.Resize(ref values, (int)Math.Min(total, 2L * at));
                    next(values.AsSpan(at));
                }
                yield return HalfPrecision.Convert(values, width, path, checked((int)(i * steps)));
            }
        }
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
    private static Func<IEnumerable<string>>? Sidecar(string path)
    {
        var sidecar = Path.ChangeExtension(path, ".names.csv");
        return File.Exists(sidecar) ? Names : null;

        IEnumerable<string> Names()
        {
            using var table = CsvRows.Open(sidecar);
            var column = CsvTable.Find(table.Columns, ItemTable.Path) is >= 0 and var paths ? paths : CsvTable.Find(table.Columns, ItemTable.Name);
            if (column < 0) throw new CromaException($"{sidecar}: there is no column '{ItemTable.Name}'; there are {string.Join(", ", table.Columns.Take(20))}");
            foreach (var (_, fields) in table.Read()) yield return fields[column];
        }
    }
}
