using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Heads;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>
/// Scores heads on planned episodes: the encoders stand still, embeddings are centred by the mean of meta-train's and brought to
/// length 1 (SimpleShot, Wang et al. 2019), and each head classifies each task. Of several models a sample has its embeddings side by side:
/// what heads see as a cosine is the mean of the models'.
/// </summary>
public sealed class HeadEvaluation
{
    // samples of meta-train that tell where embeddings lie
    private const int CentredBy = 256;

    private readonly CrossModalDataset _dataset;
    private readonly EpisodePlan _plan;
    private readonly Dictionary<int, double[]> _targets, _sources;
    private readonly SourceSamples? _sourceSamples;

    /// <param name="models">Meta-parameters of one model or several; unchanged.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="input">How much of a sample an encoder sees.</param>
    /// <param name="plan">The tasks.</param>
    /// <param name="withSource">Whether source samples of the tasks' concepts are embedded too.</param>
    /// <param name="threads">Batches side by side.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public HeadEvaluation(IReadOnlyList<MetaParameters> models, CrossModalDataset dataset, InputOptions input, EpisodePlan plan, bool withSource, int threads, CancellationToken cancellation = default)
    {
        (_dataset, _plan) = (dataset, plan);
        _targets = Embed(dataset.Target, models.Select(m => (m.Network.TargetEncoder, m.TargetEncoder)), input, plan.Episodes.SelectMany(e => e.Support.Concat(e.Query)).SelectMany(s => s), threads, cancellation);
        _sourceSamples = withSource ? new SourceSamples(dataset, plan, plan.MaxShots) : null;
        _sources = _sourceSamples == null ? [] : Embed(dataset.Source, models.Select(m => (m.Network.SourceEncoder, m.SourceEncoder)), input, _sourceSamples.All, threads, cancellation);
    }

    /// <summary>Scores one head.</summary>
    /// <param name="head">The head.</param>
    /// <param name="shots">k, at most the plan's; as many source samples a class are shown to a head that reads them.</param>
    public EvaluationResult Run(Head head, int shots)
    {
        if (shots < 1 || shots > _plan.MaxShots) throw new CromaException($"{shots} shots were asked for, the episode plan has 1 to {_plan.MaxShots} a class.");
        var predictions = _plan.Episodes.Select((episode, task) => Predict(head, episode, task, shots)).ToList();
        double[] accuracies = [.. predictions.Select(p => 100.0 * p.Count(q => q.Truth == q.Prediction) / p.Length)];
        return new EvaluationResult(accuracies.Average(), accuracies, [.. predictions.SelectMany(p => p)]);
    }

    private (int Sample, int Truth, int Prediction)[] Predict(Head head, Episode episode, int task, int shots)
    {
        int[] labels = [.. Enumerable.Range(0, _plan.Ways).SelectMany(way => episode.SupportLabels?[way][..shots] ?? Enumerable.Repeat(way, shots))];
        // labels that are all wrong may leave a class without any: it is not among the answers then
        int[] present = [.. labels.Distinct().Order()];
        var support = new LabelledEmbeddings([.. episode.Support.SelectMany(s => s[..shots]).Select(s => _targets[s])], [.. labels.Select(l => Array.IndexOf(present, l))], present.Length);
        var source = head.ReadsSource ? SourceOf(episode, present, task, shots) : null;
        int[] queries = [.. episode.Query.SelectMany(q => q)];
        var scores = head.Scores(new HeadTask(support, source, [.. queries.Select(q => _targets[q])]));
        var perWay = episode.Query[0].Length;
        return [.. queries.Select((sample, i) => (sample, episode.Concepts[i / perWay], episode.Concepts[present[Array.IndexOf(scores[i], scores[i].Max())]]))];
    }

    private LabelledEmbeddings SourceOf(Episode episode, int[] ways, int task, int shots)
    {
        var random = new CounterRandom(_plan.Seed, CounterRandom.Stream("source shots of episode", task));
        var (samples, labels) = _sourceSamples!.Draw(ways.Select(way => episode.Concepts[way]), random, shots);
        return new LabelledEmbeddings([.. samples.Select(s => _sources[s])], labels, ways.Length);
    }

    /// <summary>The embeddings of some samples, centred and of length 1; of several encoders side by side.</summary>
    private Dictionary<int, double[]> Embed(ModalityData modality, IEnumerable<(Encoder Encoder, ParameterVector Parameters)> encoders, InputOptions input, IEnumerable<int> wanted, int threads, CancellationToken cancellation)
    {
        int[] train = [.. Enumerable.Range(0, modality.Count).Where(i => _dataset.Concepts[modality.Concept(i)].Split == ConceptSplit.MetaTrain)];
        var stride = Math.Max(1, train.Length / CentredBy);
        int[] centring = [.. train.Where((_, i) => i % stride == 0).Take(CentredBy)], samples = [.. wanted.Concat(centring).Distinct().Order()];
        var all = encoders.Select(e => Placed(e.Encoder, e.Parameters)).ToList();
        return all.Count == 1 ? all[0] : samples.ToDictionary(sample => sample, sample => all.SelectMany(rows => rows[sample]).Select(x => x / Math.Sqrt(all.Count)).ToArray());

        Dictionary<int, double[]> Placed(Encoder encoder, ParameterVector parameters)
        {
            var rows = new Embedder(encoder, parameters, input).Embed(modality.Contents, samples, threads, cancellation);
            var raw = samples.Zip(rows).ToDictionary(s => s.First, s => s.Second);
            var centre = Centred.Mean([.. centring.Select(sample => raw[sample])]);
            return raw.ToDictionary(s => s.Key, s => Centred.Normalise(s.Value, centre));
        }
    }
}
