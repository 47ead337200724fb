using Croma.Algebra;
using Croma.Data;

namespace Croma.Classification;

/// <summary>A sample that is worth a label.</summary>
/// <param name="Name">What the caller calls it.</param>
/// <param name="Prediction">What the classifier takes it for.</param>
/// <param name="Uncertainty">1 less the lead of the likeliest class over the next: from 0 (sure) to 1.</param>
public sealed record WorthLabelling(string Name, Prediction Prediction, double Uncertainty);

/// <summary>
/// Which unlabelled samples to label next: those that the classifier is least sure of (the margin of Scheffer, Decomain and
/// Wrobel 2001), each unlike the ones before it, so that near-duplicates are not all asked for. Samples come some at a time;
/// what is kept does not grow with their number.
/// </summary>
/// <param name="classifier">Who is unsure.</param>
/// <param name="count">Samples that will be labelled.</param>
public sealed class NextToLabel(FewShotClassifier classifier, int count)
{
    // so many of the least sure are kept for each that is asked for
    private const int KeptForEach = 50;

    private readonly List<(WorthLabelling Sample, double[] Embedding)> _least = [];

    /// <summary>Samples seen.</summary>
    public int Seen { get; private set; }

    /// <summary>Looks at some of the pool.</summary>
    /// <param name="names">What each is called.</param>
    /// <param name="samples">What they hold.</param>
    /// <param name="threads">Threads; the choice does not depend on it. Default 1.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Add(IReadOnlyList<string> names, SampleContents samples, int threads = 1, CancellationToken cancellation = default)
    {
        foreach (var (name, embedding) in names.Zip(classifier.Embed(samples, threads, cancellation)))
        {
            var prediction = classifier.Classify(embedding);
            var lead = prediction.Probability - prediction.Probabilities.Where((_, i) => i != prediction.Class).Max();
            _least.Add((new WorthLabelling(name, prediction, 1 - lead), classifier.Parts.Place(embedding)));
            Seen++;
        }
        var most = KeptForEach * count;
        if (_least.Count <= 2 * most) return;
        var kept = LeastSure().Take(most).ToList();
        _least.Clear();
        _least.AddRange(kept);
    }

    /// <summary>The samples to label, the most useful first; fewer where the pool has fewer.</summary>
    public IReadOnlyList<WorthLabelling> Choose()
    {
        var rest = LeastSure().Take(KeptForEach * count).ToList();
        double[] distance = [.. rest.Select(_ => 1.0)];
        var chosen = new List<WorthLabelling>();
        while (chosen.Count < count && rest.Count > chosen.Count)
        {
            var best = -1;
            for (var i = 0; i < rest.Count; i++)
                if (distance[i] >= 0 && (best < 0 || rest[i].Sample.Uncertainty * distance[i] > rest[best].Sample.Uncertainty * distance[best])) best = i;
            chosen.Add(rest[best].Sample);
            distance[best] = -1;
            for (var i = 0; i < rest.Count; i++)
                if (distance[i] >= 0) distance[i] = Math.Min(distance[i], Math.Max(0, 1 - Vectors.Dot(rest[i].Embedding, rest[best].Embedding)));
        }
        return chosen;
    }

    private IEnumerable<(WorthLabelling Sample, double[] Embedding)> LeastSure() => _least.OrderByDescending(s => s.Sample.Uncertainty).ThenBy(s => s.Sample.Name, StringComparer.Ordinal);
}
