using BenchmarkDotNet.Attributes;
using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.Benchmarks;

/// <summary>One LSTM layer of 256 units over 100 steps of 256 numbers.</summary>
public class LstmBenchmark : LayerBenchmark
{
    private const int Steps = 100, Width = 256;

    private Lstm _lstm = null!;
    private float[] _x = [];

    [Params(4, 16)]
    public int Batch { get; set; }

    private protected override void Make() =>
        (_lstm, _x) = (new Lstm(Layout, "lstm", Width, Width), Values(Steps * Batch * Width, 2));

    private protected override Tensor Apply(Tape tape, ParameterVector parameters, bool trained)
    {
        var x = trained ? tape.Variable(Steps * Batch, Width) : tape.Input(Steps * Batch, Width);
        for (var r = 0; r < x.Rows; r++) _x.AsSpan(r * Width, Width).CopyTo(x.Row(r));
        return _lstm.Forward(tape, parameters, x, Batch);
    }
}
