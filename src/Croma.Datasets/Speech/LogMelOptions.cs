namespace Croma.Datasets.Speech;

/// <summary>What the bands sum up.</summary>
public enum MelSpectrum
{
    /// <summary>Squared magnitudes.</summary>
    Power,

    /// <summary>Magnitudes.</summary>
    Magnitude,
}

/// <summary>On which scale the sides of the bands' triangles are straight.</summary>
public enum MelTriangles
{
    /// <summary>Frequency.</summary>
    Hertz,

    /// <summary>The mel scale.</summary>
    Mel,
}

/// <summary>How sound becomes log-mel features. Defaults are those of speech at 16 kHz.</summary>
public sealed record LogMelOptions
{
    /// <summary>Samples a second. Default 16000.</summary>
    public int Rate { get; init; } = LogMel.SampleRate;

    /// <summary>Samples a frame. Default 400, 25 ms.</summary>
    public int Window { get; init; } = LogMel.Window;

    /// <summary>Samples from one frame to the next. Default 160, 10 ms.</summary>
    public int Hop { get; init; } = LogMel.Hop;

    /// <summary>Points of the Fourier transform, at least <see cref="Window"/>: a frame is followed by zeros. Default 512.</summary>
    public int Transform { get; init; } = 512;

    /// <summary>Bands. Default 40.</summary>
    public int Bands { get; init; } = LogMel.Bands;

    /// <summary>Where the lowest band begins, in Hz. Default 20.</summary>
    public double Lowest { get; init; } = 20;

    /// <summary>Where the highest band ends, in Hz, at most half the rate. Default 8000.</summary>
    public double Highest { get; init; } = 8000;

    /// <summary>Default Power.</summary>
    public MelSpectrum Spectrum { get; init; }

    /// <summary>Default Hertz.</summary>
    public MelTriangles Triangles { get; init; }

    /// <summary>What is added before the logarithm. Default 1e-6.</summary>
    public double Floor { get; init; } = 1e-6;

    /// <summary>Frames that so many samples give, no window reaching beyond their end: at least 1.</summary>
    public int FrameCount(int samples) => 1 + Math.Max(0, samples - Window) / Hop;

    /// <summary>Samples that so many frames need.</summary>
    public int SamplesOf(int frames) => checked((frames - 1) * Hop + Window);

    /// <summary>A band's triangle, of height 1, at the bins of the transform.</summary>
    internal (int FirstBin, double[] Weights) Filter(int band)
    {
        var step = (double)Rate / Transform;
        var (low, centre, high) = (Edge(band), Edge(band + 1), Edge(band + 2));
        var first = (int)Math.Ceiling(low / step);
        var weights = new double[(int)Math.Floor(high / step) - first + 1];
        if (Triangles == MelTriangles.Mel) (low, centre, high) = (Mel(low), Mel(centre), Mel(high));
        for (var i = 0; i < weights.Length; i++)
        {
            var frequency = (first + i) * step;
            if (Triangles == MelTriangles.Mel) frequency = Mel(frequency);
            weights[i] = frequency <= centre ? (frequency - low) / (centre - low) : (high - frequency) / (high - centre);
        }
        return (first, weights);
    }

    private double Edge(int index)
    {
        var (low, high) = (Mel(Lowest), Mel(Highest));
        return 700 * (Math.Pow(10, (low + (high - low) * index / (Bands + 1)) / 2595) - 1);
    }

    private static double Mel(double frequency) => 2595 * Math.Log10(1 + frequency / 700);
}
