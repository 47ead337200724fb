using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Croma.Data.Formats;

namespace Croma.Onnx.Features;

/// <summary>A file or text that has no features, and why.</summary>
public sealed record FailedInput(string Path, string Reason);

/// <summary>One of several runs that share the work.</summary>
/// <param name="Number">1 ... <paramref name="Count"/>.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct Shard(int Number, int Count);

/// <summary>What a run has done.</summary>
/// <param name="Inputs">How many it was to encode: all, or its shard's.</param>
/// <param name="Encoded">How many have features.</param>
/// <param name="Failed">Those that have none, in order.</param>
/// <param name="Written">Whether the features have been written; a shard only keeps its part, and a run that must not leave out a file writes none where one fails.</param>
public sealed record EncodingOutcome(int Inputs, int Encoded, IReadOnlyList<FailedInput> Failed, bool Written);

/// <summary>
/// Encodes files and texts into one safetensors file, `features` [inputs, numbers], beside which NAME.names.csv has their
/// names (`row,name`). They go in chunks; finished chunks lie in a folder OUT.partial until the whole is written, and are taken
/// up by later runs where model, preprocessing and the chunk's inputs (paths and sizes of files, texts) are the same. Any number of
/// runs may work on their shards at once, in one such folder or in several that are then put together; a run without
/// a shard does what is left and writes the whole.
/// </summary>
public sealed class EncodingJob
{
    /// <summary>Inputs a chunk: what is lost at most when a run is killed, for each thread.</summary>
    internal const int ChunkSize = 64;

    private readonly FeatureEncoder _encoder;
    private readonly IReadOnlyList<EncodingInput> _inputs;
    private readonly EncodingChunk[] _chunks;
    private readonly string _out, _names, _partial;
    private readonly IReadOnlyDictionary<string, string> _metadata;

    /// <param name="encoder">What makes features of them.</param>
    /// <param name="inputs">Files and texts.</param>
    /// <param name="output">The .safetensors file to be written.</param>
    /// <param name="metadata">What made the features, by name: written into the file; chunks of another are not taken up.</param>
    /// <exception cref="CromaException">The file is there already, or its name does not end in .safetensors.</exception>
    public EncodingJob(FeatureEncoder encoder, IReadOnlyList<EncodingInput> inputs, string output, IReadOnlyDictionary<string, string> metadata)
    {
        if (Path.GetExtension(output) != ".safetensors") throw new CromaException($"'{output}': features are written to a file that ends in .safetensors.");
        (_encoder, _inputs, _out, _metadata) = (encoder, inputs, output, metadata);
        (_names, _partial) = (Path.ChangeExtension(output, ".names.csv"), output + ".partial");
        // a run that was killed between its last steps has left the names, or both, and its finished chunks
        foreach (var path in (string[])[_out, _names])
            if (File.Exists(path) && !Directory.Exists(_partial)) throw new CromaException($"'{path}' is there already: remove it, or choose another name.");
        _chunks = [.. inputs.Chunk(ChunkSize).Select((some, i) => new EncodingChunk(_partial, i, some, Key(some), encoder.Dimension))];
        if (File.Exists(_out) && !_chunks.All(chunk => chunk.IsFinished(withFailures: true))) throw new CromaException($"'{_out}' is there already: remove it, or choose another name.");
    }

    /// <summary>Into how many chunks the inputs are divided: more shards would have nothing to do.</summary>
    internal int Chunks => _chunks.Length;

    /// <summary>The file with the names.</summary>
    public string Names => _names;

    /// <summary>Encodes what is not encoded yet.</summary>
    /// <param name="shard">Which part; null: all, and the whole is written.</param>
    /// <param name="skip">Whether what cannot be used is left out; otherwise the first chunk with one ends the work.</param>
    /// <param name="threads">Chunks at a time. Features do not depend on it.</param>
    /// <param name="progress">Told how many are done, of how many.</param>
    /// <param name="cancellation">Stops it; finished chunks stay.</param>
    public EncodingOutcome Run(Shard? shard, bool skip, int threads, IProgress<(int Done, int Of)>? progress = null, CancellationToken cancellation = default)
    {
        var mine = Of(shard);
        var (failed, done, all) = (new ConcurrentBag<(int Row, FailedInput Input)>(), 0, mine.Sum(c => c.Inputs.Length));
        EncodingChunk[] left = [.. mine.Where(chunk => !chunk.IsFinished(withFailures: skip))];
        progress?.Report((done = all - left.Sum(c => c.Inputs.Length), all));
        Parallel.ForEach(left, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, (chunk, state) =>
        {
            var results = _encoder.Encode(chunk.Inputs, chunk.Scratch, cancellation);
            var hasFailures = false;
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i].Reason is not { } reason) continue;
                hasFailures = true;
                if (!skip) failed.Add((chunk.FirstRow + i, new FailedInput(chunk.Inputs[i].Name, reason)));
            }
            if (skip || !hasFailures) chunk.Write(results);
            else state.Stop();
            progress?.Report((Interlocked.Add(ref done, chunk.Inputs.Length), all));
        });
        FailedInput[] failures = skip ? [.. mine.SelectMany(chunk => chunk.Failures())] : [.. failed.OrderBy(f => f.Row).Select(f => f.Input)];
        var encoded = mine.Where(chunk => chunk.IsFinished(withFailures: true)).Sum(chunk => chunk.Rows);
        var write = shard == null && (skip || failures.Length == 0);
        if (write) Write(encoded);
        return new EncodingOutcome(all, encoded, failures, write);
    }

    /// <summary>Whether a run of a shard would find all its chunks finished.</summary>
    internal bool IsDone(Shard shard, bool skip) => Array.TrueForAll(Of(shard), chunk => chunk.IsFinished(withFailures: skip));

    private EncodingChunk[] Of(Shard? shard) => [.. _chunks.Where((_, i) => shard is not { } s || i % s.Count == s.Number - 1)];

    private void Write(int rows)
    {
        if (rows == 0 && _chunks[0].Failures().First() is var (first, reason))
            throw new CromaException($"None of the {_inputs.Count} files can be used, so there is nothing to write; {first}: {reason}");
        var names = new StringBuilder("row,name\n");
        foreach (var (row, path) in _chunks.SelectMany(chunk => chunk.Encoded()).Index()) names.Append(CultureInfo.InvariantCulture, $"{row},{Quoted(path)}\n");
        AtomicFile.Write(_names, Encoding.UTF8.GetBytes(names.ToString()));
        SafetensorsWriter.Write(_out, [new SafetensorsArray("features", SafetensorsType.F32, [rows, _encoder.Dimension], stream =>
        {
            foreach (var chunk in _chunks) chunk.CopyTo(stream);
        })], _metadata);
        Directory.Delete(_partial, recursive: true);
    }

    private static string Quoted(string path) => path.AsSpan().IndexOfAny(',', '"') < 0 ? path : $"\"{path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What a chunk's features depend on.</summary>
    private string Key(EncodingInput[] inputs)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) text.Append($"{name}={value}\n");
        foreach (var (name, given) in inputs)
            if (given is null) text.Append(CultureInfo.InvariantCulture, $"{name}\n{(File.Exists(name) ? new FileInfo(name).Length : -1)}\n");
            else text.Append(CultureInfo.InvariantCulture, $"{name}\ntext {given.Length} {given}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
