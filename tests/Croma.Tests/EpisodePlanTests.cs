using Croma.Data;
using Croma.Tasks;

namespace Croma.Tests;

public sealed class EpisodePlanTests
{
    [Fact]
    public void Tasks_have_distinct_concepts_of_the_split_and_disjoint_support_and_query()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 8, 5, 5, 6, 1);
        Assert.Equal(8, plan.Episodes.Count);
        foreach (var episode in plan.Episodes)
        {
            Assert.Equal(5, episode.Concepts.Distinct().Count());
            Assert.All(episode.Concepts, c => Assert.Equal(ConceptSplit.MetaTest, dataset.Concepts[c].Split));
            for (var way = 0; way < 5; way++)
            {
                int[] all = [.. episode.Support[way], .. episode.Query[way]];
                Assert.Equal(11, all.Distinct().Count());
                Assert.All(all, s => Assert.Equal((episode.Concepts[way], Part.Target), (dataset.Target.Concept(s), dataset.Target.Part(s))));
            }
        }
    }

    [Fact]
    public void The_hash_is_a_function_of_the_seed()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        string Hash(ulong seed) => EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 2, 5, 5, 6, seed).Sha256;
        Assert.Equal(Hash(1), Hash(1));
        Assert.NotEqual(Hash(1), Hash(2));
    }

    [Theory, InlineData(6, 5, 6, "fewer ways"), InlineData(5, 10, 6, "16 target samples")]
    public void Asking_for_more_than_there_is_says_what_there_is(int ways, int shots, int queries, string hint)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        var error = Assert.Throws<CromaException>(() => EpisodePlan.Create(dataset, ConceptSplit.MetaTest, 1, ways, shots, queries, 1));
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }
}
