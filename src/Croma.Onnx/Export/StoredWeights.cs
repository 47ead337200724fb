using Croma.Data.Formats;

namespace Croma.Onnx.Export;

/// <summary>The parameters of one part of a model, by their names without the part's.</summary>
internal sealed class StoredWeights(SafetensorsFile file, string part)
{
    public bool Has(string name) => file.Find($"{part}.{name}") != null;

    /// <summary>Rows and columns of a block.</summary>
    public (int Rows, int Columns) Shape(string name)
    {
        var tensor = Tensor(name);
        return ((int)tensor.Shape[0], (int)tensor.Shape[1]);
    }

    /// <summary>A block row after row.</summary>
    /// <exception cref="DataFormatException">It is not there, or holds a number that is not finite.</exception>
    public float[] Read(string name)
    {
        var tensor = Tensor(name);
        var values = file.Values<float>(tensor).ToArray();
        return Array.TrueForAll(values, float.IsFinite) ? values : throw new DataFormatException(file.Path, tensor.Offset, $"'{tensor.Name}' holds a number that is not finite");
    }

    /// <summary>A block column after column.</summary>
    public float[] ReadTransposed(string name)
    {
        var ((rows, columns), values) = (Shape(name), Read(name));
        var turned = new float[values.Length];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c];
        return turned;
    }

    /// <summary>An LSTM's block [inputs, 4 hidden] with the gates i, f, g, o as ONNX has it: [4 hidden, inputs] with i, o, f, g.</summary>
    public float[] ReadGates(string name)
    {
        var (values, size) = (ReadTransposed(name), Shape(name).Rows * Shape(name).Columns / 4);
        return [.. new[] { 0, 3, 1, 2 }.SelectMany(gate => values[(gate * size)..((gate + 1) * size)])];
    }

    private SafetensorsTensor Tensor(string name)
    {
        var tensor = file.Require($"{part}.{name}", SafetensorsType.F32, 2);
        return tensor.Shape.All(d => d is > 0 and <= int.MaxValue) ? tensor : throw new DataFormatException(file.Path, tensor.Offset, $"'{tensor.Name}' is {tensor.ShapeText}: it has no elements");
    }
}
