using BenchmarkDotNet.Attributes;
using Croma.Compute;

namespace Croma.Benchmarks;

/// <summary>A layer forwards, as in prediction, and forwards and backwards with all its gradients, the input's included.</summary>
public abstract unsafe class LayerBenchmark : KernelBenchmark
{
    private const float Gradient = 1e-3f;

    private Tape _tape = null!;
    private ParameterVector _parameters = null!;

    private protected ParameterLayout Layout { get; private set; } = null!;

    public override void CleanUp()
    {
        _tape.Dispose();
        _parameters.Dispose();
    }

    [Benchmark]
    public float Forward()
    {
        _tape.Clear();
        return Apply(_tape, _parameters.Frozen, trained: false).Row(0)[0];
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        _tape.Clear();
        _parameters.ClearGradients();
        var y = Apply(_tape, _parameters, trained: true);
        new Span<float>(y.Gradients, y.Size).Fill(Gradient);
        _tape.Backward();
    }

    /// <summary>Makes the layer in <see cref="Layout"/> and its input.</summary>
    private protected abstract void Make();

    /// <summary>Applies it; where <paramref name="trained"/>, to an input that wants its gradient.</summary>
    private protected abstract Tensor Apply(Tape tape, ParameterVector parameters, bool trained);

    protected sealed override void Prepare()
    {
        Layout = new ParameterLayout();
        Make();
        (_tape, _parameters) = (new Tape(), new ParameterVector(Layout, trainable: true));
        _parameters.Initialize(new CounterRandom(1, 1));
    }
}
