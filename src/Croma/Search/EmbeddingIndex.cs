using System.Text;
using Croma.Data.Formats;
using Croma.Evaluation;

namespace Croma.Search;

/// <summary>An item that was found.</summary>
/// <param name="Position">Its place in the index, from 0.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Score">The cosine of its embedding with the query's, from -1 to 1.</param>
public sealed record IndexHit(int Position, string Name, double Score);

/// <summary>
/// Named embeddings of length 1, searched exactly: every row is compared. From a file it is mapped into memory, so that
/// opening costs next to nothing and processes share it. Rows are in half precision (<see cref="HalfDots"/>). Searching
/// is safe from many threads until <see cref="Dispose"/>; the answer has the same bits for any number of threads.
/// </summary>
/// <remarks>
/// The file is a safetensors file: `embeddings` F16 [items, numbers padded with zeros to a multiple of 32],
/// `name_offsets` I64 [items + 1] and `names` U8 [bytes], names in UTF-8 one after another; the header's metadata has an
/// <see cref="IndexDescription"/> under the key `croma`.
/// </remarks>
public sealed unsafe class EmbeddingIndex : IDisposable
{
    internal const string Embeddings = "embeddings", NameOffsets = "name_offsets", Names = "names", Description = "croma";

    // of 256 numbers they are 8 MB: enough to be worth a thread's turn, few enough that no thread is left with a large rest
    private const int RowsAtOnce = 16 * 1024;

    // halves are off by up to 2^-11 of themselves
    private const double MostCosine = 1.01;

    private readonly SafetensorsFile? _file;
    private readonly SafetensorsTensor? _rows, _offsets, _names;
    private readonly Half[] _memory = [];
    private readonly IReadOnlyList<string> _memoryNames = [];
    private readonly int _stride;

    private EmbeddingIndex(SafetensorsFile file)
    {
        var description = IndexDescription.Parse(file.Path, file.Metadata.GetValueOrDefault(Description));
        (_file, About, _stride) = (file, description, HalfDots.Stride(description.Dimension));
        (_rows, _offsets, _names) = (file.Require(Embeddings, SafetensorsType.F16, 2), file.Require(NameOffsets, SafetensorsType.I64, 1), file.Require(Names, SafetensorsType.U8, 1));
        if (file.Tensors.Count != 3) throw new DataFormatException(file.Path, -1, $"the file holds {file.Tensors.Count} arrays; an index has 3");
        if (_rows.Shape[1] != _stride) throw Error(_rows, $"'{Embeddings}' is {_rows.ShapeText}; embeddings of {description.Dimension} numbers take rows of {_stride}");
        if (_rows.Shape[0] >= int.MaxValue) throw Error(_rows, $"there are {_rows.Shape[0]} items; at most {int.MaxValue - 1} are possible");
        Count = (int)_rows.Shape[0];
        CheckNames();
    }

    private EmbeddingIndex(IndexDescription description, IReadOnlyList<string> names, Half[] rows) =>
        (About, _memoryNames, _memory, _stride, Count) = (description, names, rows, HalfDots.Stride(description.Dimension), names.Count);

    /// <summary>What it is of.</summary>
    public IndexDescription About { get; }

    /// <summary>Items in it.</summary>
    public int Count { get; }

    /// <summary>Opens a file that <see cref="IndexBuilder"/> made.</summary>
    /// <exception cref="DataFormatException">It is no sound index.</exception>
    /// <exception cref="CromaException">It cannot be read.</exception>
    public static EmbeddingIndex Open(string path)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            return new EmbeddingIndex(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a safetensors file says that it is an index.</summary>
    /// <exception cref="CromaException">It is no safetensors file, or cannot be read.</exception>
    public static bool IsIndex(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Metadata.TryGetValue(Description, out var json) && json.Contains(IndexDescription.FormatName, StringComparison.Ordinal);
    }

    /// <summary>An index in memory.</summary>
    /// <param name="description">What it is of.</param>
    /// <param name="names">A name an item.</param>
    /// <param name="rows">An embedding an item, each of length 1.</param>
    public static EmbeddingIndex InMemory(IndexDescription description, IReadOnlyList<string> names, IReadOnlyList<double[]> rows)
    {
        if (names.Count != rows.Count) throw new ArgumentException($"There are {names.Count} names and {rows.Count} embeddings.", nameof(rows));
        var stride = HalfDots.Stride(description.Dimension);
        if ((long)stride * rows.Count > Array.MaxLength) throw new CromaException($"{rows.Count} items of {description.Dimension} numbers are too many to be searched in memory: make an index file of them with 'croma index'.");
        var packed = new Half[stride * rows.Count];
        for (var i = 0; i < rows.Count; i++) HalfDots.Pack(rows[i], packed.AsSpan(i * stride, stride));
        return new EmbeddingIndex(description, names, packed);
    }

    /// <summary>Requires that a model made this index.</summary>
    /// <exception cref="CromaException">Another did.</exception>
    public void RequireModel(SearchModel model)
    {
        if (About.ModelSha256 != model.Sha256)
            throw new CromaException($"{_file?.Path ?? "the index"}: it was made by another model ({About.Model}, {About.ModelSha256[..Math.Min(12, About.ModelSha256.Length)]}); this one is {model.Name}, {model.Sha256[..12]}: make the index again with it, or give the model (and --pairs) that made the index.");
    }

    /// <summary>What an item is called.</summary>
    public string Name(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Count);
        if (_file is null) return _memoryNames[position];
        var range = _file.Values<long>(_offsets!, position, 2);
        return Encoding.UTF8.GetString(_file.Values<byte>(_names!, range[0], (int)(range[1] - range[0])));
    }

