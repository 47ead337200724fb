using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Croma.Data;
using Croma.Datasets.Media;
using Croma.Datasets.Speech;

namespace Croma.Datasets.Recordings;

/// <summary>A recorded clip as encoders and people get it.</summary>
/// <param name="Frames">Log-mel frames, rows of 40.</param>
/// <param name="Heard">A WAV file.</param>
/// <param name="Sha256">Of the file it was decoded from.</param>
internal sealed record SpokenClip(Half[] Frames, byte[] Heard, string Sha256);

/// <summary>
/// Recorded speech as log-mel frames. What is quieter than the loudest frame by 30 dB at either end of a clip is cut off,
/// and every band is shifted and scaled to mean 0 and variance 1 over the clip's own frames: that takes away a constant
/// channel, its level and its background, without asking which language (or speaker) the clip is of, which would be asking
/// for a query's label.
/// </summary>
internal static class SpokenClips
{
    /// <summary>Only this much of a clip is kept, in seconds.</summary>
    public const int MaximumSeconds = 6;

    private const int Margin = 5;
    private const double Silence = 6.9; // natural logarithm of 30 dB in energy
    private static readonly LogMel s_features = new();
    private static readonly Resampler s_forListening = new(LogMel.SampleRate, MuLawWave.SampleRate);

    /// <summary>Where a data set's clips are kept until it is written.</summary>
    /// <param name="dataset">Its folder.</param>
    /// <param name="ffmpeg">The version of the program that decodes.</param>
    public static KeptResults<SpokenClip> Kept(string dataset, string ffmpeg) => new(KeptResults<SpokenClip>.FolderOf(dataset), $"speech 1, ffmpeg {ffmpeg}", 3,
        clip => [MemoryMarshal.AsBytes(clip.Frames.AsSpan()).ToArray(), clip.Heard, Encoding.ASCII.GetBytes(clip.Sha256)],
        parts => new SpokenClip(MemoryMarshal.Cast<byte, Half>(parts[0]).ToArray(), parts[1], Encoding.ASCII.GetString(parts[2])));

    /// <summary>Decodes clips; null where one is broken and skipped.</summary>
    public static SpokenClip?[] Decode(IReadOnlyList<MediaFile> files, int threads, BrokenFiles broken, KeptResults<SpokenClip>? kept, IProgress<RecipeProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new RecipeProgress("sounds", 0, files.Count));
        return broken.Decode(files, threads, (decoder, paths) => decoder.Sounds(paths, LogMel.SampleRate, cancellation), Clip, kept, done => progress?.Report(new RecipeProgress("sounds", done, files.Count)), cancellation);
    }

    /// <summary>Adds a clip and its transcript to a data set: a pair where the part is alignment.</summary>
    public static void Add(DatasetWriter writer, int concept, Part part, int group, string text, SpokenClip clip, bool heard)
    {
        var source = writer.Source.Add(concept, part, group, Encoding.UTF8.GetBytes(text));
        var target = writer.Target.Add(concept, part, group, clip.Frames);
        if (part == Part.Alignment) writer.AddPair(source, target);
        if (heard && part != Part.Source) writer.Target.AddMedia(target, ".wav", clip.Heard);
    }

    /// <summary>Energies [frames, 40] without the silence before and after; the clip's loudest frame is always in it.</summary>
    internal static ReadOnlySpan<float> Trim(ReadOnlySpan<float> energies)
    {
        var loudness = new double[energies.Length / LogMel.Bands];
        for (var i = 0; i < energies.Length; i++) loudness[i / LogMel.Bands] += Math.Exp(energies[i]);
        for (var frame = 0; frame < loudness.Length; frame++) loudness[frame] = Math.Log(loudness[frame]);
        var least = loudness.Max() - Silence;
        var first = Math.Max(0, Array.FindIndex(loudness, l => l >= least) - Margin);
        var last = Math.Min(loudness.Length - 1, Array.FindLastIndex(loudness, l => l >= least) + Margin);
        return energies[(first * LogMel.Bands)..((last + 1) * LogMel.Bands)];
    }

    /// <summary>What an encoder sees of a sound at 16 kHz.</summary>
    public static Half[] Frames(ReadOnlySpan<float> sound) => s_features.Normalise(Trim(s_features.Energies(Beginning(sound))));

    private static ReadOnlySpan<float> Beginning(ReadOnlySpan<float> sound) => sound[..Math.Min(sound.Length, MaximumSeconds * LogMel.SampleRate)];

    private static SpokenClip Clip(MediaFile file, float[] sound)
    {
        var samples = Beginning(sound);
        return new SpokenClip(Frames(samples), MuLawWave.Encode(s_forListening.Convert(samples)), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Path))));
    }
}
