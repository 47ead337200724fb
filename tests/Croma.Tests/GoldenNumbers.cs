using System.Text;
using Croma.Compute;
using Croma.Encoders;

namespace Croma.Tests;

/// <summary>The formula that tests/golden/golden.py makes inputs and parameters with: a name and an index, hashed.</summary>
internal static class GoldenNumbers
{
    /// <summary>Numbers in [-scale, scale), exact in single precision where scale is a power of two.</summary>
    public static float[] Numbers(string name, int count, float scale = 1) =>
        [.. Hashes(name, count).Select(h => ((h >> 8) / (float)(1 << 23) - 1) * scale)];

    /// <summary>Bytes, with repetitions.</summary>
    public static int[] Tokens(string name, int count) => [.. Hashes(name, count).Select(h => (int)((h >> 8) % 7 * 31))];

    /// <summary>A trained vector with the case's parameters.</summary>
    public static ParameterVector Parameters(string name, ParameterLayout layout)
    {
        var parameters = new ParameterVector(layout, trainable: true);
        foreach (var block in layout.Blocks) parameters.Write(block, Numbers($"{name}/{block.Name}", block.Rows * block.Columns, 0.5f));
        return parameters;
    }

    /// <summary>A variable with the case's numbers.</summary>
    public static Tensor Variable(Tape tape, string name, int rows, int columns, float scale = 1)
    {
        var tensor = tape.Variable(rows, columns);
        var values = Numbers(name, rows * columns, scale);
        for (var r = 0; r < rows; r++) values.AsSpan(r * columns, columns).CopyTo(tensor.Row(r));
        return tensor;
    }

    /// <summary>The case's batch, tokens if width is 0.</summary>
    public static InputBatch Batch(string name, ReadOnlySpan<int> lengths, int steps, int width)
    {
        var batch = new InputBatch();
        batch.Resize(lengths.Length, steps, width);
        if (steps > 1) lengths.CopyTo(batch.Lengths);
        if (width == 0) Tokens(name + "/tokens", batch.Tokens.Length).CopyTo(batch.Tokens);
        else Numbers(name + "/x", batch.Values.Length).CopyTo(batch.Values);
        return batch;
    }

    /// <summary>Goes back from the sum of y's elements, each with the case's weight.</summary>
    public static unsafe void BackwardFromWeightedSum(Tape tape, string name, Tensor y)
    {
        var weights = Numbers(name + "/weights", y.Rows * y.Columns);
        for (var r = 0; r < y.Rows; r++) weights.AsSpan(r * y.Columns, y.Columns).CopyTo(y.GradientRow(r));
        tape.Backward();
    }

    private static IEnumerable<uint> Hashes(string name, int count)
    {
        var stream = Encoding.UTF8.GetBytes(name).Aggregate(2166136261u, (hash, b) => (hash ^ b) * 16777619u);
        for (var i = 0u; i < count; i++)
        {
            var x = stream + i * 0x9E3779B9u;
            x = (x ^ (x >> 16)) * 0x7FEB352Du;
            x = (x ^ (x >> 15)) * 0x846CA68Bu;
            yield return x ^ (x >> 16);
        }
    }
}
