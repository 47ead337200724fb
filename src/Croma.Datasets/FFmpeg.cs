namespace Croma.Datasets;

/// <summary>The program ffmpeg, which <see cref="Media.MediaDecoder"/> runs.</summary>
internal static class FFmpeg
{
    public const string Program = "ffmpeg";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>The version of the program that is installed, or null where there is none.</summary>
    public static string? Version(CancellationToken cancellation)
    {
        const string prefix = "ffmpeg version ";
        var first = ChildProcess.Run(Program, ["-version"], [], 1 << 16, Timeout, cancellation)?.Text.Split('\n')[0];
        return first?.Replace(prefix, "", StringComparison.Ordinal).Split(' ')[0];
    }
}
