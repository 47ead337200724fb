using Croma.Compute;
using Croma.Compute.Layers;
using Croma.Encoders;

namespace Croma.Tests.Contributing;

/// <summary>Features to the shared space: one half a linear projection, the other through a hidden layer (after Cheng et al. 2016, "Wide and Deep Learning").</summary>
public sealed class WideAndDeep : Encoder
{
    private readonly Linear _wide, _hidden, _deep;

    /// <param name="features">Numbers a sample.</param>
    /// <param name="hidden">Width of the hidden layer.</param>
    /// <param name="dimension">Dimension of the shared space.</param>
    public WideAndDeep(int features, int hidden, int dimension)
    {
        _wide = new Linear(Layout, "wide", features, dimension / 2);
        _hidden = new Linear(Layout, "hidden", features, hidden, relu: true);
        _deep = new Linear(Layout, "deep", hidden, dimension - dimension / 2);
        Dimension = dimension;
    }

    public override int Dimension { get; }

    public override Tensor Encode(Tape tape, ParameterVector parameters, InputBatch batch)
    {
        var x = tape.Input(batch.Values, batch.Count, batch.Width);
        var deep = _deep.Forward(tape, parameters, _hidden.Forward(tape, parameters, x));
        return tape.Concatenate(_wide.Forward(tape, parameters, x), deep);
    }
}
