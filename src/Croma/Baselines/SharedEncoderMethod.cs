using Croma.Compute;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Domain adaptation with one encoder for both modalities (Appendix D.2): Reptile on source classification tasks, whose
/// inner steps move encoder and phi together, on the cross-entropy plus what a row adds to it. All else is as in CroMA,
/// so that what differs is the sharing.
/// </summary>
public abstract class SharedEncoderMethod : FewShotMethod
{
    private readonly LabelledSamples _sources;
    private readonly SampleReader _sourceReader;
    private readonly InnerLearner _encoder, _classifier, _loss;
    private readonly Reptile _encoderUpdate, _classifierUpdate, _lossUpdate;
    private readonly Tape _tape = new();
    private readonly InputBatch _batch = new();
    private readonly int[] _samples, _labels;

    private protected SharedEncoderMethod(MetaParameters meta, MetaOptions options, TrainingData data, LabelledSamples sources, InputOptions input, ulong seed)
        : base(meta, options, data, seed)
    {
        (_sources, _sourceReader) = (sources, new SampleReader(sources.Modality, input));
        (_encoder, _encoderUpdate) = Learner(meta.SourceEncoder.Layout, options.EncoderLearningRate);
        (_classifier, _classifierUpdate) = Learner(meta.Classifier.Layout, options.ClassifierLearningRate);
        (_loss, _lossUpdate) = Learner(meta.AlignmentLoss.Layout, options.AlignmentLearningRate);
        (_samples, _labels) = (new int[options.ClassifierBatch], new int[options.ClassifierBatch]);

        (InnerLearner, Reptile) Learner(ParameterLayout layout, double learningRate) =>
            (new(layout, new AdamOptions { LearningRate = learningRate, Beta1 = options.Beta1 }, options.CarryOptimizer), new(layout, options));
    }

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers => TrainingState.Of(Options,
        ("shared_encoder", _encoder, _encoderUpdate), ("classifier", _classifier, _classifierUpdate), ("alignment_loss", _loss, _lossUpdate));

    public sealed override IterationLosses Iterate(int iteration)
    {
        _encoder.StartFrom(Meta.SourceEncoder);
        _classifier.StartFrom(Meta.Classifier);
        _loss.StartFrom(Meta.AlignmentLoss);
        var (task, random) = (new ClassificationTask(_sources, Options.Ways, Options.Shots, Random("T_s", iteration)), Random("batches of T_s", iteration));
        var order = new BatchOrder(task.Samples.Length, Options.ClassifierBatch, random);
        Start(task, iteration);
        var (classification, further) = (0.0, double.NaN);
        for (var step = 0; step < Options.InnerSteps; step++)
        {
            _tape.Clear();
            var loss = CrossEntropy(_sourceReader, Meta.Network.SourceEncoder, task, order.Next(), random);
            classification += loss.Scalar;
            if (FurtherLoss(_tape, _loss.Parameters) is { } added)
            {
                further = (double.IsNaN(further) ? 0 : further) + added.Scalar;
                loss = _tape.Add(loss, added);
            }
            _tape.Backward(loss);
            _encoder.Step();
            _classifier.Step();
            _loss.Step();
        }
        _encoderUpdate.Update(Meta.SourceEncoder, _encoder.Parameters);
        _classifierUpdate.Update(Meta.Classifier, _classifier.Parameters);
        _lossUpdate.Update(Meta.AlignmentLoss, _loss.Parameters);
        return Report(further / Options.InnerSteps, classification / Options.InnerSteps);
    }

    public override void Dispose()
    {
        foreach (var part in new IDisposable[] { _encoder, _classifier, _loss, _encoderUpdate, _classifierUpdate, _lossUpdate, _tape }) part.Dispose();
        base.Dispose();
    }

    /// <summary>Draws what the iteration needs besides the source task.</summary>
    private protected virtual void Start(ClassificationTask task, int iteration) { }

    /// <summary>What a step adds to the source cross-entropy.</summary>
    private protected virtual Tensor? FurtherLoss(Tape tape, ParameterVector lossParameters) => null;

    private protected virtual IterationLosses Report(double further, double classification) => new(further, classification);

    /// <summary>The cross-entropy of some of a task's samples.</summary>
    private protected Tensor CrossEntropy(SampleReader reader, Encoder way, ClassificationTask task, ReadOnlySpan<int> positions, CounterRandom random)
    {
        for (var i = 0; i < positions.Length; i++) (_samples[i], _labels[i]) = (task.Samples[positions[i]], task.Labels[positions[i]]);
        var embeddings = Embed(reader, way, _samples.AsSpan(0, positions.Length), random);
        return _tape.CrossEntropy(Meta.Network.Classifier.Classify(_tape, _classifier.Parameters, embeddings), _labels.AsSpan(0, positions.Length));
    }

    /// <summary>Samples' embeddings by the task's copy of the encoder.</summary>
    private protected Tensor Embed(SampleReader reader, Encoder way, ReadOnlySpan<int> samples, CounterRandom random)
    {
        reader.Read(_batch, samples, random);
        return way.Encode(_tape, _encoder.Parameters, _batch);
    }
}
