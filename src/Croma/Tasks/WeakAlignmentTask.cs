using Croma.Compute;

namespace Croma.Tasks;

/// <summary>
/// An alignment task of weak pairs: some sets (X_s, X_t), and in each batch several x_s and x_t of each. Samples of one
/// set are one group, so that all its x_s meet all its x_t and negatives are of other sets (Eq. 3).
/// </summary>
public sealed class WeakAlignmentTask : AlignmentTask
{
    private readonly WeaklyPairedTrainingData _data;
    private readonly WeakPair[] _sets;
    private readonly int _samplesOfSet;
    private readonly CounterRandom _random;

    /// <summary>Samples a task.</summary>
    /// <param name="data">What may be read.</param>
    /// <param name="pairs">Samples of each modality a batch.</param>
    /// <param name="samplesOfSet">Of these, how many are of one set; where there are too few sets, more.</param>
    /// <param name="random">This task's own stream.</param>
    public WeakAlignmentTask(WeaklyPairedTrainingData data, int pairs, int samplesOfSet, CounterRandom random) : base(pairs)
    {
        _data = data;
        var sets = Math.Min(pairs / Math.Max(1, samplesOfSet), data.Pairs.Count);
        if (sets < 2) throw new CromaException($"An alignment batch of {pairs} samples, {samplesOfSet} of a set, needs two or more weak pairs; it would have {sets}: make the batch larger, take fewer samples of a set, or use data with more clusters.");
        (_sets, _samplesOfSet, _random) = (new WeakPair[data.Pairs.Count], (pairs + sets - 1) / sets, random);
        DrawTask();
    }

    public override void DrawTask()
    {
        for (var i = 0; i < _sets.Length; i++) _sets[i] = _data.Pairs[i];
        _random.Shuffle(_sets);
    }

    public override void DrawBatch()
    {
        for (var i = 0; i < Source.Length; i++)
        {
            Groups[i] = i / _samplesOfSet;
            var (source, target) = _sets[Groups[i]];
            (Source[i], Target[i]) = (source[_random.Next(source.Length)], target[_random.Next(target.Length)]);
        }
    }
}
