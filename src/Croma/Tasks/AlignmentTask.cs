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
public abstract class AlignmentTask
{
    private protected AlignmentTask(int pairs) => (Source, Target, Groups) = (new int[pairs], new int[pairs], new int[pairs]);

    /// <summary>Source sample numbers of the batch drawn last.</summary>
    public int[] Source { get; }

    /// <summary>Target sample numbers.</summary>
    public int[] Target { get; }

    /// <summary>Which pairs belong together.</summary>
    public int[] Groups { get; }

    /// <summary>Makes it another task: draws its concepts or sets anew.</summary>
    public abstract void DrawTask();

    /// <summary>Draws the next batch of pairs.</summary>
    public abstract void DrawBatch();
}
