using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Compute;
using Croma.Data;

namespace Croma.Tasks;

/// <summary>
/// Few-shot cross-modal retrieval planned ahead (section 5.3): of each meta-test concept's pairs some may be aligned on,
/// the others are queries. All queries together are the gallery. Without strong pairs, samples of a cluster are paired
/// at random, each at most once: the cluster is then the concept.
/// </summary>
/// <param name="Dataset">The data set's SHA-256.</param>
/// <param name="Seed">What the plan was drawn from.</param>
/// <param name="Support">Pairs of each concept [concepts][most shots]; K shots are the first K.</param>
/// <param name="Queries">All the other pairs, the same whatever K.</param>
public sealed record RetrievalPlan(string Dataset, ulong Seed, StrongPair[][] Support, StrongPair[] Queries)
{
    /// <summary>The concept of each query, by its place in <see cref="Support"/>, where pairs are weak; otherwise null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[]? ClusterOfQuery { get; init; }

    /// <summary>Draws a plan.</summary>
    /// <exception cref="CromaException">A meta-test concept has too few pairs.</exception>
    public static RetrievalPlan Create(CrossModalDataset dataset, int maxShots, ulong seed)
    {
        var weak = dataset.StrongPairs.Count == 0;
        var pairs = weak ? WeakPairs(dataset, seed) : dataset.StrongPairs.GroupBy(p => dataset.Source.Concept(p.Source))
            .Where(g => dataset.Concepts[g.Key].Split == ConceptSplit.MetaTest).OrderBy(g => g.Key).Select(g => (Number: g.Key, Name: dataset.Concepts[g.Key].Id, Pairs: g.ToArray())).ToList();
        if (pairs.Count == 0) throw new CromaException($"'{dataset.Name}' has no pairs of meta-test concepts, so there is nothing to retrieve.");
        foreach (var (number, name, own) in pairs)
        {
            if (own.Length <= maxShots) throw new CromaException($"Retrieval with {maxShots} shots needs {maxShots + 1} or more pairs a concept; '{name}' of '{dataset.Name}' has {own.Length}: ask for fewer shots.");
            new CounterRandom(seed, CounterRandom.Stream("retrieval", number)).Shuffle(own.AsSpan());
        }
        return new RetrievalPlan(dataset.Sha256, seed, [.. pairs.Select(p => p.Pairs[..maxShots])], [.. pairs.SelectMany(p => p.Pairs[maxShots..])])
        {
            ClusterOfQuery = weak ? [.. pairs.Index().SelectMany(p => Enumerable.Repeat(p.Index, p.Item.Pairs.Length - maxShots))] : null,
        };
    }

    private static List<(int Number, string Name, StrongPair[] Pairs)> WeakPairs(CrossModalDataset dataset, ulong seed)
    {
        return [.. ByCluster(dataset.Source).Join(ByCluster(dataset.Target), s => s.Key, t => t.Key, (s, t) => (s.Key, Source: s.ToArray(), Target: t.ToArray())).OrderBy(c => c.Key, StringComparer.Ordinal).Select(Pair)];

        IEnumerable<IGrouping<string, int>> ByCluster(ModalityData data) => Enumerable.Range(0, data.Count)
            .Where(i => data.Part(i) == Part.Alignment && dataset.Concepts[data.Concept(i)] is { Split: ConceptSplit.MetaTest, Cluster: not null })
            .GroupBy(i => dataset.Concepts[data.Concept(i)].Cluster!, StringComparer.Ordinal);

        (int, string, StrongPair[]) Pair((string Name, int[] Source, int[] Target) cluster, int number)
        {
            var random = new CounterRandom(seed, CounterRandom.Stream("pairs of cluster", number));
            random.Shuffle(cluster.Source.AsSpan());
            random.Shuffle(cluster.Target.AsSpan());
            return (number, cluster.Name, [.. cluster.Source.Zip(cluster.Target, (s, t) => new StrongPair(s, t))]);
        }
    }

    /// <summary>SHA-256 of the plan's JSON, in hexadecimal.</summary>
    [JsonIgnore]
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, RetrievalPlanJson.Default.RetrievalPlan)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RetrievalPlan))]
internal sealed partial class RetrievalPlanJson : JsonSerializerContext;
