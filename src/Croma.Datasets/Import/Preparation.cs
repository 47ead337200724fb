using System.Globalization;
using System.Runtime.InteropServices;
using Croma.Datasets.CifarEsc50;
using Croma.Datasets.Media;
using Croma.Datasets.Recordings;
using Croma.Datasets.Speech;
using Croma.Datasets.UdhrSpeech;

namespace Croma.Datasets.Import;

/// <summary>
/// How files become samples, by the name that a data set's manifest and a model keep: a file of a user's is prepared
/// alike. Another way gets another name.
/// </summary>
internal static class Preparation
{
    /// <summary>The middle square of a picture (<see cref="SquarePixels"/>), of the side that the model has.</summary>
    public const string Picture = "picture 1";

    /// <summary>The whole picture in a white square, likewise.</summary>
    public const string PaddedPicture = "picture 2";

    /// <summary>Recorded speech, <see cref="SpokenClips.Frames"/>.</summary>
    public const string Speech = "speech 1";

    /// <summary>Speech without silence around it, <see cref="UdhrClips.FramesOf"/>.</summary>
    public const string Utterance = "speech 2";

    private const string SoundStart = "sound 1, ", SoundEnd = " s", ClipStart = "clip 1, ";

    private static readonly LogMel s_clips = new(ClipFeatures.Bands);

    /// <summary><see cref="ClipFrames"/>, of so many seconds.</summary>
    public static string Sound(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{SoundStart}{seconds}{SoundEnd}");

    /// <summary><see cref="ClipFeatures"/>, standardised by these means and scales of bands.</summary>
    public static string Clip(BandStatistics bands) => ClipStart + Convert.ToBase64String(MemoryMarshal.AsBytes(((double[])[.. bands.Means, .. bands.Scales]).AsSpan()));

    /// <summary>What makes the planes of a picture, of a side; null where the preparation is not of pictures.</summary>
    public static Func<DecodedPicture, int, byte[]>? PixelsOf(string? preparation) => preparation switch
    {
        Picture => SquarePixels.Of,
        PaddedPicture => (picture, side) => SquarePixels.Of(SquarePixels.Padded(picture), side),
        _ => null,
    };

    /// <summary>What makes the frames of a sound at 16 kHz; null where the preparation is not of sounds.</summary>
    public static Func<float[], Half[]>? FramesOf(string? preparation)
    {
        if (preparation == Speech) return sound => SpokenClips.Frames(sound);
        if (preparation == Utterance) return UdhrClips.FramesOf;
        if (SecondsOf(preparation) is { } seconds) return sound => ClipFrames.Of(sound.AsSpan(0, Math.Min(sound.Length, seconds * LogMel.SampleRate)));
        if (BandsOf(preparation) is { } bands) return sound => bands.Standardise(ClipFeatures.Energies(s_clips, sound));
        return null;
    }

    private static int? SecondsOf(string? preparation) =>
        preparation is not null && preparation.StartsWith(SoundStart, StringComparison.Ordinal) && preparation.EndsWith(SoundEnd, StringComparison.Ordinal)
        && int.TryParse(preparation.AsSpan(SoundStart.Length..^SoundEnd.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 600 ? seconds : null;

    private static BandStatistics? BandsOf(string? preparation)
    {
        var numbers = new double[2 * ClipFeatures.Bands];
        return preparation is not null && preparation.StartsWith(ClipStart, StringComparison.Ordinal)
            && Convert.TryFromBase64String(preparation[ClipStart.Length..], MemoryMarshal.AsBytes(numbers.AsSpan()), out var read) && read == sizeof(double) * numbers.Length
            && Array.TrueForAll(numbers, double.IsFinite) ? new BandStatistics(numbers[..ClipFeatures.Bands], numbers[ClipFeatures.Bands..]) : null;
    }
}
