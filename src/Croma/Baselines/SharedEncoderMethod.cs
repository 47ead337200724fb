using Croma.Compute;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Domain adaptation with one encoder for both modalities (Appendix D.2), trained as its sources train it: encoder and
/// an ordinary classifier of all source classes of meta-train, on the cross-entropy plus what a row adds to it. The
/// classifier's classes are of no use at meta-test, so phi is fresh there, of `ways` classes, and adapts as every
/// method's does. An iteration makes n steps.
/// </summary>
public abstract class SharedEncoderMethod : FewShotMethod
{
    private readonly int[] _sources, _labels;
    private readonly SampleReader _sourceReader;
    private readonly Classifier _sourceClassifier;
    private readonly ParameterVector _classifierValues;
    private readonly InnerLearner _encoder, _classifier, _loss;
    private readonly Tape _tape = new();
    private readonly InputBatch _batch = new();
    private readonly int[] _samples, _classes;

    private protected SharedEncoderMethod(MetaParameters meta, MetaOptions options, TrainingData data, LabelledSamples sources, InputOptions input, ulong seed)
        : base(meta, options, data, seed)
    {
        (_sources, _labels) = sources.Flatten();
        (_samples, _classes) = (new int[options.ClassifierBatch], new int[options.ClassifierBatch]);
        _sourceReader = new SampleReader(sources.Contents, input);
        _sourceClassifier = new Classifier(meta.Network.SourceEncoder.Dimension, sources.Concepts.Count);
        _classifierValues = Fresh(_sourceClassifier.Layout, "source classifier");
        _encoder = Learner(meta.SourceEncoder.Layout, options.EncoderLearningRate);
        _classifier = Learner(_sourceClassifier.Layout, options.ClassifierLearningRate);
        _loss = Learner(meta.AlignmentLoss.Layout, options.AlignmentLearningRate);

        InnerLearner Learner(ParameterLayout layout, double learningRate) =>
            new(layout, new AdamOptions { LearningRate = learningRate, Beta1 = options.Beta1 }, carryOptimizer: true);
    }

    public override IEnumerable<(string Name, ParameterVector Values)> TrainingParts => [("source_classifier", _classifierValues)];

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers =>
        [("shared_encoder", _encoder.Optimizer), ("source_classifier", _classifier.Optimizer), ("alignment_loss", _loss.Optimizer)];

    public sealed override IterationLosses Iterate(int iteration)
    {
        _encoder.StartFrom(Meta.SourceEncoder);
        _classifier.StartFrom(_classifierValues);
        _loss.StartFrom(Meta.AlignmentLoss);
        var (random, further) = (Random("batches of all source classes", iteration), Random("further batches", iteration));
        Start(further);
        var (total, furtherTotal) = (0.0, double.NaN);
        for (var step = 0; step < Options.InnerSteps; step++)
        {
            _tape.Clear();
            var loss = CrossEntropy(_sourceReader, Meta.Network.SourceEncoder, _sources, _labels, random);
            total += loss.Scalar;
            if (FurtherLoss(_tape, _loss.Parameters, further) is { } added)
            {
                furtherTotal = (step == 0 ? 0 : furtherTotal) + added.Scalar;
                loss = _tape.Add(loss, added);
            }
            _tape.Backward(loss);
            _encoder.Step();
            _classifier.Step();
            _loss.Step();
        }
        Meta.SourceEncoder.CopyFrom(_encoder.Parameters);
        _classifierValues.CopyFrom(_classifier.Parameters);
        Meta.AlignmentLoss.CopyFrom(_loss.Parameters);
        return Report(furtherTotal / Options.InnerSteps, total / Options.InnerSteps);
    }

    public sealed override void Dispose()
    {
        foreach (var part in new IDisposable[] { _classifierValues, _encoder, _classifier, _loss, _tape }) part.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins an iteration.</summary>
    private protected virtual void Start(CounterRandom random) { }

    /// <summary>What a step adds to the source cross-entropy.</summary>
    private protected virtual Tensor? FurtherLoss(Tape tape, ParameterVector lossParameters, CounterRandom random) => null;

    private protected virtual IterationLosses Report(double further, double classification) => new(further, classification);

    /// <summary>The cross-entropy of a random batch.</summary>
    private protected Tensor CrossEntropy(SampleReader reader, Encoder way, int[] from, int[] labels, CounterRandom random)
    {
        for (var i = 0; i < _samples.Length; i++)
        {
            var drawn = random.Next(from.Length);
            (_samples[i], _classes[i]) = (from[drawn], labels[drawn]);
        }
        return _tape.CrossEntropy(_sourceClassifier.Classify(_tape, _classifier.Parameters, Embed(reader, way, _samples, random)), _classes);
    }

    /// <summary>Samples' embeddings.</summary>
    private protected Tensor Embed(SampleReader reader, Encoder way, ReadOnlySpan<int> samples, CounterRandom random)
    {
        reader.Read(_batch, samples, random);
        return way.Encode(_tape, _encoder.Parameters, _batch);
    }
}
