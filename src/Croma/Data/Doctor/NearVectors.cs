using System.Numerics.Tensors;
using Croma.Compute;

namespace Croma.Data.Doctor;

/// <summary>
/// Finds near-duplicates among vectors, frames and images: samples whose descriptions lie nearer than 0.02 of the typical
/// distance of two samples. A description is the vector itself, the means of 8 stretches of frames, or the means of 8 x 8 cells
/// of each colour, each number of it standardised over the samples. The search is exact: what lies within a distance does so
/// along every direction, so that samples are sorted along one random direction and compared along 15 others before they are
/// compared as a whole. Up to 100 000 samples.
/// </summary>
internal sealed class NearVectors
{
    public const int MostSamples = 100_000;

    private const double Nearness = 0.02;
    private const int LeastWidth = 8, MostDirections = 16, MostPairs = 20_000, Stretches = 8, Cells = 8;

    private readonly SampleContents _contents;
    private readonly int[] _samples;
    private readonly float[] _mean, _scale;
    private readonly CancellationToken _cancellation;

    private NearVectors(SampleContents contents, int[] samples, CancellationToken cancellation)
    {
        (_contents, _samples, _cancellation) = (contents, samples, cancellation);
        var width = Width(contents);
        (_mean, _scale) = (new float[width], new float[width]);
        var (sums, squares, row) = (new double[width], new double[width], new float[width]);
        foreach (var sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            Describe(contents, sample, row);
            for (var i = 0; i < width; i++) (sums[i], squares[i]) = (sums[i] + row[i], squares[i] + (double)row[i] * row[i]);
        }
        for (var i = 0; i < width; i++)
        {
            var mean = sums[i] / samples.Length;
            var variance = squares[i] / samples.Length - mean * mean;
            (_mean[i], _scale[i]) = ((float)mean, variance > 0 ? (float)(1 / Math.Sqrt(variance)) : 0);
        }
    }

    public static DuplicateSets Find(ModalityData data, DuplicateSets exact, CancellationToken cancellation)
    {
        var later = exact.Later();
        int[] samples = [.. Enumerable.Range(0, data.Count).Where(i => !later.Contains(i) && IsFinite(data.Contents, i))];
        var remark = samples.Length > MostSamples ? $"near-duplicates of '{data.Name}' were looked for among the first {MostSamples} of {samples.Length} different samples" : null;
        if (remark is not null) samples = samples[..MostSamples];
        return Width(data.Contents) < LeastWidth || samples.Length < 2 ? new DuplicateSets([], remark) : new NearVectors(data.Contents, samples, cancellation).Search(remark);
    }

    private DuplicateSets Search(string? remark)
    {
        var squaredLimit = (float)(Nearness * Nearness * 2 * _scale.Count(s => s > 0));
        var projected = Project();
        int[] order = [.. Enumerable.Range(0, _samples.Length)];
        Array.Sort((float[])projected[0].Clone(), order);
        float[][] along = [.. projected.Select(p => order.Select(i => p[i]).ToArray())];
        int[] above = [.. Enumerable.Range(0, _samples.Length)];
        var (first, second, limit, pairs) = (new float[_mean.Length], new float[_mean.Length], MathF.Sqrt(squaredLimit), 0);
        for (var i = 0; i < order.Length && pairs < MostPairs; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            var described = false;
            for (var j = i + 1; j < order.Length && along[0][j] - along[0][i] <= limit; j++)
            {
                if (!IsNear(along, i, j, squaredLimit)) continue;
                if (!described) Standardised(_samples[order[i]], first);
                described = true;
                Standardised(_samples[order[j]], second);
                if (!(TensorPrimitives.Distance(first, second) <= limit)) continue;
                pairs++;
                var (a, b) = (Root(above, order[i]), Root(above, order[j]));
                above[Math.Max(a, b)] = Math.Min(a, b);
            }
        }
        if (pairs >= MostPairs) remark = $"the search for near-duplicates ended at {MostPairs} pairs of them";
        return new DuplicateSets([.. Enumerable.Range(0, _samples.Length).GroupBy(i => Root(above, i)).Where(g => g.Count() > 1).OrderBy(g => g.Key).Select(g => g.Select(i => _samples[i]).ToArray())], remark);
    }

