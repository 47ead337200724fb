using System.Globalization;
using System.Runtime.InteropServices;

namespace Croma.Datasets;

/// <summary>The program ffmpeg, which decodes sound in a process of its own.</summary>
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

    /// <summary>
    /// The beginning of a sound as samples in [-1, 1], mixed down to one channel. The program gets the file's bytes and no
    /// name: it can open nothing else.
    /// </summary>
    /// <param name="file">The file's bytes, in any format that ffmpeg knows.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="rate">Samples a second.</param>
    /// <param name="most">At most so many samples; the program is stopped once it has written them.</param>
    /// <param name="cancellation">Stops the program.</param>
    /// <exception cref="CromaException">ffmpeg is missing, or finds no sound in the file.</exception>
    public static float[] Decode(byte[] file, string name, int rate, int most, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "pipe", "-i", "pipe:0", "-map", "0:a:0", "-vn",
            "-ac", "1", "-ar", rate.ToString(CultureInfo.InvariantCulture), "-f", "f32le", "pipe:1",
        ];
        var result = ChildProcess.Run(Program, arguments, file, checked(most * sizeof(float)), Timeout, cancellation)
            ?? throw new CromaException(DebianPackages.Describe([Program]));
        var samples = MemoryMarshal.Cast<byte, float>(result.Output.AsSpan(0, result.Output.Length / sizeof(float) * sizeof(float))).ToArray();
        if (result.ExitCode is not (0 or ChildProcess.Stopped) || samples.Length == 0) throw new CromaException($"{name}: {Program} finds no sound in it: {result.Complaint}");
        if (!Array.TrueForAll(samples, float.IsFinite)) throw new CromaException($"{name}: a sample is not a finite number");
        return samples;
    }
}
