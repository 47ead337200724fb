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
    /// <param name="pairs">Pairs a batch; at most the concepts there are.</param>
    /// <param name="drawing">How.</param>
    /// <param name="random">This task's own stream.</param>
    public StrongAlignmentTask(MetaTrainingData data, int pairs, PairDrawing drawing, CounterRandom random) : base(pairs)
    {
        var most = drawing == PairDrawing.ByConcept ? data.PairsByConcept.Count : data.Pairs.Count;
        if (pairs < 2 || pairs > most) throw new CromaException($"An alignment batch of {pairs} pairs cannot be drawn: between 2 and {most} are there to draw from.");
        (_data, _drawing, _random) = (data, drawing, random);
        _concepts = new int[data.PairsByConcept.Count];
        DrawTask();
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
