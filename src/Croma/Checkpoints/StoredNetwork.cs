using Croma.Baselines;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Method;

namespace Croma.Checkpoints;

/// <summary>The network that a file's description says it holds: made only where the file is large enough to hold it.</summary>
internal static class StoredNetwork
{
    // as for a data set's manifest
    private const int WidestSample = 1 << 20, LargestSide = 512;

    /// <summary>Checks a description and makes its network; no parameters are allocated.</summary>
    /// <param name="file">What messages call the file.</param>
    /// <param name="info">What it says.</param>
    /// <exception cref="DataFormatException">It says what cannot be.</exception>
    public static Network Create(string file, ModelInfo info)
    {
        if (info.Source is not { } source || info.Target is not { } target) throw new DataFormatException(file, -1, "it does not say what its samples look like: make it again");
        Require(file, info, source, target);
        return Guard(file, () => Networks.Create(info.Method, info.Configuration, source, target));
    }

    /// <summary>The same for a model of an earlier version, whose data set says what its samples look like.</summary>
    public static Network Create(string file, ModelInfo info, CrossModalDataset dataset)
    {
        Require(file, info);
        return Guard(file, () => Networks.Create(info.Method, info.Configuration, dataset));
    }

    /// <summary>Requires that a file has room for the parameters of parts of a network.</summary>
    /// <exception cref="DataFormatException">It has not.</exception>
    public static void RequireRoom(SafetensorsFile file, params IEnumerable<Compute.ParameterLayout> parts)
    {
        var held = file.Tensors.Sum(t => (double)t.Bytes);
        var needed = parts.Distinct().Sum(p => (double)p.ParameterCount * sizeof(float));
        if (needed > held) throw new DataFormatException(file.Path, -1, $"the network that its description says takes {needed:0} bytes, the file has {held:0} of arrays: they do not belong together, or the file is damaged");
    }

    private static void Require(string file, ModelInfo info, params IEnumerable<SampleShape> shapes)
    {
        if (!Methods.Names.Contains(info.Method)) throw new DataFormatException(file, -1, $"there is no method '{info.Method}'{Closest.Hint(info.Method, Methods.Names)}");
        if (ConfigurationLimits.Fault(info.Configuration) is { } fault) throw new DataFormatException(file, -1, $"configuration.{fault}");
        foreach (var shape in shapes)
        {
            var isImage = shape.Kind == ModalityKind.Images;
            var sound = Enum.IsDefined(shape.Kind)
                && (shape.Kind == ModalityKind.Bytes ? shape.Width == 0 : shape.Width is > 0 and <= WidestSample)
                && (isImage ? shape is { ImageHeight: > 0 and <= LargestSide, ImageWidth: > 0 and <= LargestSide } && shape.Width == ModalityDescription.Colours * shape.ImageHeight * shape.ImageWidth : shape is { ImageHeight: 0, ImageWidth: 0 })
                && double.IsFinite(shape.FramesPerSecond) && shape.FramesPerSecond >= 0 && shape.FramesOfEach is null or >= 0;
            if (!sound) throw new DataFormatException(file, -1, $"samples of '{shape.Name}' cannot look as it says ({shape.Kind}, width {shape.Width}, images of {shape.ImageHeight} x {shape.ImageWidth}): widths are 0 for bytes and from 1 to {WidestSample} otherwise");
        }
    }

    private static Network Guard(string file, Func<Network> create)
    {
        try
        {
            return create();
        }
        catch (Exception e) when (e is CromaException or ArgumentException)
        {
            throw new DataFormatException(file, -1, $"its configuration makes no network: {e.Message}", e);
        }
    }
}
