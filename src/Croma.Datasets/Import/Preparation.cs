using System.Globalization;

namespace Croma.Datasets.Import;

/// <summary>
/// How files become samples, by the name that a data set's manifest and a model keep: a file of a user's is prepared
/// alike. Another way gets another name.
/// </summary>
internal static class Preparation
{
    /// <summary><see cref="SquarePixels"/>, of the side that the model has.</summary>
    public const string Picture = "picture 1";

    private const string SoundStart = "sound 1, ", SoundEnd = " s";

    /// <summary><see cref="ClipFrames"/>, of so many seconds.</summary>
    public static string Sound(int seconds) => string.Create(CultureInfo.InvariantCulture, $"{SoundStart}{seconds}{SoundEnd}");

    /// <summary>The seconds of a sound's preparation; null where it is none.</summary>
    public static int? SecondsOf(string? preparation) =>
        preparation is not null && preparation.StartsWith(SoundStart, StringComparison.Ordinal) && preparation.EndsWith(SoundEnd, StringComparison.Ordinal)
        && int.TryParse(preparation.AsSpan(SoundStart.Length..^SoundEnd.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 600 ? seconds : null;
}
