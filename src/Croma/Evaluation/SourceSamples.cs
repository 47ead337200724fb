using Croma.Compute;
using Croma.Data;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>Source samples of the concepts that tasks are of, which cross-modal fine-tuning and probing show beside the support.</summary>
public sealed class SourceSamples
{
    private readonly CrossModalDataset _dataset;
    private readonly ILookup<int, int> _ofConcept;
    private readonly int _most;

    /// <param name="dataset">The data.</param>
    /// <param name="plan">The tasks.</param>
    /// <param name="most">Samples a class at most.</param>
    public SourceSamples(CrossModalDataset dataset, EpisodePlan plan, int most)
    {
        var concepts = plan.Episodes.SelectMany(e => e.Concepts).ToHashSet();
        (_dataset, _most) = (dataset, most);
        _ofConcept = Enumerable.Range(0, dataset.Source.Count).Where(i => dataset.Source.Part(i) == Part.Source && concepts.Contains(dataset.Source.Concept(i))).ToLookup(dataset.Source.Concept);
    }

    /// <summary>Whether the tasks' concepts have source samples, without which what reads them has nothing to read.</summary>
    public static bool Exist(CrossModalDataset dataset, EpisodePlan plan)
    {
        var with = Enumerable.Range(0, dataset.Source.Count).Where(i => dataset.Source.Part(i) == Part.Source).Select(dataset.Source.Concept).ToHashSet();
        return plan.Episodes.SelectMany(e => e.Concepts).All(with.Contains);
    }

    /// <summary>All there are.</summary>
    internal IEnumerable<int> All => _ofConcept.SelectMany(s => s);

    /// <summary>Samples of one task's concepts and their classes.</summary>
    /// <param name="concepts">The task's concepts, in the order of classes.</param>
    /// <param name="random">Draws which.</param>
    /// <param name="most">Samples a class at most; null: as many as were asked for at first.</param>
    /// <exception cref="CromaException">A concept has none.</exception>
    internal (int[] Samples, int[] Labels) Draw(IEnumerable<int> concepts, CounterRandom random, int? most = null)
    {
        var (drawn, labels) = (new List<int>(), new List<int>());
        foreach (var (label, concept) in concepts.Index())
        {
            int[] samples = [.. _ofConcept[concept]];
            if (samples.Length == 0) throw new CromaException($"The concept '{_dataset.Concepts[concept].Id}' of '{_dataset.Name}' has no source samples: a head that reads them cannot be used here.");
            random.Shuffle(samples);
            drawn.AddRange(samples.Take(most ?? _most));
            labels.AddRange(Enumerable.Repeat(label, drawn.Count - labels.Count));
        }
        return ([.. drawn], [.. labels]);
    }

    /// <summary>The same for a planned episode: every method and repeat is shown the same samples.</summary>
    internal SourceShots Of(Episode episode, ulong planSeed, int task, ulong seed, InputOptions input)
    {
        var (samples, labels) = Draw(episode.Concepts, new CounterRandom(planSeed, CounterRandom.Stream("source shots of episode", task)));
        return new SourceShots(new SampleReader(_dataset.Source.Contents, input), samples, labels, new CounterRandom(seed, CounterRandom.Stream("source batches of episode", task)));
    }
}
