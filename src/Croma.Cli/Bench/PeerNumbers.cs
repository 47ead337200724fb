using Croma.Compute;

namespace Croma.Cli.Bench;

/// <summary>
/// Inputs and initial weights that a counterpart in another language can make too: a hash of a counter, in [-1, 1).
/// </summary>
internal static class PeerNumbers
{
    /// <summary>Number i of a seed's sequence, times a scale.</summary>
    public static float[] Draw(int count, int seed, double scale)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++) numbers[i] = At(i, seed) * (float)scale;
        return numbers;
    }

    /// <summary>Number i as a byte: 0 ... 255.</summary>
    public static int[] DrawBytes(int count, int seed)
    {
        var bytes = new int[count];
        for (var i = 0; i < count; i++) bytes[i] = (int)((At(i, seed) + 1f) * 128f) & 255;
        return bytes;
    }

    /// <summary>Fills a block [inputs, outputs] from numbers in the order [outputs, inputs], as PyTorch keeps weights.</summary>
    public static void Fill(ParameterVector parameters, string block, int seed, double scale)
    {
        var to = parameters.Layout.Blocks.Single(b => b.Name == block);
        var from = Draw(to.Rows * to.Columns, seed, scale);
        var values = new float[from.Length];
        for (var r = 0; r < to.Rows; r++)
            for (var c = 0; c < to.Columns; c++) values[r * to.Columns + c] = from[c * to.Rows + r];
        parameters.Write(to, values);
    }

    private static float At(int i, int seed)
    {
        var u = (uint)i * 2654435761u + (uint)(seed * 40503 + 12345);
        u = (u ^ (u >> 16)) * 0x45d9f3b;
        u = (u ^ (u >> 16)) * 0x45d9f3b;
        u ^= u >> 16;
        return (u >> 8) * (1f / 8388608f) - 1f;
    }
}
