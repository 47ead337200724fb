using System.Numerics.Tensors;

namespace Croma.Data.Doctor;

/// <summary>Do pictures show something?</summary>
internal static class ImageCheck
{
    private const int Plain = 4;

    public static IEnumerable<Diagnosis> Run(ModalityData data, CancellationToken cancellation)
    {
        var (empty, count) = (new List<string>(), 0);
        for (var i = 0; i < data.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var pixels = data.Contents.Pixels(i);
            var (size, flat) = (pixels.Length / ModalityDescription.Colours, true);
            for (var colour = 0; colour < ModalityDescription.Colours && flat; colour++)
            {
                var plane = pixels.Slice(colour * size, size);
                flat = TensorPrimitives.Max(plane) - TensorPrimitives.Min(plane) < Plain;
            }
            if (flat && count++ < DatasetDoctor.MostExamples) empty.Add($"{data.Name} {i}");
        }
        if (count > 0)
            yield return new Diagnosis(count * 20 >= data.Count ? Severity.Problem : Severity.Warning, "pictures", $"{count} of {data.Count} pictures of '{data.Name}' are of one colour", empty, "look at the files: they may be damaged, or transparent");
    }
}
