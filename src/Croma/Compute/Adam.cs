using Croma.Compute.Kernels;

namespace Croma.Compute;

/// <summary>Adam's settings (Kingma and Ba 2015).</summary>
public sealed record AdamOptions
{
    /// <summary>Step size. Default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the first moment. Default 0, as in the paper's released code: no momentum between a task's few steps.</summary>
    public double Beta1 { get; init; }

    /// <summary>Decay of the second moment. Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Adam over a whole <see cref="ParameterVector"/> in one pass.</summary>
public sealed unsafe class Adam : IDisposable
{
    // beta1 = 0.9 takes a first moment from Tiny.Below to 2e-30 in so many steps without a gradient
    private const int StepsBetweenSweeps = 256;

    private readonly ParameterVector? _first;
    private readonly ParameterVector _second;
    private readonly AdamOptions _options;

    public Adam(ParameterLayout layout, AdamOptions options)
    {
        _options = options;
        if (options.Beta1 != 0) _first = new ParameterVector(layout);
        _second = new ParameterVector(layout);
    }

    /// <summary>Steps taken since the start or the last <see cref="Reset"/>.</summary>
    public int Steps { get; set; }

    /// <summary>The moments, for checkpoints: sums of gradients and their squares without the factors 1 - beta.</summary>
    public IEnumerable<(string Name, ParameterVector Moment)> Moments =>
        _first == null ? [("second", _second)] : [("first", _first), ("second", _second)];

    /// <summary>Forgets the moments: a fresh optimiser for a new task.</summary>
    public void Reset()
    {
        // the first step does not read the moments
        Steps = 0;
    }

    /// <summary>One update from the vector's gradients, which are cleared.</summary>
    public void Step(ParameterVector parameters)
    {
        parameters.FinishStep(this);
        Steps++;
        // what gets no gradient any more (a character that no text has) would fade into the slow numbers and stay there
        if (_first != null && Steps % StepsBetweenSweeps == 0) VectorKernels.DropTiny(First, _first.Layout.Size);
    }

    /// <summary>The rates of the step that is being made.</summary>
    internal AdamRates Rates => new(_options.LearningRate, _options.Beta1, _options.Beta2, _options.Epsilon, Steps + 1);

    /// <summary>The first moments; null with beta1 = 0.</summary>
    internal Real* First => _first == null ? null : _first.ValuesToWrite;

    internal Real* Second => _second.ValuesToWrite;

    public void Dispose()
    {
        _first?.Dispose();
        _second.Dispose();
    }
}
