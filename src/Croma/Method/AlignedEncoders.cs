using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Tasks;

namespace Croma.Method;

/// <summary>
/// Copies of e_s and e_t that take gradient steps on the alignment loss of a few pairs of new concepts (few-shot retrieval,
/// Table 4); the meta-parameters stay as they are.
/// </summary>
internal sealed class AlignedEncoders : IDisposable
{
    private readonly TrainingConfiguration _configuration;
    private readonly Network _network;
    private readonly InnerLearner _source, _target, _loss;

    /// <param name="meta">Meta-parameters of two encoders.</param>
    /// <param name="configuration">Steps of adaptation; rate, batch and loss of alignment.</param>
    public AlignedEncoders(MetaParameters meta, TrainingConfiguration configuration)
    {
        (_configuration, _network) = (configuration, meta.Network);
        var adam = new AdamOptions { LearningRate = configuration.Training.AlignmentLearningRate, Beta1 = configuration.Training.Beta1 };
        (_source, _target, _loss) = (new(_network.SourceEncoder.Layout, adam), new(_network.TargetEncoder.Layout, adam), new(_network.AlignmentLoss.Layout, adam));
        _source.StartFrom(meta.SourceEncoder);
        _target.StartFrom(meta.TargetEncoder);
        _loss.StartFrom(meta.AlignmentLoss);
    }

    /// <summary>e~_s.</summary>
    public ParameterVector Source => _source.Frozen;

    /// <summary>e~_t.</summary>
    public ParameterVector Target => _target.Frozen;

    /// <summary>Takes the steps.</summary>
    /// <param name="sources">Reads x_s.</param>
    /// <param name="targets">Reads x_t.</param>
    /// <param name="pairs">Two or more.</param>
    /// <param name="groups">What each pair is of, where a pair's negatives are of other groups; null: any other pair is one.</param>
    /// <param name="random">Draws batches and windows.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public void Align(SampleReader sources, SampleReader targets, IReadOnlyList<StrongPair> pairs, IReadOnlyList<int>? groups, CounterRandom random, CancellationToken cancellation)
    {
        using var duet = new Duet(threads: 1);
        using var step = new AlignmentStep(_network, duet, _source, _target, _loss);
        var order = new BatchOrder(pairs.Count, _configuration.Training.AlignmentBatch, random);
        for (var i = 0; i < _configuration.Adaptation.Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var chosen = order.Next().ToArray();
            StrongPair[] batch = [.. chosen.Select(p => pairs[p])];
            sources.Read(step.SourceBatch, [.. batch.Select(p => p.Source)], random);
            targets.Read(step.TargetBatch, [.. batch.Select(p => p.Target)], random);
            step.DrawNoise(random);
            step.Take(groups == null ? [.. Enumerable.Range(0, batch.Length)] : [.. chosen.Select(p => groups[p])]);
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
        _loss.Dispose();
    }
}
