using Croma.Compute;
using Croma.Method;

namespace Croma.Cli.Bench;

/// <summary>
/// One meta-iteration of Algorithm 1 on features: copies, 5 steps of alignment, Reptile, a copy, 5 steps of
/// classification, Reptile: `meta B`.
/// </summary>
internal sealed class MetaWorkload : Workload
{
    private const int InnerSteps = 5;

    private readonly Network _network = AlignmentNetwork.Create();
    private readonly MetaParameters _meta;
    private readonly InnerLearner _source, _target, _loss, _classifier;
    private readonly Reptile _sourceUpdate, _targetUpdate, _classifierUpdate;
    private readonly Duet _duet = new(threads: 1);
    private readonly AlignmentStep _step;
    private readonly Tape _encoding = new(), _tape = new();
    private readonly int[] _groups, _labels;

    public MetaWorkload(int batch, AdamOptions adam)
    {
        _meta = new MetaParameters(_network, seed: 0);
        AlignmentNetwork.Fill(_meta.SourceEncoder, _meta.TargetEncoder);
        PeerNumbers.Fill(_meta.Classifier, "linear.weight", 55, 0.06);
        PeerNumbers.Fill(_meta.Classifier, "linear.bias", 56, 0.06);
        (_source, _target, _loss, _classifier) = (Learner(_meta.SourceEncoder), Learner(_meta.TargetEncoder), Learner(_meta.AlignmentLoss), Learner(_meta.Classifier));
        var options = new MetaOptions { MetaStepSize = 0.1 };
        (_sourceUpdate, _targetUpdate, _classifierUpdate) =
            (new(_meta.SourceEncoder.Layout, options), new(_meta.TargetEncoder.Layout, options), new(_meta.Classifier.Layout, options));
        _step = new AlignmentStep(_network, _duet, _source, _target, _loss);
        AlignmentNetwork.Fill(_step, batch);
        (_groups, _labels) = ([.. Enumerable.Range(0, batch)], Labels(batch));

        InnerLearner Learner(ParameterVector start) => new(start.Layout, adam);
    }

    public override double Operations =>
        InnerSteps * AlignmentNetwork.Operations(_groups.Length)
        + 2.0 * _groups.Length * (512 * 256 + 256 * 256) + InnerSteps * Layer(_groups.Length, 256, 5, inputGradient: false);

    public override float Step()
    {
        _source.StartFrom(_meta.SourceEncoder);
        _target.StartFrom(_meta.TargetEncoder);
        for (var i = 0; i < InnerSteps; i++) _step.Take(_groups);
        _sourceUpdate.Update(_meta.SourceEncoder, _source.Parameters);
        _targetUpdate.Update(_meta.TargetEncoder, _target.Parameters);

        _classifier.StartFrom(_meta.Classifier);
        float loss = 0;
        _encoding.Clear();
        var embeddings = _network.SourceEncoder.Encode(_encoding, _meta.SourceEncoder, _step.SourceBatch);
        for (var i = 0; i < InnerSteps; i++)
        {
            _tape.Clear();
            var crossEntropy = _tape.CrossEntropy(_network.Classifier.Classify(_tape, _classifier.Parameters, embeddings), _labels);
            _tape.Backward(crossEntropy);
            _classifier.Step();
            loss = crossEntropy.Scalar;
        }
        _classifierUpdate.Update(_meta.Classifier, _classifier.Parameters);
        return loss;
    }

    public override void Dispose()
    {
        foreach (var part in new IDisposable[] { _meta, _source, _target, _loss, _classifier, _sourceUpdate, _targetUpdate, _classifierUpdate, _duet, _step, _encoding, _tape }) part.Dispose();
    }
}
