namespace Croma.Datasets.Import;

/// <summary>Decodes a picture with ffmpeg: scaled so that its shorter side fits, the middle square, on white where it is transparent.</summary>
internal static class ImagePixels
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    /// <summary>The planes of red, green and blue [3, side, side]. The program gets the file's bytes and no name: it can open nothing else.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="side">Pixels a side.</param>
    /// <param name="cancellation">Stops the program.</param>
    /// <exception cref="CromaException">ffmpeg finds no picture in the file.</exception>
    public static byte[] Decode(byte[] file, string name, int side, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "pipe", "-i", "pipe:0", "-map", "0:v:0", "-frames:v", "1",
            "-vf", $"scale={side}:{side}:force_original_aspect_ratio=increase:flags=area,crop={side}:{side}", "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1",
        ];
        var bytes = 4 * side * side;
        var result = ChildProcess.Run(FFmpeg.Program, arguments, file, bytes + 1, s_timeout, cancellation) ?? throw new CromaException(DebianPackages.Describe([FFmpeg.Program]));
        if (result.ExitCode != 0 || result.Output.Length != bytes) throw new CromaException($"{name}: {FFmpeg.Program} finds no picture in it: {result.Complaint}");
        return OnWhite(result.Output);
    }

    private static byte[] OnWhite(ReadOnlySpan<byte> rgba)
    {
        var size = rgba.Length / 4;
        var planes = new byte[3 * size];
        for (var i = 0; i < planes.Length; i++)
        {
            var at = 4 * (i % size);
            var opacity = rgba[at + 3];
            planes[i] = (byte)((rgba[at + i / size] * opacity + 255 * (255 - opacity) + 127) / 255);
        }
        return planes;
    }
}
