using Croma.Compute;

namespace Croma.Tasks;

/// <summary>An alignment task of strong pairs: x_s and x_t of each other.</summary>
public sealed class StrongAlignmentTask : AlignmentTask
{
    private readonly MetaTrainingData _data;
    private readonly PairDrawing _drawing;
    private readonly CounterRandom _random;
    private readonly int[] _concepts;

    /// <summary>Samples a task.</summary>
    /// <param name="data">What may be read.</param>
    /// <param name="pairs">Pairs a batch, two or more; fewer are drawn where there are fewer concepts (or pairs, at random).</param>
    /// <param name="drawing">How.</param>
    /// <param name="random">This task's own stream.</param>
    /// <exception cref="CromaException">Fewer than two are asked for, or there.</exception>
    public StrongAlignmentTask(MetaTrainingData data, int pairs, PairDrawing drawing, CounterRandom random) : base(BatchOf(data, pairs, drawing))
    {
        (_data, _drawing, _random) = (data, drawing, random);
        _concepts = new int[data.PairsByConcept.Count];
        DrawTask();
    }

    private static int BatchOf(MetaTrainingData data, int pairs, PairDrawing drawing)
    {
        var (most, what) = drawing == PairDrawing.ByConcept ? (data.PairsByConcept.Count, "concepts with pairs") : (data.Pairs.Count, "pairs");
        if (pairs < 2) throw new CromaException($"An alignment batch has 2 pairs or more, not {pairs}: others of the batch are what a pair is told from.");
        return most >= 2 ? Math.Min(pairs, most) : throw new CromaException($"Alignment needs 2 or more {what} in meta-train; there are {most}.");
    }

    public override void DrawTask()
    {
        for (var i = 0; i < _concepts.Length; i++) _concepts[i] = i;
        _random.Shuffle(_concepts);
    }

    public override void DrawBatch()
    {
        for (var i = 0; i < Source.Length; i++)
        {
            var among = _drawing == PairDrawing.ByConcept ? _data.PairsByConcept[_concepts[i]] : _data.Pairs;
            (Source[i], Target[i]) = among[_random.Next(among.Count)];
            Groups[i] = i;
        }
    }
}
