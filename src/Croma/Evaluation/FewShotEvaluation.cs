using Croma.Compute;
using Croma.Data;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>What one model scored on a plan at one number of shots.</summary>
/// <param name="Accuracy">In per cent, over all queries of all tasks.</param>
/// <param name="TaskAccuracies">In per cent, one a task.</param>
/// <param name="Predictions">Every query's sample number, true concept and predicted concept.</param>
public sealed record EvaluationResult(double Accuracy, IReadOnlyList<double> TaskAccuracies, IReadOnlyList<(int Sample, int Truth, int Prediction)> Predictions);

/// <summary>
/// Scores meta-parameters on planned episodes: adapt a copy to each task's support, classify its queries. Tasks run on
/// several threads; the result does not depend on how many.
/// </summary>
public static class FewShotEvaluation
{
    /// <summary>Scores one model.</summary>
    /// <param name="meta">Meta-parameters; unchanged.</param>
    /// <param name="options">Adaptation.</param>
    /// <param name="target">The target modality.</param>
    /// <param name="input">How much of a sample the encoder sees.</param>
    /// <param name="plan">The tasks.</param>
    /// <param name="shots">k, at most the plan's.</param>
    /// <param name="seed">Draws the adaptation's batches.</param>
    /// <param name="threads">Tasks side by side.</param>
    /// <param name="source">Source samples of the tasks' concepts, for cross-modal fine-tuning; null: the paper's.</param>
    /// <param name="cancellation">Stops between tasks.</param>
    public static EvaluationResult Run(MetaParameters meta, AdaptationOptions options, ModalityData target, InputOptions input,
        EpisodePlan plan, int shots, ulong seed, int threads, SourceSamples? source = null, CancellationToken cancellation = default)
    {
        if (shots < 1 || shots > plan.MaxShots) throw new CromaException($"{shots} shots were asked for, the episode plan has 1 to {plan.MaxShots} a class.");
        if (plan.Ways != meta.Network.Classifier.Ways) throw new CromaException($"The plan's tasks have {plan.Ways} classes, the model's classifier {meta.Network.Classifier.Ways}.");
        var predictions = new (int, int, int)[plan.Episodes.Count][];
        Workers.Run(plan.Episodes.Count, threads, () => new Adaptation(meta.Network, options, new SampleReader(target.Contents, input)),
            (task, adaptation) => predictions[task] = Predict(meta, adaptation, plan.Episodes[task], shots, source?.Of(plan.Episodes[task], plan.Seed, task, seed, input), new CounterRandom(seed, CounterRandom.Stream("adaptation", task, shots))),
            cancellation);
        double[] accuracies = [.. predictions.Select(p => 100.0 * p.Count(q => q.Item2 == q.Item3) / p.Length)];
        return new EvaluationResult(accuracies.Average(), accuracies, [.. predictions.SelectMany(p => p)]);
    }

    private static (int Sample, int Truth, int Prediction)[] Predict(MetaParameters meta, Adaptation adaptation, Episode episode, int shots, SourceShots? source, CounterRandom random)
    {
        int[] samples = [.. episode.Support.SelectMany(s => s[..shots])];
        int[] labels = [.. Enumerable.Range(0, episode.Support.Length).SelectMany(way => episode.SupportLabels?[way][..shots] ?? Enumerable.Repeat(way, shots))];
        adaptation.Adapt(meta, samples, labels, source, random);
        int[] queries = [.. episode.Query.SelectMany(q => q)];
        var classes = new int[queries.Length];
        adaptation.Classify(queries, classes);
        var perWay = episode.Query[0].Length;
        return [.. queries.Select((sample, i) => (sample, episode.Concepts[i / perWay], episode.Concepts[classes[i]]))];
    }
}
