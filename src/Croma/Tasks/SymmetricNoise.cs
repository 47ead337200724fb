using Croma.Compute;

namespace Croma.Tasks;

/// <summary>Symmetric label noise (section 5.4; Han et al. 2018): a label is wrong at a given rate, and then any other class is as likely.</summary>
internal static class SymmetricNoise
{
    /// <summary>The label or another one; draws as much whichever it is, so that a higher rate keeps the wrong labels of a lower one.</summary>
    public static int Apply(int label, int classes, double rate, CounterRandom random)
    {
        var (flips, other) = (random.NextDouble() < rate, random.Next(classes - 1));
        return flips ? (other < label ? other : other + 1) : label;
    }

    /// <exception cref="CromaException">The rate is none.</exception>
    public static void RequireRate(double rate)
    {
        if (rate is not (>= 0 and <= 1)) throw new CromaException($"A rate of label noise is from 0 to 1, not {rate}.");
    }
}
