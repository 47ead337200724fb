using Croma.Datasets.Speech;

namespace Croma.Datasets.Import;

/// <summary>
/// What an encoder sees of a sound: log-mel energies of 40 bands, 100 frames a second, each clip shifted and scaled as a
/// whole to mean 0 and variance 1. Loudness is gone and the spectrum stays, by which sounds are told apart; nothing is
/// learnt from other clips, so that a new one is treated alike.
/// </summary>
internal static class ClipFrames
{
    private const double VarianceFloor = 1e-5;
    private static readonly LogMel s_logMel = new();

    /// <summary>The frames [steps, 40] of samples at 16 kHz.</summary>
    public static Half[] Of(ReadOnlySpan<float> samples) => Normalise(s_logMel.Energies(samples));

    private static Half[] Normalise(float[] energies)
    {
        var (mean, squares) = (energies.Average(e => (double)e), 0.0);
        foreach (var energy in energies) squares += (energy - mean) * (energy - mean);
        var scale = 1 / Math.Sqrt(squares / energies.Length + VarianceFloor);
        return [.. energies.Select(energy => (Half)((energy - mean) * scale))];
    }
}
