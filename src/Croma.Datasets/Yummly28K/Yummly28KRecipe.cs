using Croma.Data;
using Croma.Datasets.Import;
using Croma.Datasets.Media;
using Croma.Datasets.Pictures;

namespace Croma.Datasets.Yummly28K;

/// <summary>
/// The recipe `yummly28k`, the paper's text-to-image data: ingredients of dishes (source) and photographs of them (target).
/// Classes are cuisines with courses that have 100 recipes or more.
/// </summary>
public static class Yummly28KRecipe
{
    /// <summary>The data set's name.</summary>
    public const string Name = "yummly28k";

    private const int LeastOfClass = 100;

    /// <summary>Makes the data set.</summary>
    /// <param name="from">The folder of the unpacked data.</param>
    /// <param name="folder">The folder to make. Interrupted, the recipe keeps what it has decoded in `.partial` there, and goes on from it.</param>
    /// <param name="seed">Draws splits and parts.</param>
    /// <param name="threads">Programs that decode at the same time. Does not change the result.</param>
    /// <param name="skipBroken">Whether a photograph that cannot be decoded is left out; otherwise it is an error.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What was skipped, and why.</returns>
    /// <exception cref="CromaException">ffmpeg is missing, or the folder or a file is not what it should be.</exception>
    public static IReadOnlyList<string> Make(string from, string folder, ulong seed, int threads, bool skipBroken, IProgress<RecipeProgress>? progress = null, CancellationToken cancellation = default) =>
        Make(from, folder, seed, threads, skipBroken, LeastOfClass, progress, cancellation);

    internal static IReadOnlyList<string> Make(string from, string folder, ulong seed, int threads, bool skipBroken, int leastOfClass, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        var version = FFmpeg.Version(cancellation) ?? throw new CromaException(DebianPackages.Describe([FFmpeg.Program]));
        var recipes = YummlyFolder.Read(from, leastOfClass, out var classes, out var all);
        var broken = new BrokenFiles(skipBroken);
        var kept = Photographs.Kept(folder, version);
        var pictures = Photographs.Decode([.. recipes.Select(r => r.Picture)], threads, broken, kept, progress, cancellation);
        progress?.Report(new RecipeProgress("writing", 0, 1));
        var writer = new DatasetWriter(Name, seed, ModalityWriter.Bytes("text"), ModalityWriter.Images("image", Photographs.Side, Photographs.Side))
        {
            Description = "Ingredients of dishes and photographs of them. Concepts are cuisines with courses. The group is the recipe, and all that have its photograph or its text: parts share none.",
            Provenance =
            [
                new("text and image", "W. Min et al., Being a Supercook: Joint Food Attributes and Multimodal Content Modeling for Recipe Retrieval and Exploration, IEEE Transactions on Multimedia 2017: Yummly-28K", "your copy", "none stated",
                    $"{recipes.Count} of {all} recipes are of classes (of {classes} in all) that have {leastOfClass} or more.{broken.Note} Decoded by ffmpeg {version}, the central square, {Photographs.Side} x {Photographs.Side} pixels."),
            ],
        };
        writer.Target.Preparation = Preparation.Picture;
        PictureTexts.Assemble(writer, Name, [.. from pair in recipes.Zip(pictures) where pair.Second is not null select Item(pair.First, pair.Second)], seed);
        writer.Write(folder);
        kept.Remove();
        progress?.Report(new RecipeProgress("writing", 1, 1));
        return broken.Skipped;
    }

    private static PictureText Item(Recipe recipe, Photograph picture) =>
        new(recipe.Label, recipe.Text, picture.Pixels, [$"recipe {recipe.Id}", $"text {recipe.Text}", $"picture {picture.Sha256}"], () => File.ReadAllBytes(recipe.Picture.Path));
}
