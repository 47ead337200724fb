using System.Security.Cryptography;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Datasets.Import;
using Croma.Datasets.Media;
using Croma.Datasets.Pictures;

namespace Croma.Datasets.Fashion;

/// <summary>
/// The recipe `fashion`: names of products (source) and photographs of them (target), from one NumPy archive and one table.
/// The words of a name that say the class are left out where the table has names without them.
/// </summary>
public static class FashionRecipe
{
    /// <summary>The data set's name.</summary>
    public const string Name = "fashion";

    private const string Images = "fashion-images.npz", Items = "fashion-items.csv", Array = "images", Masked = "text_masked", Text = "text";
    private const string Expected = $"a folder with {Images} (an array '{Array}' [pictures, height, width, 3] of bytes) and {Items} (columns class and {Masked} or {Text}, a row a picture) is needed";
    private const int LargestSide = 512;

    /// <summary>Makes the data set; no program is needed.</summary>
    /// <param name="from">The folder with the two files.</param>
    /// <param name="folder">The folder to make.</param>
    /// <param name="seed">Draws splits and parts.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">The folder or a file is not what it should be.</exception>
    public static void Make(string from, string folder, ulong seed, IProgress<RecipeProgress>? progress = null, CancellationToken cancellation = default)
    {
        string images = Path.Combine(from, Images), items = Path.Combine(from, Items);
        foreach (var path in new[] { images, items })
            if (!File.Exists(path)) throw new CromaException($"There is no file '{path}': {Expected}.");
        var table = CsvTable.Read(items);
        var (classes, text) = (table.Column("class"), table.Column(table.Columns.Contains(Masked) ? Masked : Text));
        var pictures = Read(images, table.Rows.Count, progress, cancellation);
        progress?.Report(new RecipeProgress("writing", 0, 1));
        var writer = new DatasetWriter(Name, seed, ModalityWriter.Bytes("text"), ModalityWriter.Images("image", Photographs.Side, Photographs.Side))
        {
            Description = $"Names of products{(table.Columns.Contains(Masked) ? " without the words that say their class" : "")}, and photographs of them on white. Concepts are kinds of product. The group is the product, and those of its class that have its name or its photograph: parts share none.",
            Provenance = [new("text and image", "Fashion Product Images (small)", "your copy", "none stated", $"{table.Rows.Count} products; photographs padded with white to a square and shrunk to {Photographs.Side} x {Photographs.Side} pixels.")],
        };
        writer.Target.Preparation = Preparation.PaddedPicture;
        PictureTexts.Assemble(writer, Name, [.. table.Rows.Zip(pictures, (row, picture) => new PictureText(row[classes], row[text], picture.Pixels, [$"name {row[classes]} {row[text]}", $"picture {picture.Sha256}"]))], seed);
        writer.Write(folder);
        progress?.Report(new RecipeProgress("writing", 1, 1));
    }

    private static Photograph[] Read(string path, int expected, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        using var archive = NpzFile.Open(path);
        using var array = archive.Read(Array);
        if (array.Type != NpyType.U8 || array.Shape is not [var count, > 0 and <= LargestSide and var height, > 0 and <= LargestSide and var width, 3])
            throw new CromaException($"{path}: '{Array}' is {array.Type} {array.ShapeText}; {Expected}");
        if (count != expected) throw new CromaException($"{path}: there are {count} pictures; '{Items}' has {expected} rows");
        var pictures = new Photograph[count];
        var pixels = new byte[height * width * 3];
        for (var i = 0; i < pictures.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            array.Read(pixels);
            pictures[i] = new Photograph(SquarePixels.Of(SquarePixels.Padded(new DecodedPicture(pixels, (int)width, (int)height)), Photographs.Side), Convert.ToHexStringLower(SHA256.HashData(pixels)));
            if (i % 256 == 0) progress?.Report(new RecipeProgress("pictures", i, pictures.Length));
        }
        return pictures;
    }
}
