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

/// <summary>One of the trainings whose answers an ensemble averages.</summary>
/// <param name="Meta">Meta-parameters; unchanged.</param>
/// <param name="Seed">Draws its adaptation's batches.</param>
public readonly record struct EnsembleMember(MetaParameters Meta, ulong Seed);

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
        EpisodePlan plan, int shots, ulong seed, int threads, SourceSamples? source = null, CancellationToken cancellation = default) =>
        Run([new EnsembleMember(meta, seed)], options, target, input, plan, shots, threads, source, cancellation);

    /// <summary>
    /// Scores an ensemble: each member is adapted to a task by itself, and the class of the greatest mean probability is the answer
    /// (Lakshminarayanan, Pritzel and Blundell 2017; for few-shot learning Dvornik, Schmid and Mairal 2019).
    /// </summary>
    /// <param name="members">One or more, of as many ways.</param>
    /// <param name="options">Adaptation.</param>
    /// <param name="target">The target modality.</param>
    /// <param name="input">How much of a sample the encoders see.</param>
    /// <param name="plan">The tasks.</param>
    /// <param name="shots">k, at most the plan's.</param>
    /// <param name="threads">Tasks side by side.</param>
    /// <param name="source">Source samples of the tasks' concepts, for cross-modal fine-tuning; null: the paper's.</param>
    /// <param name="cancellation">Stops between tasks.</param>
    public static EvaluationResult Run(IReadOnlyList<EnsembleMember> members, AdaptationOptions options, ModalityData target, InputOptions input,
        EpisodePlan plan, int shots, int threads, SourceSamples? source = null, CancellationToken cancellation = default)
    {
        var ways = members[0].Meta.Network.Classifier.Ways;
        if (shots < 1 || shots > plan.MaxShots) throw new CromaException($"{shots} shots were asked for, the episode plan has 1 to {plan.MaxShots} a class.");
        if (plan.Ways != ways) throw new CromaException($"The plan's tasks have {plan.Ways} classes, the model's classifier {ways}.");
        var predictions = new (int, int, int)[plan.Episodes.Count][];
        Workers.Run(plan.Episodes.Count, threads, () => new Adaptations([.. members.Select(m => new Adaptation(m.Meta.Network, options, new SampleReader(target.Contents, input)))]), (task, adaptations) =>
        {
            var episode = plan.Episodes[task];
            var probabilities = new double[episode.Query.Sum(q => q.Length) * plan.Ways];
            foreach (var ((meta, seed), adaptation) in members.Zip(adaptations.OfMembers))
                AddProbabilities(meta, adaptation, episode, shots, source?.Of(episode, plan.Seed, task, seed, input), new CounterRandom(seed, CounterRandom.Stream("adaptation", task, shots)), probabilities);
            predictions[task] = Answers(episode, probabilities);
        }, cancellation);
        double[] accuracies = [.. predictions.Select(p => 100.0 * p.Count(q => q.Item2 == q.Item3) / p.Length)];
        return new EvaluationResult(accuracies.Average(), accuracies, [.. predictions.SelectMany(p => p)]);
    }

    private static void AddProbabilities(MetaParameters meta, Adaptation adaptation, Episode episode, int shots, SourceShots? source, CounterRandom random, double[] probabilities)
    {
        int[] samples = [.. episode.Support.SelectMany(s => s[..shots])];
        int[] labels = [.. Enumerable.Range(0, episode.Support.Length).SelectMany(way => episode.SupportLabels?[way][..shots] ?? Enumerable.Repeat(way, shots))];
        adaptation.Adapt(meta, samples, labels, source, random);
        adaptation.AddProbabilities([.. episode.Query.SelectMany(q => q)], probabilities);
    }

    private static (int Sample, int Truth, int Prediction)[] Answers(Episode episode, double[] probabilities)
    {
        var (ways, perWay) = (episode.Concepts.Length, episode.Query[0].Length);
        return [.. episode.Query.SelectMany(q => q).Select((sample, i) => (sample, episode.Concepts[i / perWay], episode.Concepts[IndexOfMax(probabilities.AsSpan(i * ways, ways))]))];
    }

    private static int IndexOfMax(ReadOnlySpan<double> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++) if (row[i] > row[best]) best = i;
        return best;
    }

    /// <summary>A thread's working memory.</summary>
    private sealed record Adaptations(IReadOnlyList<Adaptation> OfMembers) : IDisposable
    {
        public void Dispose()
        {
            foreach (var adaptation in OfMembers) adaptation.Dispose();
        }
    }
}
