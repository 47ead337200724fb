using Croma.Baselines;
using Croma.Cli.Report;
using Croma.Compute;
using Croma.Data;
using Croma.Method;
using MathNet.Numerics.LinearAlgebra;

namespace Croma.Tests;

public sealed class ReportMapTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_makes_both_modalities_of_unseen_concepts_meet(bool sequences)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, sequences);
        var (before, after) = Maps(dataset, iterations: 150);
        Assert.True(after.PairCosine - after.OtherCosine > before.PairCosine - before.OtherCosine + 0.05, $"{before.PairCosine - before.OtherCosine} to {after.PairCosine - after.OtherCosine}");
        // the letters of an unseen concept say nothing of its sound: texts come nearer, but find no partner
        if (!sequences) Assert.True(after.Recall > after.Chance, $"{after.Recall}");
    }

    [Fact]
    public void A_map_has_pairs_of_meta_test_concepts_only_in_both_modalities_and_is_the_same_each_time()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        var (_, map) = Maps(dataset, iterations: 1, pairs: 7, concepts: 4);
        Assert.Equal(2 * 4 * 7, map.Points.Count);
        Assert.Equal(["Concept 15", "Concept 16", "Concept 17", "Concept 18"], map.Points.Select(p => p.Concept).Distinct());
        Assert.All(map.Points.GroupBy(p => (p.Concept, p.Modality)), g => Assert.Equal(7, g.Count()));
        Assert.Equal(["image", "audio"], map.Points.Select(p => p.Modality).Distinct());
        Assert.Equal(0.25, map.Chance);
        Assert.Equal(map.Points, Maps(dataset, iterations: 1, pairs: 7, concepts: 4).After.Points);
    }

    [Fact]
    public void Figures_are_those_of_the_embeddings_themselves()
    {
        // two encoders with the same values reading the same numbers: pairs coincide
        using var folder = new TemporaryFolder();
        var writer = new DatasetWriter("twins", 1, ModalityWriter.Features("a", 3), ModalityWriter.Features("b", 3));
        for (var c = 0; c < 3; c++)
        {
            writer.AddConcept($"c{c}", $"C{c}", ConceptSplit.MetaTest);
            for (var i = 0; i < 4; i++)
            {
                Half[] values = [.. Enumerable.Range(0, 3).Select(d => (Half)(d == c ? 2 + 0.1 * i : 0))];
                writer.AddPair(writer.Source.Add(c, Part.Alignment, c * 4 + i, values), writer.Target.Add(c, Part.Alignment, c * 4 + i, values));
            }
        }
        writer.Write(folder.Path);
        using var dataset = CrossModalDataset.Open(folder.Path);
        using var meta = new MetaParameters(Networks.Create("croma", TinyConfiguration.Value, dataset), 1);
        foreach (var (source, target) in meta.Network.SourceEncoder.Layout.Blocks.Zip(meta.Network.TargetEncoder.Layout.Blocks))
            meta.TargetEncoder.Write(target, meta.SourceEncoder.Read(source));
        var (map, _) = SharedSpaceMap.Compute(dataset, TinyConfiguration.Value, meta, meta);
        Assert.Equal(1, map.PairCosine, 1e-6);
        Assert.True(map.OtherCosine < 0.9);
        Assert.Equal(1, map.Recall);
        var halves = map.Points.GroupBy(p => p.Modality).Select(g => g.ToList()).ToList();
        Assert.All(halves[0].Zip(halves[1]), p => Assert.Equal((p.First.X, p.First.Y), (p.Second.X, p.Second.Y)));
    }

    [Fact]
    public void Principal_components_lie_along_the_greatest_variance_with_the_greatest_part_positive()
    {
        var rows = Matrix<double>.Build.Dense(40, 5, (i, j) => j switch { 3 => -10 * Math.Sin(i), 1 => 3 * Math.Cos(2 * i), _ => 0.01 * Math.Sin(7 * i + j) } + j);
        var plane = PlaneProjection.Fit(rows).Project(rows);
        Assert.Equal(0, plane.ColumnSums().L2Norm(), 1e-9);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(-10 * Math.Sin(i), plane[i, 0], 0.5);
            Assert.Equal(3 * Math.Cos(2 * i), plane[i, 1], 0.5);
        }
    }

    [Fact]
    public void Means_show_concepts_that_a_larger_common_difference_hides()
    {
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 3)];
        // columns 0 and 1: which of two modalities, twice; 2 and 3: the concept; others: noise
        var random = new CounterRandom(1, 1);
        var rows = Matrix<double>.Build.Dense(60, 8, (i, j) => 0.05 * random.NextNormal() + j switch { 0 => i < 30 ? 5 : -5, 1 => i / 15 % 2 == 0 ? 4 : -4, 2 => labels[i] == 0 ? 1 : 0, 3 => labels[i] == 1 ? 1 : 0, _ => 0 });
        var (plain, means) = (PlaneProjection.Fit(rows), PlaneProjection.FitMeans(rows, labels));
        Assert.True(PlaneProjection.ShareBetween(plain.Project(rows), labels) < 0.1);
        Assert.True(PlaneProjection.ShareBetween(means.Project(rows), labels) > 0.9);
    }

    [Fact]
    public void The_plane_changes_to_the_means_where_the_principal_components_show_the_modalities_only()
    {
        // before training the modalities lie apart: taken as the state after training, means must be chosen for both maps
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, noise: 2);
        using var meta = new MetaParameters(Networks.Create("croma", TinyConfiguration.Value, dataset), 1);
        var (before, after) = SharedSpaceMap.Compute(dataset, TinyConfiguration.Value, meta, meta);
        Assert.Equal((MapProjection.ConceptMeans, MapProjection.ConceptMeans), (before.Projection, after.Projection));
        var data = ReportSamples.Data() with { Before = before, After = after };
        Assert.Contains("means of the languages (image and audio together)", HtmlReport.Render(data with { Origin = data.Origin with { Source = "image", Target = "audio" } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Points_that_do_not_differ_are_drawn_in_one_place()
    {
        var rows = Matrix<double>.Build.Dense(6, 4, 0.5);
        Assert.Equal(0, PlaneProjection.Fit(rows).Project(rows).FrobeniusNorm());
        Assert.Equal(0, PlaneProjection.ShareBetween(rows, [0, 0, 0, 1, 1, 1]));
        var data = ReportSamples.Data();
        var one = data.After with { Points = [.. data.After.Points.Select(p => p with { X = 0, Y = 0 })] };
        Assert.DoesNotContain("NaN", HtmlReport.Render(data with { After = one }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_without_pairs_of_two_unseen_concepts_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        using var meta = new MetaParameters(Networks.Create("croma", TinyConfiguration.Value, dataset), 1);
        Assert.Contains("two or more", Assert.Throws<CromaException>(() => SharedSpaceMap.Compute(dataset, TinyConfiguration.Value, meta, meta, concepts: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Concepts_that_training_knew_are_drawn_beside_for_comparison()
    {
        var data = ReportSamples.Data();
        Assert.DoesNotContain("that it knew", HtmlReport.Render(data), StringComparison.Ordinal);
        Assert.Contains("languages that it knew", HtmlReport.Render(data with { Known = data.After }), StringComparison.Ordinal);
    }

    private static (SpaceMap Before, SpaceMap After) Maps(CrossModalDataset dataset, int iterations, int pairs = 16, int concepts = 6)
    {
        using var duet = new Duet(threads: 1);
        using var method = Methods.Create("croma", TinyConfiguration.Value, dataset, 1, duet);
        using var start = method.Meta.Clone();
        for (var i = 0; i < iterations; i++) method.Iterate(i);
        var maps = SharedSpaceMap.Compute(dataset, TinyConfiguration.Value, start, method.Meta, pairs, concepts);
        method.Meta.Dispose();
        return maps;
    }
}
