using Croma.Encoders;

namespace Croma.Onnx.Export;

/// <summary>A convolutional encoder of images or clips (<see cref="ConvEncoder"/> as a pyramid).</summary>
internal sealed class ConvGraph(NetworkGraph network)
{
    private const int Kernel = 3, ChannelsOfGroup = 16;
    private const float Epsilon = 1e-5f;

    private readonly OnnxGraph _graph = network.Graph;
    private readonly StoredWeights _weights = network.Weights;

    public (ExportedInput Kind, string Embedding) Encode()
    {
        // blocks over images have residuals, those over clips none
        var isImage = _weights.Has("residual.0.conv.0.weight");
        var channels = _weights.Shape("conv.0.weight").Rows / (Kernel * Kernel);
        var x = isImage ? _graph.Input("pixels", -1, channels, -1, -1) : Clip(channels);
        for (var i = 0; _weights.Has($"conv.{i}.weight"); i++)
        {
            x = Relu(Normalised(Convolved(x, $"conv.{i}"), $"norm.{i}"));
            x = _graph.Add("MaxPool", [x], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
            if (!isImage) continue;
            var y = Relu(Normalised(Convolved(x, $"residual.{i}.conv.0"), $"residual.{i}.norm.0"));
            x = Relu(_graph.Add("Add", [x, Normalised(Convolved(y, $"residual.{i}.conv.1"), $"residual.{i}.norm.1")]));
        }
        var mean = _graph.Add("Flatten", [_graph.Add("GlobalAveragePool", [x])], ("axis", 1L));
        return (isImage ? ExportedInput.Images : ExportedInput.Clips, network.Linear(mean, "projection"));
    }

    /// <summary>Steps of stacked frames [N, steps, frames * bands] as a picture [N, frames, steps, bands].</summary>
    private string Clip(int frames)
    {
        var stacked = _graph.Add("Reshape", [_graph.Input("frames", -1, -1, -1), _graph.Constant(0, 0, frames, -1)]);
        return _graph.Add("Transpose", [stacked], ("perm", new long[] { 0, 2, 1, 3 }));
    }

    /// <summary>The weight's rows are (ky * 3 + kx) * inputs + channel; ONNX has [outputs, inputs, ky, kx].</summary>
    private string Convolved(string x, string name)
    {
        var ((rows, outputs), stored) = (_weights.Shape(name + ".weight"), _weights.Read(name + ".weight"));
        var inputs = rows / (Kernel * Kernel);
        var weight = new float[stored.Length];
        for (var place = 0; place < Kernel * Kernel; place++)
            for (var c = 0; c < inputs; c++)
                for (var o = 0; o < outputs; o++) weight[(o * inputs + c) * Kernel * Kernel + place] = stored[(place * inputs + c) * outputs + o];
        return _graph.Add("Conv", [x, _graph.Constant(weight, outputs, inputs, Kernel, Kernel)], ("kernel_shape", new long[] { Kernel, Kernel }), ("pads", new long[] { 1, 1, 1, 1 }));
    }

    /// <summary>Group normalisation: that of instances over groups of channels laid end to end, then each channel's scale and shift.</summary>
    private string Normalised(string x, string name)
    {
        var channels = _weights.Shape(name + ".gamma").Columns;
        var groups = channels % ChannelsOfGroup == 0 ? channels / ChannelsOfGroup : 1;
        var (ones, zeros) = (new float[groups], new float[groups]);
        Array.Fill(ones, 1);
        var flat = _graph.Add("Reshape", [x, _graph.Constant(0, groups, -1)]);
        var normal = _graph.Add("InstanceNormalization", [flat, _graph.Constant(ones, groups), _graph.Constant(zeros, groups)], ("epsilon", Epsilon));
        var shaped = _graph.Add("Reshape", [normal, _graph.Add("Shape", [x])]);
        var scaled = _graph.Add("Mul", [shaped, _graph.Constant(_weights.Read(name + ".gamma"), channels, 1, 1)]);
        return _graph.Add("Add", [scaled, _graph.Constant(_weights.Read(name + ".beta"), channels, 1, 1)]);
    }

    private string Relu(string x) => _graph.Add("Relu", [x]);
}
