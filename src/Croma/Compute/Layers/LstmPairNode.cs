using Croma.Compute.Kernels;

namespace Croma.Compute.Layers;

/// <summary>Two LSTMs over one input: with two threads each takes one, and they need not meet on the way.</summary>
internal sealed unsafe class LstmPairNode : Node, ISplit
{
    private readonly LstmNode _first = new(), _second = new();
    private Tape _tape = null!;
    private Tensor _x;
    private Real* _secondGradient;
    private bool _needsGradient;

    public void Forward(Tape tape, ParameterVector parameters, Tensor x, Lstm first, ReadOnlySpan<int> firstRows, Tensor firstOutput,
        Lstm second, ReadOnlySpan<int> secondRows, Tensor secondOutput, int batch)
    {
        (_tape, _x, _needsGradient) = (tape, x, firstOutput.NeedsGradient);
        // both add to the input's gradient at the same time: the second into memory of its own
        _secondGradient = x.NeedsGradient ? tape.Scratch(x.Size) : null;
        _first.Prepare(tape, first, parameters, x, x.Gradients, firstRows, firstOutput, batch);
        _second.Prepare(tape, second, parameters, x, _secondGradient, secondRows, secondOutput, batch);
        tape.Split(this);
    }

    public override void Backward()
    {
        if (!_needsGradient) return;
        if (_secondGradient != null) new Span<Real>(_secondGradient, _x.Size).Clear();
        _first.PrepareBackward();
        _second.PrepareBackward();
        _tape.Split(this);
        if (_secondGradient != null) VectorKernels.AddScaled(_x.Gradients, _secondGradient, 1, _x.Size);
        _first.LearnBiases();
        _second.LearnBiases();
    }

    public void Run(int part, int parts)
    {
        if (part == 0) _first.Run(0, 1);
        if (part == parts - 1) _second.Run(0, 1);
    }
}