    private static bool IsNear(float[][] along, int i, int j, float squaredLimit)
    {
        var sum = 0f;
        foreach (var direction in along)
        {
            var difference = direction[i] - direction[j];
            sum += difference * difference;
            if (sum > squaredLimit) return false;
        }
        return true;
    }

    private static int Root(int[] above, int i)
    {
        while (above[i] != i) i = above[i] = above[above[i]];
        return i;
    }

    /// <summary>Each sample's place along each direction, the direction along which samples differ most first.</summary>
    private float[][] Project()
    {
        var (directions, row) = (Directions(_mean.Length), new float[_mean.Length]);
        float[][] projected = [.. directions.Select(_ => new float[_samples.Length])];
        for (var i = 0; i < _samples.Length; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            Standardised(_samples[i], row);
            for (var d = 0; d < directions.Length; d++) projected[d][i] = TensorPrimitives.Dot<float>(row, directions[d]);
        }
        return [.. projected.OrderByDescending(p => TensorPrimitives.SumOfSquares<float>(p))];
    }

    private void Standardised(int sample, Span<float> row)
    {
        Describe(_contents, sample, row);
        TensorPrimitives.Subtract(row, _mean, row);
        TensorPrimitives.Multiply(row, _scale, row);
    }

    /// <summary>Whether a sample has something in it, and numbers only.</summary>
    private static bool IsFinite(SampleContents contents, int sample)
    {
        if (contents.Length(sample) == 0) return false;
        if (!contents.Shape.HoldsVectors) return true;
        foreach (var value in contents.Values(sample))
            if (!Half.IsFinite(value)) return false;
        return true;
    }

    /// <summary>Orthonormal directions, the same every time (Gram-Schmidt of normal draws).</summary>
    private static float[][] Directions(int width)
    {
        var (random, directions) = (new CounterRandom(1, CounterRandom.Stream("doctor/directions", width)), new float[Math.Min(width, MostDirections)][]);
        for (var d = 0; d < directions.Length; d++)
        {
            float[] drawn = [.. Enumerable.Range(0, width).Select(_ => (float)random.NextNormal())];
            foreach (var earlier in directions.AsSpan(0, d))
                TensorPrimitives.MultiplyAdd(earlier, -TensorPrimitives.Dot<float>(earlier, drawn), drawn, drawn);
            TensorPrimitives.Divide(drawn, TensorPrimitives.Norm<float>(drawn), drawn);
            directions[d] = drawn;
        }
        return directions;
    }

    private static int Width(SampleContents contents) => contents.Kind switch
    {
        ModalityKind.Images => ModalityDescription.Colours * Cells * Cells,
        ModalityKind.Frames => Stretches * contents.Width,
        _ => contents.Width,
    };

    private static void Describe(SampleContents contents, int sample, Span<float> to)
    {
        if (contents.Kind == ModalityKind.Features)
        {
            TensorPrimitives.ConvertToSingle(contents.Values(sample), to);
            return;
        }
        to.Clear();
        if (contents.Kind == ModalityKind.Frames) DescribeFrames(contents.Values(sample), contents.Width, to);
        else DescribeImage(contents.Pixels(sample), contents.Shape.ImageHeight, contents.Shape.ImageWidth, to);
    }

    private static void DescribeFrames(ReadOnlySpan<Half> values, int width, Span<float> to)
    {
        var frames = values.Length / width;
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            var from = (int)((long)stretch * frames / Stretches);
            var end = Math.Max(from + 1, (int)((long)(stretch + 1) * frames / Stretches));
            for (var i = from * width; i < end * width; i++) to[stretch * width + i % width] += (float)values[i] / (end - from);
        }
    }

    private static void DescribeImage(ReadOnlySpan<byte> pixels, int height, int width, Span<float> to)
    {
        var counts = (stackalloc int[Cells * Cells]);
        counts.Clear();
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var cell = y * Cells / height * Cells + x * Cells / width;
                counts[cell]++;
                for (var colour = 0; colour < ModalityDescription.Colours; colour++) to[colour * Cells * Cells + cell] += pixels[(colour * height + y) * width + x];
            }
        for (var i = 0; i < to.Length; i++) to[i] /= Math.Max(1, counts[i % (Cells * Cells)]);
    }
}
