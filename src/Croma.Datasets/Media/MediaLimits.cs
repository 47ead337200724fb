namespace Croma.Datasets.Media;

/// <summary>What a picture or sound may cost; one that would cost more is refused.</summary>
public sealed record MediaLimits
{
    /// <summary>Bytes of a file. Default 256 MiB.</summary>
    public long FileBytes { get; init; } = 256L << 20;

    /// <summary>Pixels of a picture. Default 50 million.</summary>
    public int Pixels { get; init; } = 50_000_000;

    /// <summary>
    /// Pixels that the pictures of one process of ffmpeg may have together; larger ones are decoded fewer at a time. It bounds
    /// memory (some 5 bytes a pixel) and the scratch folder (4). Default 100 million.
    /// </summary>
    public int PixelsAtOnce { get; init; } = 100_000_000;

    /// <summary>Seconds of sound. Default 600.</summary>
    public double Seconds { get; init; } = 600;

    /// <summary>What one process of ffmpeg may take. Default a minute.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(1);
}
