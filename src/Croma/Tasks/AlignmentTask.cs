using Croma.Compute;

namespace Croma.Tasks;

/// <summary>How alignment tasks are drawn. Target labels are never read.</summary>
public enum PairDrawing
{
    /// <summary>Concepts by the label of the pairs' source side; each step takes one pair of each.</summary>
    ByConcept,

    /// <summary>Pairs at random, no label read; every pair is its own group.</summary>
    AtRandom,
}

/// <summary>T_a: an alignment task, from which each inner step draws a batch of pairs.</summary>
public sealed class AlignmentTask
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
    public AlignmentTask(MetaTrainingData data, int pairs, PairDrawing drawing, CounterRandom random)
    {
        var most = drawing == PairDrawing.ByConcept ? data.PairsByConcept.Count : data.Pairs.Count;
        if (pairs < 2 || pairs > most) throw new CromaException($"An alignment batch of {pairs} pairs cannot be drawn: between 2 and {most} are there to draw from.");
        (_data, _drawing, _random) = (data, drawing, random);
        _concepts = new int[data.PairsByConcept.Count];
        (Source, Target, Groups) = (new int[pairs], new int[pairs], new int[pairs]);
        DrawConcepts();
    }

    /// <summary>Source sample numbers of the batch drawn last.</summary>
    public int[] Source { get; }

    /// <summary>Target sample numbers.</summary>
    public int[] Target { get; }

    /// <summary>Which pairs belong together.</summary>
    public int[] Groups { get; }

    /// <summary>Makes it another task: draws its concepts anew.</summary>
    public void DrawConcepts()
    {
        for (var i = 0; i < _concepts.Length; i++) _concepts[i] = i;
        _random.Shuffle(_concepts);
    }

    /// <summary>Draws the next batch of pairs.</summary>
    public void DrawBatch()
    {
        for (var i = 0; i < Source.Length; i++)
        {
            var among = _drawing == PairDrawing.ByConcept ? _data.PairsByConcept[_concepts[i]] : _data.Pairs;
            (Source[i], Target[i]) = among[_random.Next(among.Count)];
            Groups[i] = i;
        }
    }
}
