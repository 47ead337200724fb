using Croma.Compute;
using Croma.Data.Formats;

namespace Croma.Checkpoints;

/// <summary>Parameter vectors as named safetensors arrays: one a block, [inputs, outputs], gates in the order i, f, g, o.</summary>
internal static class ParameterArrays
{
    public static IEnumerable<SafetensorsArray> Of(string prefix, ParameterVector vector) => vector.Layout.Blocks.Select(block =>
        SafetensorsArray.Of<float>($"{prefix}.{block.Name}", vector.Read(block), block.Rows, block.Columns));

    /// <summary>Fills a vector; every block has to be there with its shape.</summary>
    public static void Read(SafetensorsFile file, string prefix, ParameterVector vector)
    {
        foreach (var block in vector.Layout.Blocks)
        {
            var tensor = file.Require($"{prefix}.{block.Name}", SafetensorsType.F32, 2);
            if (tensor.Shape[0] != block.Rows || tensor.Shape[1] != block.Columns)
                throw new DataFormatException(file.Path, tensor.Offset, $"'{tensor.Name}' is {tensor.ShapeText}, this network needs [{block.Rows}, {block.Columns}]: the file belongs to another configuration");
            var values = file.Values<float>(tensor);
            RequireFinite(file, tensor, values);
            vector.Write(block, values);
        }
    }

    /// <exception cref="DataFormatException">A number of an array is not finite.</exception>
    public static void RequireFinite(SafetensorsFile file, SafetensorsTensor tensor, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) throw new DataFormatException(file.Path, tensor.Offset + (long)i * sizeof(float), $"'{tensor.Name}' holds a number that is not finite");
    }
}
