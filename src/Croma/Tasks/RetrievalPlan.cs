using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Compute;
using Croma.Data;

namespace Croma.Tasks;

/// <summary>
/// Few-shot cross-modal retrieval planned ahead (section 5.3): of each meta-test concept's pairs some may be aligned on,
/// the others are queries. All queries together are the gallery.
/// </summary>
/// <param name="Dataset">The data set's SHA-256.</param>
/// <param name="Seed">What the plan was drawn from.</param>
/// <param name="Support">Pairs of each concept [concepts][most shots]; K shots are the first K.</param>
/// <param name="Queries">All the other pairs, the same whatever K.</param>
public sealed record RetrievalPlan(string Dataset, ulong Seed, StrongPair[][] Support, StrongPair[] Queries)
{
    /// <summary>Draws a plan.</summary>
    /// <exception cref="CromaException">A meta-test concept has too few pairs.</exception>
    public static RetrievalPlan Create(CrossModalDataset dataset, int maxShots, ulong seed)
    {
        var pairs = dataset.StrongPairs.GroupBy(p => dataset.Source.Concept(p.Source))
            .Where(g => dataset.Concepts[g.Key].Split == ConceptSplit.MetaTest).OrderBy(g => g.Key).Select(g => (Concept: g.Key, Pairs: g.ToArray())).ToList();
        if (pairs.Count == 0) throw new CromaException($"'{dataset.Name}' has no pairs of meta-test concepts, so there is nothing to retrieve.");
        foreach (var (concept, own) in pairs)
        {
            if (own.Length <= maxShots) throw new CromaException($"Retrieval with {maxShots} shots needs {maxShots + 1} or more pairs a concept; '{dataset.Concepts[concept].Id}' of '{dataset.Name}' has {own.Length}: ask for fewer shots.");
            new CounterRandom(seed, CounterRandom.Stream("retrieval", concept)).Shuffle(own.AsSpan());
        }
        return new RetrievalPlan(dataset.Sha256, seed, [.. pairs.Select(p => p.Pairs[..maxShots])], [.. pairs.SelectMany(p => p.Pairs[maxShots..])]);
    }

    /// <summary>SHA-256 of the plan's JSON, in hexadecimal.</summary>
    [JsonIgnore]
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, RetrievalPlanJson.Default.RetrievalPlan)));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RetrievalPlan))]
internal sealed partial class RetrievalPlanJson : JsonSerializerContext;
