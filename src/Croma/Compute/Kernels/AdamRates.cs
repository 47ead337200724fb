namespace Croma.Compute.Kernels;

/// <summary>What Adam's update of one step needs: p += Step m / (sqrt(v) RootScale + Epsilon).</summary>
internal readonly struct AdamRates
{
    /// <param name="stepSize">The learning rate.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="steps">Steps, this one included: corrects the moments for their start at zero.</param>
    public AdamRates(double stepSize, double beta1, double beta2, double epsilon, int steps)
    {
        // 1 - 0.999f is 1.3e-5 off 0.001: differences are taken before they are rounded, as PyTorch does
        (Beta1, Rest1, Beta2, Rest2, Epsilon) = ((Real)beta1, (Real)(1 - beta1), (Real)beta2, (Real)(1 - beta2), (Real)epsilon);
        First = steps == 1;
        Step = (Real)(-stepSize / (1 - Math.Pow(beta1, steps)));
        RootScale = (Real)(1 / Math.Sqrt(1 - Math.Pow(beta2, steps)));
    }

    /// <summary>Whether there are no moments yet.</summary>
    public bool First { get; }

    public Real Step { get; }

    public Real Beta1 { get; }

    public Real Rest1 { get; }

    public Real Beta2 { get; }

    public Real Rest2 { get; }

    public Real Epsilon { get; }

    public Real RootScale { get; }
}
