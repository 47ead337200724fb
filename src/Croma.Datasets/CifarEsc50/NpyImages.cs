using Croma.Data.Formats;

namespace Croma.Datasets.CifarEsc50;

/// <summary>Reads an array of pictures [pictures, 3, 32, 32] of bytes from a NumPy file.</summary>
internal static class NpyImages
{
    private const long MostPictures = (1 << 30) / Picture.Bytes, Colours = 3;

    /// <summary>The pictures' bytes, one array each.</summary>
    public static IReadOnlyList<byte[]> Read(string path)
    {
        if (!File.Exists(path)) throw new CromaException($"{path}: the file is missing");
        using var array = NpyReader.Open(path);
        if (array.Type != NpyType.U8 || array.Shape is not [var count and <= MostPictures, Colours, Picture.Side, Picture.Side])
            throw new CromaException($"{path}: this is an array of {array.Type} of the shape {array.ShapeText}; bytes (U8) of the shape [pictures, 3, {Picture.Side}, {Picture.Side}] are needed, at most {MostPictures} pictures");
        var pictures = new byte[count][];
        foreach (ref var picture in pictures.AsSpan()) array.Read(picture = new byte[Picture.Bytes]);
        return pictures;
    }
}
