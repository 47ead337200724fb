using Croma.Algebra;

namespace Croma.Heads;

/// <summary>Embeddings with their classes.</summary>
/// <param name="Rows">One embedding a sample, all of one length.</param>
/// <param name="Labels">Each row's class, 0 ... ways - 1.</param>
/// <param name="Ways">Classes; each has a row or more.</param>
public sealed record LabelledEmbeddings(IReadOnlyList<double[]> Rows, IReadOnlyList<int> Labels, int Ways)
{
    /// <summary>Each class's mean.</summary>
    public double[][] Means()
    {
        var (means, counts) = (new double[Ways][], new int[Ways]);
        for (var way = 0; way < Ways; way++) means[way] = new double[Rows[0].Length];
        for (var i = 0; i < Rows.Count; i++)
        {
            counts[Labels[i]]++;
            for (var d = 0; d < Rows[i].Length; d++) means[Labels[i]][d] += Rows[i][d];
        }
        for (var way = 0; way < Ways; way++)
            for (var d = 0; d < means[way].Length; d++) means[way][d] /= counts[way];
        return means;
    }
}

/// <summary>A few-shot task in the shared space.</summary>
/// <param name="Support">Labelled target samples, k a class.</param>
/// <param name="Source">Labelled source samples of the same classes, for a head that reads them; otherwise null.</param>
/// <param name="Queries">Target samples to be classified.</param>
public sealed record HeadTask(LabelledEmbeddings Support, LabelledEmbeddings? Source, IReadOnlyList<double[]> Queries);

/// <summary>
/// What makes a classifier of a few labelled embeddings while the encoder stands still: the alternative to the paper's
/// fine-tuning (section 4.2), in closed form.
/// </summary>
public abstract class Head
{
    /// <summary>All there are.</summary>
    public static IReadOnlyList<Head> All { get; } = [new PrototypeHead(), new RidgeHead(), new GaussianHead(), new CrossModalProbing(), new LabelPropagation()];

    /// <summary>Its name in tables and options.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it reads labelled source samples of the task's classes.</summary>
    public virtual bool ReadsSource => false;

    /// <summary>Whether a query's answer depends on the other queries: not comparable with those of heads where it does not.</summary>
    public virtual bool IsTransductive => false;

    /// <summary>Scores [queries][ways]; the greatest is the answer.</summary>
    public abstract double[][] Scores(HeadTask task);
}

/// <summary>score_c = weights_c . x + bias_c.</summary>
/// <param name="Weights">[ways][dimension].</param>
/// <param name="Biases">[ways].</param>
public sealed record LinearScores(double[][] Weights, double[] Biases)
{
    /// <summary>The scores of one embedding [ways].</summary>
    public double[] Of(double[] embedding)
    {
        var scores = new double[Biases.Length];
        for (var c = 0; c < scores.Length; c++) scores[c] = Biases[c] + Vectors.Dot(Weights[c], embedding);
        return scores;
    }
}

/// <summary>A head whose classifier is linear, so that it can be kept and asked about one sample at a time.</summary>
public abstract class LinearHead : Head
{
    /// <summary>Makes the classifier.</summary>
    /// <param name="support">Labelled target samples.</param>
    /// <param name="source">Labelled source samples where <see cref="Head.ReadsSource"/>; otherwise null.</param>
    public abstract LinearScores Fit(LabelledEmbeddings support, LabelledEmbeddings? source);

    public sealed override double[][] Scores(HeadTask task)
    {
        var scores = Fit(task.Support, task.Source);
        return [.. task.Queries.Select(scores.Of)];
    }
}
