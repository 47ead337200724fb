using Croma.Cli.Report;
using Croma.Data;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Cli.Experiments;

/// <summary>What a retrieved sample is to the query.</summary>
internal enum RetrievedIs
{
    /// <summary>The other side of its pair: the one hit.</summary>
    ItsPair,

    /// <summary>Another sample of its concept or, where pairs are weak, its cluster.</summary>
    ItsConcept,

    /// <summary>A sample of another concept.</summary>
    Other,
}

/// <summary>A retrieved sample.</summary>
internal sealed record RetrievedItem(SampleView Item, RetrievedIs Is);

/// <summary>What a method found for a query.</summary>
/// <param name="Method">The method, as the tables call it.</param>
/// <param name="Rank">The place of the pair's own target, from 1.</param>
/// <param name="Items">The nearest, the nearest first.</param>
internal sealed record RetrievedList(string Method, int Rank, IReadOnlyList<RetrievedItem> Items);

/// <summary>A query and what methods found for it.</summary>
internal sealed record RetrievalExample(SampleView Query, IReadOnlyList<RetrievedList> Lists);

/// <summary>Some queries of retrieval, in the first repeat: the first query of each of the first concepts, so that nobody picked them for what they show.</summary>
/// <param name="Source">The name of the modality that asks.</param>
/// <param name="Target">The name of the modality that is searched.</param>
/// <param name="Shots">K.</param>
/// <param name="Gallery">How many samples are searched.</param>
/// <param name="Queries">The queries.</param>
internal sealed record RetrievalExamples(string Source, string Target, int Shots, int Gallery, IReadOnlyList<RetrievalExample> Queries)
{
    private const int Most = 5;

    /// <summary>Takes them from what was scored; nothing is computed.</summary>
    /// <param name="dataset">The data.</param>
    /// <param name="plan">What was retrieved.</param>
    /// <param name="records">What was found; the first number of shots is shown.</param>
    /// <param name="methods">Whose.</param>
    public static RetrievalExamples Of(CrossModalDataset dataset, RetrievalPlan plan, IReadOnlyList<RetrievalRecord> records, IReadOnlyList<string> methods)
    {
        var (shots, pairs) = (records[0].Shots, plan.Queries);
        var found = methods.Select(m => (Title: MethodNames.Title(m), records.First(r => r.Method == m && r.Shots == shots && r.Repeat == 0).Found)).ToList();
        var queries = pairs.Index().GroupBy(q => plan.ClusterOfQuery?[q.Index] ?? dataset.Source.Concept(q.Item.Source), q => q.Index).Select(own => own.First()).Take(Most);
        return new RetrievalExamples(dataset.Source.Name, dataset.Target.Name, shots, pairs.Length,
        [
            .. queries.Select(query => new RetrievalExample(SampleView.Of(dataset, dataset.Source, pairs[query].Source),
            [
                .. found.Select(f => new RetrievedList(f.Title, f.Found![query].Rank,
                    [.. f.Found[query].Nearest.Select(item => new RetrievedItem(SampleView.Of(dataset, dataset.Target, pairs[item].Target), Compare(item, query)))])),
            ])),
        ]);

        RetrievedIs Compare(int item, int query) => item == query ? RetrievedIs.ItsPair
            : IsAlike(item, query) ? RetrievedIs.ItsConcept : RetrievedIs.Other;

        bool IsAlike(int item, int query) => plan.ClusterOfQuery is { } clusterOf
            ? clusterOf[item] == clusterOf[query]
            : dataset.Target.Concept(pairs[item].Target) == dataset.Source.Concept(pairs[query].Source);
    }
}
