using System.Text;

namespace Croma.Datasets.Media;

/// <summary>A picture with its opacity: bytes of red, green, blue and opacity [Height, Width, 4].</summary>
internal sealed record TransparentPicture(byte[] Pixels, int Width, int Height)
{
    /// <summary>The picture laid on white.</summary>
    public DecodedPicture OnWhite()
    {
        var pixels = new byte[Width * Height * 3];
        for (var i = 0; i < Width * Height; i++)
        {
            var pixel = Pixels.AsSpan(4 * i, 4);
            for (var colour = 0; colour < 3; colour++) pixels[3 * i + colour] = (byte)((pixel[colour] * pixel[3] + 255 * (255 - pixel[3]) + 127) / 255);
        }
        return new DecodedPicture(pixels, Width, Height);
    }
}

/// <summary>Pictures in the format PAM, as ffmpeg writes them: a header of lines, then bytes of red, green, blue and opacity.</summary>
internal static class PamPicture
{
    private const int Longest = 256;

    /// <summary>Reads a picture.</summary>
    /// <exception cref="CromaException">It is none.</exception>
    public static TransparentPicture Read(byte[] file)
    {
        var end = file.AsSpan(0, Math.Min(file.Length, Longest)).IndexOf("ENDHDR\n"u8);
        if (end < 0) throw new CromaException("it holds no picture");
        var lines = Encoding.ASCII.GetString(file, 0, end).Split('\n').Select(line => line.Split(' ')).Where(words => words.Length == 2).ToDictionary(words => words[0], words => words[1]);
        var (width, height, start) = (Number("WIDTH"), Number("HEIGHT"), end + "ENDHDR\n".Length);
        if (width < 1 || height < 1 || Number("DEPTH") != 4 || Number("MAXVAL") != 255 || (long)width * height * 4 != file.Length - start) throw new CromaException("it holds no whole picture");
        return new TransparentPicture(file[start..], width, height);

        int Number(string name) => lines.TryGetValue(name, out var text) && int.TryParse(text, out var number) ? number : -1;
    }
}
