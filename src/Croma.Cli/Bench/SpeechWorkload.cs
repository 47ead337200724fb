using Croma.Compute;
using Croma.Compute.Layers;
using Croma.Method;

namespace Croma.Cli.Bench;

/// <summary>Two LSTM layers of 256 over frames of 40, the last output, 256 ReLU, 5 classes: `speech T B`.</summary>
internal sealed class SpeechWorkload : Workload
{
    private const int Features = 40, Hidden = 256;

    private readonly ParameterLayout _layout = new();
    private readonly Lstm _first, _second;
    private readonly Linear _hidden, _output;
    private readonly InnerLearner _learner;
    private readonly Duet _duet;
    private readonly Tape _tape;
    private readonly float[] _frames;
    private readonly int[] _labels;
    private readonly int _steps;

    public SpeechWorkload(int steps, int batch, AdamOptions adam, int threads)
    {
        _first = new Lstm(_layout, "lstm.0", Features, Hidden);
        _second = new Lstm(_layout, "lstm.1", Hidden, Hidden);
        _hidden = new Linear(_layout, "hidden", Hidden, 256, relu: true);
        _output = new Linear(_layout, "output", 256, 5);
        _learner = new InnerLearner(_layout, adam);
        RecurrentNumbers.FillLstm(_learner.Parameters, "lstm.0", 81);
        RecurrentNumbers.FillLstm(_learner.Parameters, "lstm.1", 91);
        RecurrentNumbers.FillHead(_learner.Parameters, 101, 105, 0.06);
        _duet = new Duet(threads);
        (_tape, _steps, _labels) = (new Tape(_duet), steps, Labels(batch));
        _frames = PeerNumbers.Draw(steps * batch * Features, 111, 1);
    }

    public override double Operations
    {
        get
        {
            var (rows, batch) = (_steps * _labels.Length, _labels.Length);
            return Layer(rows, Features, 4 * Hidden, inputGradient: false) + Layer(rows, Hidden, 4 * Hidden)
                + 2 * Layer(rows - batch, Hidden, 4 * Hidden) + Layer(batch, Hidden, 256) + Layer(batch, 256, 5);
        }
    }

    public override bool UsesThreads => true;

    public override float Step()
    {
        _tape.Clear();
        var (parameters, batch) = (_learner.Parameters, _labels.Length);
        var x = _tape.Input(_frames, _steps * batch, Features);
        x = _second.Forward(_tape, parameters, _first.Forward(_tape, parameters, x, batch), batch);
        var last = x.Slice(x.Rows - batch, batch);
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

/// <summary>Initial weights that `speech` and `text` share.</summary>
internal static class RecurrentNumbers
{
    public static void FillLstm(ParameterVector parameters, string name, int seed)
    {
        const double scale = 1.0 / 16;
        PeerNumbers.Fill(parameters, name + ".weight_ih", seed, scale);
        PeerNumbers.Fill(parameters, name + ".weight_hh", seed + 1, scale);
        PeerNumbers.Fill(parameters, name + ".bias_ih", seed + 2, scale);
        PeerNumbers.Fill(parameters, name + ".bias_hh", seed + 3, scale);
    }

    public static void FillHead(ParameterVector parameters, int hiddenSeed, int outputSeed, double hiddenScale)
    {
        foreach (var (layer, seed, scale) in new[] { ("hidden", hiddenSeed, hiddenScale), ("output", outputSeed, 0.06) })
        {
            PeerNumbers.Fill(parameters, layer + ".weight", seed, scale);
            PeerNumbers.Fill(parameters, layer + ".bias", seed + 1, scale);
        }
    }
}