    /// <summary>The items nearest to a query, the nearest first; of equally near ones those that stand first.</summary>
    /// <param name="query">An embedding of any length but 0, [dimension].</param>
    /// <param name="top">How many; fewer where there are fewer.</param>
    /// <param name="threads">Threads; the answer does not depend on it. Default 1.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">The query has no direction, or is of another dimension.</exception>
    public IReadOnlyList<IndexHit> Search(ReadOnlySpan<double> query, int top, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var prepared = HalfDots.Prepare(Normalised(query));
        var best = new BestRows(Math.Min(top, Count));
        if (Count > 0)
            Workers.Run((Count + RowsAtOnce - 1) / RowsAtOnce, threads, () => new Share(best, Math.Min(top, Count)), (block, share) => Scan(block * RowsAtOnce, prepared, share.Own), cancellation);
        return [.. best.Ordered().Select(b => Math.Abs(b.Score) <= MostCosine
            ? new IndexHit(b.Row, Name(b.Row), b.Score)
            : throw Damaged(b.Row))];
    }

    /// <summary>Requires that every embedding is of length 1, and every name text.</summary>
    /// <exception cref="DataFormatException">One is not.</exception>
    public void Check(CancellationToken cancellation = default)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        for (var i = 0; i < Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var squares = 0.0;
            foreach (var value in Rows(i, 1)) squares += (double)value * (double)value;
            // an encoder that gives 0 has no direction: such rows are never found
            if (!(squares == 0 || Math.Abs(squares - 1) < 2 * (MostCosine - 1))) throw Damaged(i);
            if (_file is null) continue;
            var range = _file.Values<long>(_offsets!, i, 2);
            try
            {
                strict.GetCharCount(_file.Values<byte>(_names!, range[0], (int)(range[1] - range[0])));
            }
            catch (DecoderFallbackException e)
            {
                throw new DataFormatException(_file.Path, _names!.Offset + range[0], $"the name of item {i} is not UTF-8: the index is damaged, make it again", e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>Bytes of all rows.</summary>
    internal long RowBytes => (long)Count * _stride * sizeof(Half);

    /// <summary>Some rows, padding included.</summary>
    internal ReadOnlySpan<Half> Rows(int first, int count) => _file is null ? _memory.AsSpan(first * _stride, count * _stride) : _file.Values<Half>(_rows!, (long)first * _stride, count * _stride);

    private void Scan(int first, float[] prepared, BestRows best)
    {
        var count = Math.Min(RowsAtOnce, Count - first);
        fixed (Half* start = Rows(first, count))
        fixed (float* query = prepared)
        {
            for (var i = 0; i < count; i++)
            {
                var score = HalfDots.Dot(start + (nint)i * _stride, query, _stride);
                if (score > best.Threshold) best.Add(score, first + i);
            }
        }
    }

    private float[] Normalised(ReadOnlySpan<double> query)
    {
        if (query.Length != About.Dimension) throw new CromaException($"The query has {query.Length} numbers; the index is of embeddings of {About.Dimension}.");
        var length = 0.0;
        foreach (var x in query) length += x * x;
        length = Math.Sqrt(length);
        if (!(length > 0 && double.IsFinite(length))) throw new CromaException("The query's embedding has no direction: it is zero or not finite.");
        var normalised = new float[query.Length];
        for (var i = 0; i < normalised.Length; i++) normalised[i] = (float)(query[i] / length);
        return normalised;
    }

    private void CheckNames()
    {
        if (_offsets!.Count != Count + 1L) throw Error(_offsets, $"'{NameOffsets}' has {_offsets.Count} numbers; {Count} items have {Count + 1L}");
        var offsets = _file!.Values<long>(_offsets);
        if (offsets[0] != 0 || offsets[^1] != _names!.Count) throw Error(_offsets, $"'{NameOffsets}' runs from {offsets[0]} to {offsets[^1]}; it must run from 0 to {_names!.Count}, the length of '{Names}'");
        for (var i = 0; i < Count; i++)
            if (offsets[i + 1] - offsets[i] is < 0 or > IndexBuilder.LongestName) throw Error(_offsets, $"the name of item {i} runs from {offsets[i]} to {offsets[i + 1]}; names have 0 to {IndexBuilder.LongestName} bytes", i);
    }

    private DataFormatException Error(SafetensorsTensor tensor, string reason, int element = 0) => new(_file!.Path, tensor.Offset + (long)element * tensor.Type.Size(), reason);

    private DataFormatException Damaged(int row) => new(_file?.Path ?? "", (_rows?.Offset ?? 0) + (long)row * _stride * sizeof(Half), $"item {row} is not of length 1: the index is damaged, make it again");

    /// <summary>What one thread found, added to what all found when it is done.</summary>
    private sealed class Share(BestRows all, int top) : IDisposable
    {
        public BestRows Own { get; } = new(top);

        public void Dispose()
        {
            lock (all) all.Add(Own);
        }
    }
}
