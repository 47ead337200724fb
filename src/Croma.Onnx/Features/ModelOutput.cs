namespace Croma.Onnx.Features;

/// <summary>Which of a model's outputs is taken.</summary>
internal static class ModelOutput
{
    /// <summary>The one that is named; else the first of the usual ones that is there; else the only one.</summary>
    /// <exception cref="OnnxException">There are several, and none is usual.</exception>
    public static string Choose(OnnxModel model, string? named, params ReadOnlySpan<string> usual)
    {
        if (named != null) return named;
        foreach (var name in usual)
            if (model.Outputs.Any(o => o.Name == name)) return name;
        return model.Outputs is [var only] ? only.Name
            : throw new OnnxException($"The model has several outputs ({string.Join(", ", model.Outputs.Select(o => o.Name))}): name one with \"output\" in the preprocessing.");
    }

    /// <summary>The answers' width where they are one vector an input.</summary>
    /// <exception cref="OnnxException">They are not.</exception>
    public static int RequireVectors(string output, float[] values, long[] shape, int given) =>
        shape is [var answers, ..] && answers == given && values.Length > 0 && shape.Skip(1).Count(d => d != 1) <= 1 ? values.Length / given
            : throw new OnnxException($"The output '{output}' is [{string.Join(", ", shape)}] for {given} inputs, which is not one vector each: name another with \"output\" in the preprocessing.");
}
