namespace Croma.Compute.Kernels;

/// <summary>
/// What Adam's update of one step needs. The moments are kept without the factors 1 - beta, which are constant and so
/// part of the rates: m = beta1 m + g, v = beta2 v + g^2, p -= m / (sqrt(v) RootScale + Epsilon).
/// </summary>
internal readonly struct AdamRates
{
    /// <summary>Steps below this one change no number in single precision.</summary>
    private const double LeastStep = 1e-20;

    /// <param name="stepSize">The learning rate.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="steps">Steps, this one included: corrects the moments for their start at zero.</param>
    public AdamRates(double stepSize, double beta1, double beta2, double epsilon, int steps)
    {
        First = steps == 1;
        (Beta1, Beta2) = ((Real)beta1, (Real)beta2);
        var step = Math.Max(stepSize, LeastStep) * (1 - beta1) / (1 - Math.Pow(beta1, steps));
        RootScale = (Real)(Math.Sqrt((1 - beta2) / (1 - Math.Pow(beta2, steps))) / step);
        Epsilon = (Real)(epsilon / step);
    }

    /// <summary>Whether there are no moments yet.</summary>
    public bool First { get; }

    public Real Beta1 { get; }

    public Real Beta2 { get; }

    public Real RootScale { get; }

    public Real Epsilon { get; }
}
