using Croma.Compute;

namespace Croma.Tasks;

/// <summary>T_s (or, for the oracle, a task in the target modality): N concepts, K labelled samples each.</summary>
public sealed class ClassificationTask
{
    /// <summary>Samples a task.</summary>
    /// <param name="from">Labelled samples; at least <paramref name="ways"/> concepts.</param>
    /// <param name="ways">N.</param>
    /// <param name="shots">K; concepts with fewer samples are not drawn.</param>
    /// <param name="random">This task's own stream.</param>
    public ClassificationTask(LabelledSamples from, int ways, int shots, CounterRandom random)
    {
        int[] concepts = [.. Enumerable.Range(0, from.Concepts.Count).Where(c => from.Samples[c].Length >= shots)];
        if (concepts.Length < ways)
            throw new CromaException($"A {ways}-way task with {shots} samples a class needs {ways} such concepts in '{from.Contents.Name}'; there are {concepts.Length}.");
        random.Shuffle(concepts);
        (Samples, Labels) = (new int[ways * shots], new int[ways * shots]);
        for (var way = 0; way < ways; way++)
        {
            int[] samples = [.. from.Samples[concepts[way]]];
            random.Shuffle(samples);
            for (var shot = 0; shot < shots; shot++) (Samples[shot * ways + way], Labels[shot * ways + way]) = (samples[shot], way);
        }
    }

    /// <summary>Sample numbers [K * N].</summary>
    public int[] Samples { get; }

    /// <summary>Their classes, 0 ... N - 1.</summary>
    public int[] Labels { get; }
}

/// <summary>Walks through a small set in random order, a batch at a time, every sample once before any comes again.</summary>
public sealed class BatchOrder
{
    private readonly int[] _order, _batch;
    private readonly CounterRandom _random;
    private int _next;

    /// <param name="count">Samples in the set.</param>
    /// <param name="batch">Samples a batch; a smaller set makes smaller batches.</param>
    /// <param name="random">Draws the order.</param>
    public BatchOrder(int count, int batch, CounterRandom random)
    {
        _order = [.. Enumerable.Range(0, count)];
        _batch = new int[Math.Min(batch, count)];
        _random = random;
        _next = count;
    }

    /// <summary>Positions of the next batch, valid until the next call.</summary>
    public ReadOnlySpan<int> Next()
    {
        for (var i = 0; i < _batch.Length; i++)
        {
            if (_next == _order.Length)
            {
                _random.Shuffle(_order);
                _next = 0;
            }
            _batch[i] = _order[_next++];
        }
        return _batch;
    }
}
