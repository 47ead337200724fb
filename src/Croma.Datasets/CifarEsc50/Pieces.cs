using Croma.Datasets.Media;

namespace Croma.Datasets.CifarEsc50;

/// <summary>A picture of 32 x 32 pixels: the planes of red, green and blue, each row after row.</summary>
internal sealed record Picture(string Class, byte[] Pixels)
{
    public const int Side = 32;
    public const int Bytes = 3 * Side * Side;

    /// <summary>Pictures of a class that are used: the first so many of the training set, as many as the packed form has.</summary>
    public const int MostOfClass = 100;

    /// <summary>RGB pixel by pixel.</summary>
    public byte[] ByPixel()
    {
        var pixels = new byte[Bytes];
        const int Plane = Side * Side;
        for (var i = 0; i < Plane; i++)
            for (var colour = 0; colour < 3; colour++) pixels[3 * i + colour] = Pixels[colour * Plane + i];
        return pixels;
    }
}

/// <summary>A sound file of ESC-50, named fold-recording-take-class.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Class">What is heard.</param>
/// <param name="File">Where it is.</param>
internal sealed record Clip(string Name, string Class, MediaFile File)
{
    /// <summary>The largest file that is read: a clip of 5 s is far smaller.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>The recording it was cut from: takes of one sound alike.</summary>
    public string Recording => Name.Split('-') is [_, var recording, _, _] ? recording
        : throw new CromaException($"{Name}: ESC-50 names its clips fold-recording-take-class, such as 1-100032-A-0.wav");
}

/// <summary>What the recipe reads: pictures, sounds and concepts, however they are stored.</summary>
/// <param name="Pictures">In the order of their files.</param>
/// <param name="Clips">In the order of the data set's own table.</param>
/// <param name="Concepts">Which classes are joined, and their splits.</param>
/// <param name="Form">In which form they were read, for the data set's provenance.</param>
/// <param name="Unpacked">Where the clips' archive was unpacked; null where there is none.</param>
internal sealed record Pieces(IReadOnlyList<Picture> Pictures, IReadOnlyList<Clip> Clips, ConceptTable Concepts, string Form, string? Unpacked = null) : IDisposable
{
    /// <summary>Removes what was unpacked.</summary>
    public void Dispose()
    {
        if (Unpacked is not null) Directory.Delete(Unpacked, recursive: true);
    }
}
