using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Croma.Compute;

namespace Croma.Tests;

/// <summary>The golden values of one case: those tensors of a file in tests/golden whose names start with it.</summary>
internal sealed class GoldenCase
{
    private readonly Dictionary<string, float[]> _left = [];
    private readonly double _tolerance;

    /// <param name="file">A file's name without its extension.</param>
    /// <param name="name">The case.</param>
    /// <param name="tolerance">Largest accepted difference, as a share of the number itself or of the tensor's root mean square, whichever is larger.</param>
    public GoldenCase(string file, string name, double tolerance = 1e-5)
    {
        (Name, _tolerance) = (name, tolerance);
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", file + ".safetensors"));
        var data = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, data - 8));
        foreach (var tensor in header.RootElement.EnumerateObject().Where(t => t.Name.StartsWith(name + "/", StringComparison.Ordinal)))
        {
            var offsets = tensor.Value.GetProperty("data_offsets");
            var (start, end) = (offsets[0].GetInt32(), offsets[1].GetInt32());
            _left[tensor.Name[(name.Length + 1)..]] = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(data + start, end - start)).ToArray();
        }
    }

    public string Name { get; }

    /// <summary>A tensor that is given, not compared.</summary>
    public float[] Read(string tensor) => _left.Remove(tensor, out var values) ? values : throw new InvalidOperationException($"there is no golden {Name}/{tensor}, or it was read before");

    public void Compare(string tensor, Tensor actual) => Compare(tensor, Rows(actual, actual.Row));

    public void CompareGradient(string tensor, Tensor actual) => Compare("grad/" + tensor, Rows(actual, actual.GradientRow));

    /// <summary>The gradients of all blocks.</summary>
    public void CompareGradients(ParameterVector parameters)
    {
        foreach (var block in parameters.Layout.Blocks) Compare("grad/" + block.Name, parameters.ReadGradient(block));
    }

    public void Compare(string tensor, ReadOnlySpan<float> actual)
    {
        Assert.True(_left.Remove(tensor, out var golden), $"There is no golden {Name}/{tensor}, or it was compared before.");
        Assert.Equal(golden.Length, actual.Length);
        var typical = Math.Sqrt(golden.Average(g => (double)g * g));
        for (var i = 0; i < golden.Length; i++)
        {
            var error = Math.Abs((double)actual[i] - golden[i]) / Math.Max(typical, Math.Abs(golden[i]));
            if (error > _tolerance || float.IsNaN(actual[i])) Assert.Fail($"{Name}/{tensor}[{i}] is {actual[i]:R}, PyTorch has {golden[i]:R}: {error:E1} off.");
        }
    }

    /// <summary>Fails if a golden value was not compared with anything.</summary>
    public void RequireAllCompared() => Assert.Empty(_left.Keys);

    private delegate Span<float> RowOf(int row);

    private static float[] Rows(Tensor tensor, RowOf row)
    {
        var values = new List<float>();
        for (var r = 0; r < tensor.Rows; r++) values.AddRange(row(r));
        return [.. values];
    }
}
