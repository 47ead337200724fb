using Croma.Data;
using Croma.Data.Formats;
using Croma.Datasets.Media;

namespace Croma.Datasets.Import;

/// <summary>Which modality of a model an input may be of, by what it looks like from outside.</summary>
public static class InputKinds
{
    /// <summary>Whether an input may hold samples of this shape; false is certain, true is not.</summary>
    /// <param name="input">A file, a folder (judged by its first file), a data set's folder, '-', or a text.</param>
    /// <param name="shape">What a modality's samples look like.</param>
    public static bool MayBe(string input, SampleShape shape)
    {
        if (CollectionInput.IsDataset(input))
        {
            using var dataset = CrossModalDataset.Open(input);
            return CollectionInput.IsAlike(dataset.Source.Contents.Shape, shape) || CollectionInput.IsAlike(dataset.Target.Contents.Shape, shape);
        }
        if (input == "-") return true;
        if (Directory.Exists(input)) return Directory.EnumerateFiles(input, "*", new EnumerationOptions { RecurseSubdirectories = true }).Order(StringComparer.Ordinal).FirstOrDefault() is { } first && MayBe(first, shape);
        if (!File.Exists(input)) return shape.Kind == ModalityKind.Bytes;
        var ending = Path.GetExtension(input).ToLowerInvariant();
        return ending switch
        {
            ".txt" => shape.Kind == ModalityKind.Bytes,
            ".npy" => shape.HoldsVectors && Width(input) == shape.Width,
            ".csv" or ".npz" or ".safetensors" => shape.HoldsVectors,
            _ => (shape.Kind == ModalityKind.Images && MediaFormat.PictureEndings.Contains(ending)) || (shape.Kind == ModalityKind.Frames && MediaFormat.SoundEndings.Contains(ending)),
        };
    }

    private static long Width(string path)
    {
        using var array = NpyReader.Open(path);
        return array.Shape.Count > 0 ? array.Shape[^1] : 0;
    }
}
