using Croma.Compute;
using Croma.Encoders;
using Croma.Method;

namespace Croma.Cli.Bench;

/// <summary>512-256-256-5 with ReLU, cross-entropy, Adam: `mlp B`.</summary>
internal sealed class MlpWorkload : Workload
{
    private readonly Mlp _network = new(512, [256, 256], 5);
    private readonly InnerLearner _learner;
    private readonly Tape _tape = new();
    private readonly InputBatch _batch = new();
    private readonly int[] _labels;

    public MlpWorkload(int batch, AdamOptions adam)
    {
        _learner = new InnerLearner(_network.Layout, adam);
        for (var layer = 0; layer < 3; layer++)
        {
            PeerNumbers.Fill(_learner.Parameters, $"layer.{layer}.weight", 1 + 2 * layer, layer == 0 ? 0.05 : 0.06);
            PeerNumbers.Fill(_learner.Parameters, $"layer.{layer}.bias", 2 + 2 * layer, layer == 0 ? 0.05 : 0.06);
        }
        _batch.Resize(batch, 1, 512);
        PeerNumbers.Draw(batch * 512, 7, 1).CopyTo(_batch.Values);
        _labels = Labels(batch);
    }

    public override double Operations => Layer(_labels.Length, 512, 256, inputGradient: false) + Layer(_labels.Length, 256, 256) + Layer(_labels.Length, 256, 5);

    public override float Step()
    {
        _tape.Clear();
        var loss = _tape.CrossEntropy(_network.Encode(_tape, _learner.Parameters, _batch), _labels);
        _tape.Backward(loss);
        _learner.Step();
        return loss.Scalar;
    }

    public override void Dispose()
    {
        _learner.Dispose();
        _tape.Dispose();
    }
}
