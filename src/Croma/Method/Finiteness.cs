using System.Numerics.Tensors;
using Croma.Compute;
using Croma.Data;

namespace Croma.Method;

/// <summary>Finds the number that spoils a training, and says where it is.</summary>
internal sealed class Finiteness(FewShotMethod method, CrossModalDataset dataset)
{
    // a loss that was a number once has to stay one; before that, NaN says that the method has no such part
    private bool _hasAlignment, _hasClassification;

    /// <summary>What is not finite after an iteration, and whether the data are to blame; null where all is well.</summary>
    public (string What, bool IsData)? Find(IterationLosses losses)
    {
        _hasAlignment |= double.IsFinite(losses.Alignment);
        _hasClassification |= double.IsFinite(losses.Classification);
        var what = Wrong(losses);
        foreach (var (name, values) in method.Meta.Parts.Concat(method.TrainingParts))
            if (what == null && FirstBlock(values) is { } block) what = $"the tensor '{name}.{block}' holds a number that is not finite";
        return what == null ? null : Sample() is { } sample ? ($"{what}, because {sample}", true) : (what, false);
    }

    private string? Wrong(IterationLosses losses)
    {
        var none = double.IsNaN(losses.Alignment) && double.IsNaN(losses.Classification);
        if (double.IsInfinity(losses.Alignment) || (double.IsNaN(losses.Alignment) && (_hasAlignment || none))) return $"the alignment loss is {losses.Alignment:R}";
        if (double.IsInfinity(losses.Classification) || (double.IsNaN(losses.Classification) && _hasClassification)) return $"the classification loss is {losses.Classification:R}";
        return null;
    }

    private static string? FirstBlock(ParameterVector values)
    {
        // the largest magnitude is NaN where one number is
        if (values.Raw.IsEmpty || Real.IsFinite(TensorPrimitives.MaxMagnitude(values.Raw))) return null;
        return values.Layout.Blocks.FirstOrDefault(block => !Real.IsFinite(TensorPrimitives.MaxMagnitude<Real>(values.Read(block))))?.Name;
    }

    private string? Sample()
    {
        foreach (var data in new[] { dataset.Source, dataset.Target })
        {
            if (!data.Contents.Shape.HoldsVectors) continue;
            for (var i = 0; i < data.Count; i++)
                foreach (var value in data.Contents.Values(i))
                    if (!Half.IsFinite(value)) return $"sample {i} of '{data.Name}' has a number that is not finite: `croma doctor` names all such samples";
        }
        return null;
    }
}
