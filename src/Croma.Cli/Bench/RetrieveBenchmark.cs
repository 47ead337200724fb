using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Croma.Compute;
using Croma.Evaluation;
using Croma.Search;

namespace Croma.Cli.Bench;

/// <summary>A way to search, and what it took.</summary>
/// <param name="Name">The way.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Milliseconds">A query, the median over rounds.</param>
/// <param name="Least">The fastest round.</param>
/// <param name="ProcessorMilliseconds">Time of all processors together, the median over rounds: what other work on the machine disturbs less.</param>
/// <param name="GigabytesPerSecond">Bytes of embeddings over the median time.</param>
internal sealed record RetrieveFigures(string Name, int Threads, double Milliseconds, double Least, double ProcessorMilliseconds, double GigabytesPerSecond);

/// <summary>
/// Times exact search over made-up embeddings: the index (half precision, mapped from a file), beside single precision in
/// memory with the framework's inner product, the plain loop, and a pass that only reads the index's bytes. All take turns.
/// </summary>
/// <param name="items">Rows.</param>
/// <param name="dimension">Numbers of a row.</param>
/// <param name="threads">Threads of the second measurement of each.</param>
/// <param name="rounds">Rounds.</param>
internal sealed class RetrieveBenchmark(int items, int dimension, int threads, int rounds)
{
    public const int Top = 10;

    private readonly float[][] _rows = new float[items][];

    /// <summary>The share of the ten best by single precision that the index has among its ten best, over all rounds.</summary>
    public double Agreement { get; private set; }

    /// <summary>Measures.</summary>
    public IReadOnlyList<RetrieveFigures> Run(Action<double, string> report, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("croma-").FullName;
        try
        {
            var path = Path.Combine(folder, "index");
            Make(path, report, cancellation);
            using var index = EmbeddingIndex.Open(path);
            (string Name, int Threads, long Bytes, Func<float[], int[]> Search)[] ways = [.. new[] { 1, threads }.Distinct().SelectMany(t => ((string, int, long, Func<float[], int[]>)[])
            [
                ("index: half precision, mapped", t, index.RowBytes, q => [.. index.Search([.. q.Select(x => (double)x)], Top, t, cancellation).Select(h => h.Position)]),
                ("single precision, TensorPrimitives.Dot", t, 4L * items * dimension, q => Search(q, t, (a, b) => TensorPrimitives.Dot<float>(a, b), cancellation)),
                ("single precision, a plain loop", t, 4L * items * dimension, q => Search(q, t, PlainDot, cancellation)),
                ("only reading the index's bytes", t, index.RowBytes, _ => Read(index, t, cancellation)),
            ])];
            var (times, busy) = (ways.Select(_ => new List<double>()).ToArray(), ways.Select(_ => new List<double>()).ToArray());
            var agreeing = 0;
            for (var round = -1; round < rounds; round++)
            {
                var query = Draw(new CounterRandom(2, (ulong)(round + 1)));
                int[] found = [], expected = [];
                for (var w = 0; w < ways.Length; w++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    report((round + 1.0) / (rounds + 1), ways[w].Name);
                    var (clock, before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                    var hits = ways[w].Search(query);
                    var (elapsed, used) = (Stopwatch.GetElapsedTime(clock), Environment.CpuUsage.TotalTime - before);
                    // the first round compiles, and maps the file
                    if (round >= 0)
                    {
                        times[w].Add(elapsed.TotalMilliseconds);
                        busy[w].Add(used.TotalMilliseconds);
                    }
                    if (w == 0) found = hits;
                    if (w == 1) expected = hits;
                }
                if (round >= 0) agreeing += found.Intersect(expected).Count();
            }
            Agreement = agreeing / (double)(rounds * Math.Min(Top, items));
            return [.. ways.Zip(times, busy).Select(r => new RetrieveFigures(r.First.Name, r.First.Threads, Median.Of(r.Second), r.Second.Min(), Median.Of(r.Third), 1e-6 * r.First.Bytes / Median.Of(r.Second)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Make(string path, Action<double, string> report, CancellationToken cancellation)
    {
        const int AtOnce = 10_000;
        using var builder = new IndexBuilder(path, new IndexDescription { Dimension = dimension, Role = ModalityRole.Target, Modality = "made up", ModelSha256 = "", Model = "none" });
        foreach (var some in Enumerable.Range(0, items).Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            report(0, $"making items: {some[0]} of {items}");
            foreach (var i in some) _rows[i] = Draw(new CounterRandom(1, (ulong)i));
            builder.Add([.. some.Select(i => $"item {i}")], [.. some.Select(i => _rows[i].Select(x => (double)x).ToArray())], new BuildPosition(some[^1] + 1, ""));
        }
        builder.Finish();
    }

    /// <summary>A direction; its numbers are even rather than normal, which costs less and matters to no one here.</summary>
    private float[] Draw(CounterRandom random)
    {
        var row = new float[dimension];
        foreach (ref var x in row.AsSpan()) x = (int)random.NextUInt32();
        TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
        return row;
    }

    private delegate float Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b);

    private int[] Search(float[] query, int threads, Product product, CancellationToken cancellation)
    {
        const int Block = 16 * 1024;
        var all = new BestRows(Top);
        Workers.Run((items + Block - 1) / Block, threads, block =>
        {
            var best = new BestRows(Top);
            for (var i = block * Block; i < Math.Min(items, (block + 1) * Block); i++)
                if (product(query, _rows[i]) is var score && score > best.Threshold) best.Add(score, i);
            lock (all) all.Add(best);
        }, cancellation);
        return [.. all.Ordered().Select(b => b.Row)];
    }

    private static float PlainDot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Reads every byte once and does next to nothing with it.</summary>
    private static int[] Read(EmbeddingIndex index, int threads, CancellationToken cancellation)
    {
        const int Block = 16 * 1024;
        var sum = 0L;
        Workers.Run((index.Count + Block - 1) / Block, threads, block =>
        {
            var vectors = MemoryMarshal.Cast<Half, Vector<long>>(index.Rows(block * Block, Math.Min(Block, index.Count - block * Block)));
            var (first, second) = (Vector<long>.Zero, Vector<long>.Zero);
            for (var i = 0; i + 1 < vectors.Length; i += 2) (first, second) = (first ^ vectors[i], second ^ vectors[i + 1]);
            Interlocked.Add(ref sum, Vector.Sum(first ^ second));
        }, cancellation);
        return [(int)sum];
    }
}
