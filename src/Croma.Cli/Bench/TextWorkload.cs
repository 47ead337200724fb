using Croma.Compute;
using Croma.Compute.Layers;
using Croma.Method;

namespace Croma.Cli.Bench;

/// <summary>Embedded bytes, an LSTM of 256 in each direction, their last outputs, 256 ReLU, 5 classes: `text T B`.</summary>
internal sealed class TextWorkload : Workload
{
    private const int Width = 256, Hidden = 256;

    private readonly ParameterLayout _layout = new();
    private readonly Embedding _embedding;
    private readonly Lstm _forward, _backward;
    private readonly Linear _hidden, _output;
    private readonly InnerLearner _learner;
    private readonly Duet _duet;
    private readonly Tape _tape;
    private readonly int[] _tokens, _lengths, _labels;
    private readonly int _steps;

    public TextWorkload(int steps, int batch, AdamOptions adam, int threads)
    {
        _embedding = new Embedding(_layout, "embedding", 256, Width);
        _forward = new Lstm(_layout, "forward", Width, Hidden);
        _backward = new Lstm(_layout, "backward", Width, Hidden);
        _hidden = new Linear(_layout, "hidden", 2 * Hidden, 256, relu: true);
        _output = new Linear(_layout, "output", 256, 5);
        _learner = new InnerLearner(_layout, adam);
        _learner.Parameters.Write(_layout.Blocks[0], PeerNumbers.Draw(256 * Width, 61, 1));
        RecurrentNumbers.FillLstm(_learner.Parameters, "forward", 31);
        RecurrentNumbers.FillLstm(_learner.Parameters, "backward", 41);
        RecurrentNumbers.FillHead(_learner.Parameters, 51, 55, 0.05);
        _duet = new Duet(threads);
        (_tape, _steps, _labels) = (new Tape(_duet), steps, Labels(batch));
        _tokens = PeerNumbers.DrawBytes(steps * batch, 71);
        _lengths = [.. Enumerable.Repeat(steps, batch)];
    }

    public override double Operations
    {
        get
        {
            var (rows, batch) = (_steps * _labels.Length, _labels.Length);
            return 2 * (Layer(rows, Width, 4 * Hidden) + Layer(rows - batch, Hidden, 4 * Hidden)) + Layer(batch, 2 * Hidden, 256) + Layer(batch, 256, 5);
        }
    }

    public override bool UsesThreads => true;

    public override float Step()
    {
        _tape.Clear();
        var (parameters, batch) = (_learner.Parameters, _labels.Length);
        var characters = _embedding.Forward(_tape, parameters, _tape.Distinct(_tokens, 256, out var rows));
        var (forward, backward) = Lstm.Forward(_tape, parameters, characters, _forward, rows, _backward, _tape.Reverse(rows, _lengths), batch);
        var last = _tape.Concatenate(forward.Slice(forward.Rows - batch, batch), backward.Slice(backward.Rows - batch, batch));
        var loss = _tape.CrossEntropy(_output.Forward(_tape, parameters, _hidden.Forward(_tape, parameters, last)), _labels);
        _tape.Backward(loss);
        _learner.Step();
        return loss.Scalar;
    }

    public override void Dispose()
    {
        _learner.Dispose();
        _tape.Dispose();
        _duet.Dispose();
    }
}
