using Croma.Compute;
using Croma.Tasks;

namespace Croma.Method;

/// <summary>Meta-test: how k labelled samples become a classifier.</summary>
public sealed record AdaptationOptions
{
    /// <summary>n_test: gradient steps. Default 50 (released code).</summary>
    public int Steps { get; init; } = 50;

    /// <summary>Adam's step for e_t. Default 1e-3.</summary>
    public double EncoderLearningRate { get; init; } = 1e-3;

    /// <summary>Adam's step for phi. Default 1e-3.</summary>
    public double ClassifierLearningRate { get; init; } = 1e-3;

    /// <summary>Samples a batch; smaller supports make smaller batches. Default 16.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Adam's decay of the first moment. Default 0 (released code).</summary>
    public double Beta1 { get; init; }
}

/// <summary>Labelled source samples of a task's classes, from which phi learns beside the support.</summary>
/// <param name="Reader">Reads the source modality.</param>
/// <param name="Samples">Sample numbers.</param>
/// <param name="Labels">Their classes, 0 ... ways - 1.</param>
/// <param name="Random">Draws batches and windows.</param>
public sealed record SourceShots(SampleReader Reader, int[] Samples, int[] Labels, CounterRandom Random);

/// <summary>
/// Copies e_t and phi, takes gradient steps on the labelled target samples, and classifies with the copy (section 4.2).
/// The meta-parameters are read only: they have no gradients. One instance a thread; memory is reused.
/// </summary>
public sealed class Adaptation : IDisposable
{
    /// <summary>Samples that are classified at once.</summary>
    private const int MostAtOnce = 64;

    private readonly Network _network;
    private readonly AdaptationOptions _options;
    private readonly SampleReader _reader;
    private readonly InnerLearner _encoder, _classifier;
    private readonly ClassificationStep _step, _sourceStep;
    private readonly Tape _tape = new();
    private readonly Encoders.InputBatch _batch = new();

    public Adaptation(Network network, AdaptationOptions options, SampleReader targetReader)
    {
        (_network, _options, _reader) = (network, options, targetReader);
        _encoder = new InnerLearner(network.TargetEncoder.Layout, new AdamOptions { LearningRate = options.EncoderLearningRate, Beta1 = options.Beta1 });
        _classifier = new InnerLearner(network.Classifier.Layout, new AdamOptions { LearningRate = options.ClassifierLearningRate, Beta1 = options.Beta1 });
        _step = new ClassificationStep(network.TargetEncoder, network.Classifier);
        _sourceStep = new ClassificationStep(network.SourceEncoder, network.Classifier);
    }

    /// <summary>Adapts the copy to a task; returns the last step's loss.</summary>
    /// <param name="meta">Where it starts.</param>
    /// <param name="samples">Labelled target samples.</param>
    /// <param name="labels">Their classes, 0 ... ways - 1.</param>
    /// <param name="random">Draws batches and windows.</param>
    public double Adapt(MetaParameters meta, int[] samples, int[] labels, CounterRandom random) => Adapt(meta, samples, labels, null, random);

    /// <summary>
    /// Cross-modal fine-tuning: before each step phi takes one on a batch of source samples of the same classes, through e_s, which
    /// stands still. Beyond the paper: Lin et al. 2023, "Multimodality Helps Unimodality", with an encoder that moves.
    /// </summary>
    /// <param name="meta">Where it starts.</param>
    /// <param name="samples">Labelled target samples.</param>
    /// <param name="labels">Their classes, 0 ... ways - 1.</param>
    /// <param name="source">Labelled source samples of these classes; null: the paper's fine-tuning.</param>
    /// <param name="random">Draws batches and windows of the target; what it draws does not depend on <paramref name="source"/>.</param>
    public double Adapt(MetaParameters meta, int[] samples, int[] labels, SourceShots? source, CounterRandom random) =>
        Adapt(meta, meta.Classifier, samples, labels, source, random);

    /// <summary>The same from a phi that need not be the model's own, such as one of another number of classes.</summary>
    /// <param name="meta">Where e_t starts.</param>
    /// <param name="classifier">Where phi starts, of the network's classifier.</param>
    /// <param name="samples">Labelled target samples.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="source">Labelled source samples of these classes, or null.</param>
    /// <param name="random">Draws batches and windows of the target.</param>
    internal double Adapt(MetaParameters meta, ParameterVector classifier, int[] samples, int[] labels, SourceShots? source, CounterRandom random)
    {
        _encoder.StartFrom(meta.TargetEncoder);
        _classifier.StartFrom(classifier);
        var order = new BatchOrder(samples.Length, _options.Batch, random);
        var sourceOrder = source is { Samples.Length: > 0 } ? new BatchOrder(source.Samples.Length, _options.Batch, source.Random) : null;
        var loss = double.NaN;
        for (var step = 0; step < _options.Steps; step++)
        {
            if (sourceOrder != null)
            {
                _sourceStep.Draw(source!.Reader, source.Samples, source.Labels, sourceOrder.Next(), source.Random);
                _sourceStep.Take(null, meta.SourceEncoder, _classifier);
            }
            _step.Draw(_reader, samples, labels, order.Next(), random);
            loss = _step.Take(_encoder, meta.TargetEncoder, _classifier);
        }
        return loss;
    }

    /// <summary>The adapted e_t; another after the next <see cref="Adapt(MetaParameters, int[], int[], CounterRandom)"/>.</summary>
    internal ParameterVector Encoder => _encoder.Frozen;

    /// <summary>The adapted phi, likewise.</summary>
    internal ParameterVector Classifier => _classifier.Frozen;

    /// <summary>Adds the adapted copy's probabilities, softmax of its logits, to what is there.</summary>
    /// <param name="samples">Sample numbers.</param>
    /// <param name="sums">[samples, ways], row by row.</param>
    public void AddProbabilities(ReadOnlySpan<int> samples, Span<double> sums)
    {
        for (var first = 0; first < samples.Length; first += MostAtOnce)
        {
            var count = Math.Min(MostAtOnce, samples.Length - first);
            var logits = Logits(samples.Slice(first, count));
            for (var i = 0; i < count; i++) AddSoftmax(logits.Row(i), sums.Slice((first + i) * logits.Columns, logits.Columns));
        }
    }

    /// <summary>The adapted copy's logits [samples, ways], valid until the next call.</summary>
    internal Tensor Logits(ReadOnlySpan<int> samples)
    {
        _tape.Clear();
        _reader.Read(_batch, samples);
        var embeddings = _network.TargetEncoder.Encode(_tape, _encoder.Frozen, _batch);
        return _network.Classifier.Classify(_tape, _classifier.Frozen, embeddings);
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { _encoder, _classifier, _step, _sourceStep, _tape }) part.Dispose();
    }

    private static void AddSoftmax(ReadOnlySpan<Real> logits, Span<double> sums)
    {
        var (most, total) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits) most = Math.Max(most, logit);
        foreach (var logit in logits) total += Math.Exp(logit - most);
        for (var i = 0; i < sums.Length; i++) sums[i] += Math.Exp(logits[i] - most) / total;
    }
}
