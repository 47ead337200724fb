using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Croma.Checkpoints;
using Croma.Data.Formats;

namespace Croma.Search;

/// <summary>Where the reading of a collection stands.</summary>
/// <param name="Inputs">Inputs read so far: files, lines, rows.</param>
/// <param name="Fingerprint">A hash of what they were, so that a changed collection is noticed.</param>
public sealed record BuildPosition(long Inputs, string Fingerprint)
{
    /// <summary>Nothing is read.</summary>
    public static BuildPosition Start { get; } = new(0, "");
}

/// <summary>What an unfinished index has on the disk for certain.</summary>
internal sealed record BuildState(IndexDescription Description, int Items, long NameBytes, BuildPosition Position);

/// <summary>
/// Makes an index file of any number of embeddings in constant memory. What is finished lies in a folder OUT.partial:
/// `rows`, `names` and `ends` grow, and `state.json`, replaced atomically after they were flushed to the disk, says how far
/// they are certain. A later builder of the same index goes on from there, whenever the earlier one was killed; the
/// index itself appears whole (<see cref="AtomicFile"/>) and has the same bytes as one made in one run.
/// </summary>
public sealed class IndexBuilder : IDisposable
{
    /// <summary>Bytes of a name, at most.</summary>
    public const int LongestName = 1 << 16;

    /// <summary>What is lost at most when a run is killed.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly string _path, _partial;
    private readonly IndexDescription _description;
    private readonly int _stride;
    private readonly FileStream _rows, _names, _ends;
    private readonly RunLock _lock;
    private readonly TimeProvider _clock;
    private long _sinceSave, _nameBytes;

    /// <param name="path">The index to be made.</param>
    /// <param name="description">What it will be of.</param>
    /// <exception cref="CromaException">It is there already; what was begun is of another model; or another process is making it.</exception>
    public IndexBuilder(string path, IndexDescription description) : this(path, description, TimeProvider.System)
    {
    }

