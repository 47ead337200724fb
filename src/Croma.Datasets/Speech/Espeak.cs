using System.Buffers.Binary;
using System.Text;

namespace Croma.Datasets.Speech;

/// <summary>How a clip is to be spoken.</summary>
/// <param name="Voice">The language, as espeak-ng names its voices.</param>
/// <param name="Variant">The speaker, one of espeak-ng's voice variants.</param>
/// <param name="Pitch">0 to 99; 50 is usual.</param>
/// <param name="Speed">Words a minute; 175 is usual.</param>
internal sealed record Speaker(string Voice, string Variant, int Pitch, int Speed);

/// <summary>The espeak-ng program, run once a clip: text in through its standard input, sound out through its output.</summary>
internal static class Espeak
{
    public const string Program = "espeak-ng";

    /// <summary>Samples a second that espeak-ng's own voices have.</summary>
    public const int SampleRate = 22050;

    private const int HeaderBytes = 44;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>The version of the program that is installed, or null where there is none.</summary>
    public static string? Version(CancellationToken cancellation)
    {
        var text = ChildProcess.Run(Program, ["--version"], [], 4096, Timeout, cancellation)?.Text;
        return text?.Split(':', 2).LastOrDefault()?.Split("Data at")[0].Trim();
    }

    /// <summary>
    /// The family of each voice's language, as espeak-ng files its voices: an ISO 639-5 code such as "gmw" (West
    /// Germanic). Voices of languages that it files under no family are not in here.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Families(CancellationToken cancellation)
    {
        var families = new Dictionary<string, string>(StringComparer.Ordinal);
        var list = ChildProcess.Run(Program, ["--voices"], [], 1 << 20, Timeout, cancellation)?.Text ?? "";
        // priority, language, age/gender, name, file, other languages
        foreach (var line in list.Split('\n').Skip(1))
            if (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var voice, _, _, var file, ..] && file.Split('/') is [var family, _])
                families.TryAdd(voice, family);
        return families;
    }

    /// <summary>The names of its voice variants.</summary>
    public static IReadOnlySet<string> Variants(CancellationToken cancellation)
    {
        const string folder = "!v/";
        var list = ChildProcess.Run(Program, ["--voices=variant"], [], 1 << 20, Timeout, cancellation)?.Text ?? "";
        return list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith(folder, StringComparison.Ordinal)).Select(word => word[folder.Length..])
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Speaks a text and returns its first <paramref name="samples"/> samples in [-1, 1] or, where it is shorter, all. The
    /// program is stopped once it has said that much. Null, with espeak-ng's complaint, where it fails before.
    /// </summary>
    public static float[]? Speak(string text, Speaker speaker, int samples, out string complaint, CancellationToken cancellation)
    {
        string[] arguments = ["--stdout", "--stdin", "-b", "1", "-v", $"{speaker.Voice}+{speaker.Variant}", "-p", $"{speaker.Pitch}", "-s", $"{speaker.Speed}"];
        var result = ChildProcess.Run(Program, arguments, Encoding.UTF8.GetBytes(text + "\n"), HeaderBytes + 2 * samples, Timeout, cancellation)
            ?? throw new CromaException($"{Program} is not installed; 'apt-get install {Program}' installs it");
        complaint = result.Complaint;
        if (result.ExitCode is not (0 or ChildProcess.Stopped) || result.Output.Length <= HeaderBytes) return null;
        CheckHeader(result.Output);
        var sound = new float[(result.Output.Length - HeaderBytes) / 2];
        for (var i = 0; i < sound.Length; i++)
            sound[i] = BinaryPrimitives.ReadInt16LittleEndian(result.Output.AsSpan(HeaderBytes + 2 * i)) / 32768f;
        return sound;
    }

    /// <summary>Accepts the one kind of WAV header that espeak-ng writes: 16-bit PCM, one channel, 22050 Hz.</summary>
    private static void CheckHeader(ReadOnlySpan<byte> wav)
    {
        if (!wav[..4].SequenceEqual("RIFF"u8) || !wav[8..16].SequenceEqual("WAVEfmt "u8) || !wav[36..40].SequenceEqual("data"u8)
            || BinaryPrimitives.ReadInt32LittleEndian(wav[20..]) != 0x00010001
            || BinaryPrimitives.ReadInt32LittleEndian(wav[24..]) != SampleRate
            || BinaryPrimitives.ReadInt16LittleEndian(wav[34..]) != 16)
            throw new CromaException($"{Program} did not write 16-bit PCM with one channel at {SampleRate} Hz; versions 1.49 to 1.52 do");
    }
}
