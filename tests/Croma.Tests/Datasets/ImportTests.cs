using Croma.Data;
using Croma.Datasets.Import;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests.Datasets;

/// <summary>What becomes of sound input.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Features_with_pair_ids_become_strong_pairs_that_leak_nothing()
    {
        using var set = _folder.Import(_folder.WriteFeatures("sensor", 1), _folder.WriteFeatures("gene", 2));
        Assert.Equal(("sensor", "gene", ModalityKind.Features, ImportFolder.Width), (set.Source.Name, set.Target.Name, set.Target.Kind, set.Target.Contents.Width));
        Assert.Equal([10, 5, 5], Enum.GetValues<ConceptSplit>().Select(split => set.Concepts.Count(c => c.Split == split)));
        Assert.All(set.StrongPairs, p => Assert.Equal((set.Source.Group(p.Source), set.Source.Concept(p.Source)), (set.Target.Group(p.Target), set.Target.Concept(p.Target))));
        foreach (var split in new[] { ConceptSplit.MetaValidation, ConceptSplit.MetaTest })
            Assert.All(Counts(set, set.Target, split, Part.Target), count => Assert.Equal(20, count));
        Assert.All(Counts(set, set.Source, ConceptSplit.MetaTrain, Part.Source), count => Assert.Equal(7, count));
        Assert.Equal(10 * (30 - 7 - 7), set.StrongPairs.Count(p => set.Concepts[set.Source.Concept(p.Source)].Split == ConceptSplit.MetaTrain));
    }

    [Fact]
    public void Numbers_stay_what_they_were_and_with_their_labels()
    {
        using var set = _folder.Import(_folder.WriteFeatures("sensor", 1), _folder.WriteFeatures("gene", 2));
        var vectors = ImportFolder.Vectors(2);
        for (var i = 0; i < set.Target.Count; i++)
        {
            Assert.Equal(ImportFolder.Class(i / ImportFolder.Samples), set.Concepts[set.Target.Concept(i)].Id);
            Assert.Equal(vectors.AsSpan(i * ImportFolder.Width, ImportFolder.Width).ToArray().Select(v => (Half)v), set.Target.Contents.Values(i).ToArray());
        }
    }

    [Fact]
    public void Groups_become_weak_pairs_of_one_split()
    {
        string Row(int c, int i) => $"{ImportFolder.Class(c)},g{c / 2}";
        using var set = _folder.Import(_folder.WriteFeatures("a", 1, "label,group", Row), _folder.WriteFeatures("b", 2, "label,group", Row));
        Assert.Empty(set.StrongPairs);
        Assert.All(set.Concepts.GroupBy(c => c.Cluster), g => Assert.Equal((2, 1), (g.Count(), g.Select(c => c.Split).Distinct().Count())));
        foreach (var data in new[] { set.Source, set.Target })
            Assert.All(Counts(set, data, ConceptSplit.MetaTrain, Part.Alignment), count => Assert.Equal(15, count));
    }

    [Fact]
    public void Labels_pair_only_where_the_user_says_so()
    {
        var (a, b) = (_folder.WriteFeatures("a", 1, "label", (c, _) => ImportFolder.Class(c)), _folder.WriteFeatures("b", 2, "label", (c, _) => ImportFolder.Class(c)));
        Assert.Contains("--pairs label", _folder.Refuse(a, b), StringComparison.Ordinal);
        using var set = _folder.Import(a, b, pairs: PairKind.Label);
        Assert.All(set.Concepts, c => Assert.Equal(c.Id, c.Cluster));
        Assert.Contains("reads the labels", set.Manifest.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_above_the_classes_is_their_group()
    {
        foreach (var tree in new[] { "a", "b" })
            for (var c = 0; c < 12; c++)
                for (var i = 0; i < 24; i++) _folder.Write($"{tree}/g{c / 2}/{ImportFolder.Class(c)}/{i}.txt", $"{tree} {c} {i}");
        using var set = _folder.Import(_folder["a"], _folder["b"]);
        Assert.Equal("g3", set.Concepts.Single(c => c.Id == ImportFolder.Class(6)).Cluster);
    }

    [Fact]
    public void Splits_and_roles_are_as_the_columns_say()
    {
        string Row(int c, int i) => $"{ImportFolder.Class(c)},{c}-{i},{(c < 12 ? "meta-train" : c < 16 ? "validation" : "test")},{(i < 10 ? "alignment" : i < 20 ? "source" : "target")}";
        using var set = _folder.Import(_folder.WriteFeatures("a", 1, "label,pair,split,role", Row), _folder.WriteFeatures("b", 2, "label,pair,split,role", Row));
        Assert.All(set.Concepts.Index(), c => Assert.Equal(c.Index < 12 ? ConceptSplit.MetaTrain : c.Index < 16 ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest, c.Item.Split));
        Assert.All(Enumerable.Range(0, set.Target.Count), i => Assert.Equal((Part)(i % ImportFolder.Samples / 10), set.Target.Part(i)));
        Assert.Equal(200, set.StrongPairs.Count);
    }

    [Fact]
    public void Same_seed_same_bytes_whatever_the_threads_and_another_seed_other_splits()
    {
        var (a, b) = (_folder.WriteTexts("words", 24), _folder.WriteArrays("windows", 24, 4));
        using var one = _folder.Import(a, b, pairs: PairKind.Id, to: "x/set");
        using var two = _folder.Import(a, b, pairs: PairKind.Id, to: "y/set", threads: 3);
        using var other = _folder.Import(a, b, pairs: PairKind.Id, to: "z/set", seed: 2);
        Assert.Equal(one.Sha256, two.Sha256);
        Assert.NotEqual(one.Concepts.Select(c => c.Split), other.Concepts.Select(c => c.Split));
    }

    [Fact]
    public void Samples_of_one_origin_are_used_for_one_thing() => Prop.ForAll(Gen.Choose(1, 1000).ToArbitrary(), Gen.Choose(1, 60).ToArbitrary(), (seed, origins) =>
    {
        ImportSide Side(string name, int offset) => new(name, name, [.. Enumerable.Range(0, 240).Select(i => new ImportItem($"{name} {i}", $"c{i % 12}")
        {
            Pair = i % 3 == 0 ? $"p{i}" : null,
            Origin = i % 2 == 0 ? $"o{(i * 31 + offset) % origins}" : null,
        })], _ => throw new InvalidOperationException());
        ImportSide a = Side("a", 0), b = Side("b", 7);
        var plan = ImportPlan.Create(a, b, null, (ulong)seed, []);
        var origin = a.Items.Zip(plan.Source.Part).Concat(b.Items.Zip(plan.Target.Part)).Where(x => x.First.Origin is not null).GroupBy(x => x.First.Origin);
        Assert.All(origin, o => Assert.Single(o.Select(x => x.Second).Distinct()));
        Assert.All(plan.Pairs, p => Assert.Equal((Part.Alignment, Part.Alignment, plan.Source.Group[p.Source]), (plan.Source.Part[p.Source], plan.Target.Part[p.Target], plan.Target.Group[p.Target])));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Trees_of_texts_and_of_sequences_are_paired_by_file_names_on_request()
    {
        var (texts, arrays) = (_folder.WriteTexts("words"), _folder.WriteArrays("windows", 10, 3, 2));
        Assert.Contains("(there are 200)", _folder.Refuse(texts, arrays), StringComparison.Ordinal);
        using var set = _folder.Import(texts, arrays, pairs: PairKind.Id);
        Assert.Equal((ModalityKind.Bytes, ModalityKind.Frames, 2, 3), (set.Source.Kind, set.Target.Kind, set.Target.Contents.Width, set.Target.Contents.Shape.FramesOfEach));
        Assert.Equal("text 0 of a"u8, set.Source.Contents.Bytes(0));
        // unpaired texts serve source tasks, so that meta-train's pairs need not
        Assert.All(Counts(set, set.Source, ConceptSplit.MetaTrain, Part.Source), count => Assert.Equal(20, count));
        Assert.All(Counts(set, set.Target, ConceptSplit.MetaTrain, Part.Alignment), count => Assert.Equal(8, count));
    }

    private static IEnumerable<int> Counts(CrossModalDataset set, ModalityData data, ConceptSplit split, Part part) =>
        set.Concepts.Index().Where(c => c.Item.Split == split).Select(c => Enumerable.Range(0, data.Count).Count(i => data.Concept(i) == c.Index && data.Part(i) == part));
}
