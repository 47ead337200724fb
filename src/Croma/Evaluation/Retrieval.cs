using System.Text.Json.Serialization;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>How well the target of a pair is found from its source.</summary>
/// <param name="Recall1">Share of queries whose target is the nearest, in per cent.</param>
/// <param name="Recall5">Among the five nearest.</param>
/// <param name="Recall10">Among the ten nearest.</param>
/// <param name="MedianRank">The median place of the target, from 1.</param>
/// <param name="CosineLoss">1 - the mean cosine of pairs.</param>
/// <param name="ClusterShare10">How many of the ten nearest are of the query's cluster, in per cent, where pairs are weak; otherwise null.</param>
public sealed record RetrievalScore(double Recall1, double Recall5, double Recall10, double MedianRank, double CosineLoss,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ClusterShare10 = null)
{
    private const int Nearest = 10;

    /// <summary>Scores cosines [queries][gallery] in which the target of query i is number i; ties count against it.</summary>
    /// <param name="cosines">The cosines.</param>
    /// <param name="clusterOf">The cluster of each query and its target, where pairs are weak.</param>
    public static RetrievalScore Of(double[][] cosines, int[]? clusterOf = null)
    {
        int[] ranks = [.. cosines.Select(Rank).Order()];
        return new RetrievalScore(Within(1), Within(5), Within(10), (ranks[(ranks.Length - 1) / 2] + ranks[ranks.Length / 2]) / 2.0, 1 - cosines.Select((row, i) => row[i]).Average(),
            clusterOf == null ? null : 100 * cosines.Select((row, i) => row.Index().OrderByDescending(c => c.Item).Take(Nearest).Average(c => clusterOf[c.Index] == clusterOf[i] ? 1.0 : 0)).Average());

        double Within(int k) => 100.0 * ranks.Count(r => r <= k) / ranks.Length;
    }

    /// <summary>The place, from 1, of target <paramref name="own"/> by falling cosine; ties count against it.</summary>
    internal static int Rank(double[] cosines, int own) => cosines.Where((c, j) => j == own || c >= cosines[own]).Count();
}

/// <summary>What one query found.</summary>
/// <param name="Rank">The place of its pair's own target, from 1.</param>
/// <param name="Nearest">The nearest targets, as positions among the plan's queries; the nearest first.</param>
public sealed record Retrieved(int Rank, int[] Nearest)
{
    /// <summary>How many of the nearest are named.</summary>
    public const int Most = 5;

    /// <summary>What query <paramref name="own"/> found by its cosines with the gallery.</summary>
    internal static Retrieved Of(double[] cosines, int own) =>
        new(RetrievalScore.Rank(cosines, own), [.. Enumerable.Range(0, cosines.Length).OrderByDescending(j => cosines[j]).Take(Most)]);
}

/// <summary>
/// Few-shot cross-modal retrieval (Table 4): a copy of e_s and e_t takes gradient steps on the alignment loss of K pairs of
/// each unseen concept; then each query's source looks for its target among all queries' targets by cosine.
/// </summary>
public static class Retrieval
{
    private const int AtOnce = 32;

    /// <summary>Cosines [queries][gallery] of one model, to be scored by <see cref="RetrievalScore.Of"/>; its meta-parameters stay as they are.</summary>
    /// <param name="meta">Meta-parameters of two encoders.</param>
    /// <param name="configuration">Steps of adaptation; rate, batch and loss of alignment; input.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="plan">Support and queries.</param>
    /// <param name="shots">K, at most the plan's; 0 takes no step.</param>
    /// <param name="seed">Draws batches.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static double[][] Run(MetaParameters meta, TrainingConfiguration configuration, CrossModalDataset dataset, RetrievalPlan plan, int shots, ulong seed, CancellationToken cancellation = default)
    {
        if (shots < 0 || shots > plan.Support[0].Length) throw new CromaException($"{shots} shots were asked for, the retrieval plan has 0 to {plan.Support[0].Length} a concept.");
        var (network, adam) = (meta.Network, new AdamOptions { LearningRate = configuration.Training.AlignmentLearningRate, Beta1 = configuration.Training.Beta1 });
        using InnerLearner source = new(network.SourceEncoder.Layout, adam), target = new(network.TargetEncoder.Layout, adam), loss = new(network.AlignmentLoss.Layout, adam);
        source.StartFrom(meta.SourceEncoder);
        target.StartFrom(meta.TargetEncoder);
        loss.StartFrom(meta.AlignmentLoss);
        var (sources, targets) = (new SampleReader(dataset.Source.Contents, configuration.Input), new SampleReader(dataset.Target.Contents, configuration.Input));
        StrongPair[] support = [.. plan.Support.SelectMany(s => s[..shots])];
        int[] clusters = [.. plan.Support.Index().SelectMany(s => Enumerable.Repeat(s.Index, shots))];
        if (support.Length > 1)
        {
            using var duet = new Duet(threads: 1);
            using var step = new AlignmentStep(network, duet, source, target, loss);
            var random = new CounterRandom(seed, CounterRandom.Stream("retrieval support", shots));
            var order = new BatchOrder(support.Length, configuration.Training.AlignmentBatch, random);
            for (var i = 0; i < configuration.Adaptation.Steps; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var chosen = order.Next().ToArray();
                StrongPair[] batch = [.. chosen.Select(p => support[p])];
                sources.Read(step.SourceBatch, [.. batch.Select(p => p.Source)], random);
                targets.Read(step.TargetBatch, [.. batch.Select(p => p.Target)], random);
                step.DrawNoise(random);
                // negatives of a weak pair are of other clusters
                step.Take(plan.ClusterOfQuery == null ? [.. Enumerable.Range(0, batch.Length)] : [.. chosen.Select(p => clusters[p])]);
            }
        }
        var from = Encode(network.SourceEncoder, source.Frozen, sources, [.. plan.Queries.Select(p => p.Source)]);
        var to = Encode(network.TargetEncoder, target.Frozen, targets, [.. plan.Queries.Select(p => p.Target)]);
        return [.. from.Select(s => to.Select(t => s.Zip(t, (a, b) => a * b).Sum()).ToArray())];
    }

    /// <summary>Embeddings of length 1.</summary>
    private static List<double[]> Encode(Encoder encoder, ParameterVector parameters, SampleReader reader, int[] samples)
    {
        using var tape = new Tape();
        var batch = new InputBatch();
        var rows = new List<double[]>();
        foreach (var part in samples.Chunk(AtOnce))
        {
            tape.Clear();
            reader.Read(batch, part);
            var embeddings = encoder.Encode(tape, parameters, batch);
            for (var i = 0; i < part.Length; i++)
            {
                double[] row = [.. embeddings.Row(i).ToArray().Select(v => (double)v)];
                var length = Math.Sqrt(row.Sum(v => v * v));
                rows.Add(length > 0 ? [.. row.Select(v => v / length)] : row);
            }
        }
        return rows;
    }
}
