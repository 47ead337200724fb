using Croma.Compute;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Align + Classify: supervised alignment by a contrastive loss, an adversary or cycle reconstruction, and an ordinary
/// classifier over all source classes of meta-train. An iteration makes as many gradient steps of each as one of
/// CroMA's. The classifier moves e_s, which takes e_t along by the next alignment; its own classes are of no use at
/// meta-test, so phi is fresh there, of `ways` classes, and adapts as every method's does. #Target: all (0).
/// </summary>
public sealed class AlignClassify : FewShotMethod
{
    private readonly SupervisedAlignment _alignment;
    private readonly SampleReader _reader;
    private readonly int[] _samples, _labels, _positions;
    private readonly ParameterVector _sourceClassifier;
    private readonly InnerLearner _encoder, _classifier;
    private readonly ClassificationStep _step;

    public AlignClassify(string name, MetaParameters meta, MetaOptions options, PairedTrainingData data, InputOptions input, Duet duet, ulong seed)
        : base(meta, options, data, seed)
    {
        Name = name;
        _alignment = new SupervisedAlignment(meta, options, data, input, duet, seed);
        _reader = new SampleReader(data.Source, input);
        (_samples, _labels) = data.SourceSamples.Flatten();
        _positions = new int[Math.Min(options.ClassifierBatch, _samples.Length)];

        var classifier = new Classifier(meta.Network.SourceEncoder.Dimension, data.SourceSamples.Concepts.Count);
        _sourceClassifier = Fresh(classifier.Layout, "source classifier");
        _encoder = Learner(meta.SourceEncoder.Layout, options.EncoderLearningRate);
        _classifier = Learner(classifier.Layout, options.ClassifierLearningRate);
        _step = new ClassificationStep(meta.Network.SourceEncoder, classifier, duet);

        InnerLearner Learner(ParameterLayout layout, double learningRate) =>
            new(layout, new AdamOptions { LearningRate = learningRate, Beta1 = options.Beta1 }, carryOptimizer: true);
    }

    public override string Name { get; }

    public override IEnumerable<(string Name, ParameterVector Values)> TrainingParts => [("source_classifier", _sourceClassifier)];

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers =>
        [.. _alignment.Optimizers, ("classification_encoder", _encoder.Optimizer), ("source_classifier", _classifier.Optimizer)];

    public override IterationLosses Iterate(int iteration) => new(_alignment.Learn(iteration), Classify(Random("batches of all source classes", iteration)));

    public override void Dispose()
    {
        foreach (var part in new IDisposable[] { _alignment, _sourceClassifier, _encoder, _classifier, _step }) part.Dispose();
        base.Dispose();
    }

    private double Classify(CounterRandom random)
    {
        _encoder.StartFrom(Meta.SourceEncoder);
        _classifier.StartFrom(_sourceClassifier);
        var total = 0.0;
        for (var step = 0; step < Options.InnerSteps; step++)
        {
            foreach (ref var position in _positions.AsSpan()) position = random.Next(_samples.Length);
            _step.Draw(_reader, _samples, _labels, _positions, random);
            total += _step.Take(_encoder, Meta.SourceEncoder, _classifier);
        }
        Meta.SourceEncoder.CopyFrom(_encoder.Parameters);
        _sourceClassifier.CopyFrom(_classifier.Parameters);
        return total / Options.InnerSteps;
    }
}