    internal IndexBuilder(string path, IndexDescription description, TimeProvider clock)
    {
        (_path, _partial, _description, _stride, _clock, _sinceSave) = (path, path + ".partial", description, HalfDots.Stride(description.Dimension), clock, clock.GetTimestamp());
        if ((File.Exists(path) && !File.Exists(StatePath)) || Directory.Exists(path)) throw new CromaException($"'{path}' is there already: remove it, or choose another name.");
        _lock = RunLock.Take(_partial);
        var opened = new List<FileStream>();
        try
        {
            (_rows, _names, _ends) = (Open("rows"), Open("names"), Open("ends"));
            AtomicFile.RemoveLeftOvers(path);
            var state = ReadState();
            if (state is not null && state.Description != description)
                throw new CromaException($"'{_partial}' is what is there of an index that another model ({state.Description.Model}, {state.Description.Modality}) was making: remove it, or choose another name.");
            (Count, _nameBytes, Position) = state is null ? (0, 0, BuildPosition.Start) : (state.Items, state.NameBytes, state.Position);
            Cut(_rows, (long)Count * _stride * Marshal.SizeOf<Half>());
            Cut(_names, _nameBytes);
            Cut(_ends, (long)Count * sizeof(long));
        }
        catch (Exception e)
        {
            foreach (var stream in opened) stream.Dispose();
            _lock.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw new CromaException($"'{_partial}' cannot be used: {AtomicFile.Reason(e)}", e);
            throw;
        }

        FileStream Open(string name)
        {
            var stream = new FileStream(Path.Combine(_partial, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16);
            opened.Add(stream);
            return stream;
        }
    }

    /// <summary>Items it has so far.</summary>
    public int Count { get; private set; }

    /// <summary>Where to go on reading.</summary>
    public BuildPosition Position { get; private set; }

    private string StatePath => Path.Combine(_partial, "state.json");

    /// <summary>Takes more items.</summary>
    /// <param name="names">A name an item.</param>
    /// <param name="rows">An embedding an item, each of length 1.</param>
    /// <param name="position">Where the reading stands after them.</param>
    public void Add(IReadOnlyList<string> names, IReadOnlyList<double[]> rows, BuildPosition position)
    {
        var packed = new Half[_stride];
        var end = (Span<byte>)stackalloc byte[sizeof(long)];
        foreach (var (name, row) in names.Zip(rows))
        {
            if (Count == int.MaxValue - 1) throw new CromaException($"An index has at most {int.MaxValue - 1} items: make several.");
            var text = Encoding.UTF8.GetBytes(name);
            if (text.Length > LongestName) throw new CromaException($"A name has {text.Length} bytes; at most {LongestName} are kept: '{name[..80]}...'");
            HalfDots.Pack(row, packed);
            MemoryMarshal.Write(end, _nameBytes += text.Length);
            try
            {
                _rows.Write(MemoryMarshal.AsBytes(packed.AsSpan()));
                _names.Write(text);
                _ends.Write(end);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CannotBeWritten(e);
            }
            Count++;
        }
        Position = position;
        if (_clock.GetElapsedTime(_sinceSave) >= s_interval) Save();
    }

    /// <summary>Makes certain what there is so far.</summary>
    public void Save()
    {
        try
        {
            foreach (var stream in new[] { _rows, _names, _ends })
            {
                AtomicFile.Before.Value?.Invoke(FileStep.Flush, stream.Name, stream);
                stream.Flush(flushToDisk: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotBeWritten(e);
        }
        AtomicFile.Write(StatePath, JsonSerializer.SerializeToUtf8Bytes(new BuildState(_description, Count, _nameBytes, Position), IndexJson.Default.BuildState));
        _sinceSave = _clock.GetTimestamp();
    }

    /// <summary>Writes the index and removes what it was made from.</summary>
    public void Finish()
    {
        Save();
        SafetensorsWriter.Write(_path,
        [
            new SafetensorsArray(EmbeddingIndex.Embeddings, SafetensorsType.F16, [Count, _stride], to => Copy(_rows, to)),
            new SafetensorsArray(EmbeddingIndex.NameOffsets, SafetensorsType.I64, [Count + 1L], to =>
            {
                to.Write(new byte[sizeof(long)]);
                Copy(_ends, to);
            }),
            new SafetensorsArray(EmbeddingIndex.Names, SafetensorsType.U8, [_nameBytes], to => Copy(_names, to)),
        ], new Dictionary<string, string> { [EmbeddingIndex.Description] = _description.ToJson() });
        // the state first: while it is there, what it speaks of is too, and a killed run is taken up
        AtomicFile.Before.Value?.Invoke(FileStep.Delete, StatePath, null);
        File.Delete(StatePath);
        CloseFiles();
        Directory.Delete(_partial, recursive: true);
        _lock.Dispose();
    }

    /// <summary>Lets go of the files; what was begun stays.</summary>
    public void Dispose()
    {
        CloseFiles();
        _lock.Dispose();
    }

    private void CloseFiles()
    {
        foreach (var stream in new[] { _rows, _names, _ends })
            try
            {
                stream.Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // what is not certain counts for nothing, and what failed before says more
            }
    }

    private CromaException CannotBeWritten(Exception e) => new($"'{_partial}' cannot be written: {AtomicFile.Reason(e)}", e);

    private static void Copy(FileStream from, Stream to)
    {
        from.Position = 0;
        from.CopyTo(to, 1 << 20);
    }

    private void Cut(FileStream stream, long length)
    {
        if (stream.Length < length) throw new DataFormatException(stream.Name, stream.Length, $"the file ends here; '{StatePath}' says that {length} bytes are certain: remove '{_partial}' to begin again");
        stream.SetLength(length);
        stream.Position = length;
    }

    private BuildState? ReadState()
    {
        if (!File.Exists(StatePath)) return null;
        var advice = $"; remove '{_partial}' to begin again";
        var state = JsonFile.Read(StatePath, IndexJson.Default.BuildState, "state of an index", advice: advice);
        return state is { Items: >= 0, NameBytes: >= 0, Position.Inputs: >= 0 } ? state : throw new DataFormatException(StatePath, 0, $"this is no state of an index{advice}");
    }
}
