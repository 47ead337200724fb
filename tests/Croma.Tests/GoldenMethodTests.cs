using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>Whole meta-iterations of Algorithm 1, and the adaptation that follows, against PyTorch.</summary>
public sealed class GoldenMethodTests
{
    public static TheoryData<string> Cases => [.. GoldenMethod.Cases.Keys];

    [Fact]
    public void The_golden_draws_are_those_that_Croma_makes()
    {
        using var folder = new TemporaryFolder();
        using var dataset = GoldenMethod.Dataset(folder.Path);
        var golden = Path.Combine(AppContext.BaseDirectory, "golden", GoldenDraws.FileName);
        var draws = GoldenDraws.ToJson(dataset);
        if (File.Exists(golden) && File.ReadAllText(golden) == draws) return;
        File.WriteAllText(golden + ".new", draws);
        Assert.Fail($"Croma draws other samples than tests/golden/{GoldenDraws.FileName} says; where that is meant, copy {golden}.new there and run make_method.py.");
    }

    [Theory, MemberData(nameof(Cases))]
    public void Two_meta_iterations_agree_with_PyTorch(string name)
    {
        var golden = new GoldenCase("method", name, tolerance: 3e-6);
        using var folder = new TemporaryFolder();
        using var dataset = GoldenMethod.Dataset(folder.Path);
        using var meta = GoldenMethod.Parameters(name, GoldenMethod.Cases[name]);
        using var training = new MetaTraining(meta, GoldenMethod.Cases[name], new MetaTrainingData(dataset), new InputOptions(), new Duet(1), GoldenMethod.Seed);
        for (var iteration = 0; iteration < GoldenMethod.Iterations; iteration++)
        {
            var losses = training.Iterate(iteration);
            golden.Compare($"{iteration}/losses", [(float)losses.Alignment, (float)losses.Classification]);
            foreach (var (part, values) in meta.Parts)
                foreach (var block in values.Layout.Blocks) golden.Compare($"{iteration}/{part}/{block.Name}", values.Read(block));
        }

        using var adaptation = new Adaptation(meta.Network, GoldenMethod.Adaptation, new SampleReader(dataset.Target.Contents, new InputOptions()));
        var episode = GoldenMethod.Episode(dataset);
        var (samples, labels) = GoldenMethod.Support(episode);
        golden.Compare("adapted/loss", [(float)adaptation.Adapt(meta, samples, labels, GoldenMethod.AdaptationRandom())]);
        golden.Compare("adapted/logits", adaptation.Logits([.. episode.Query.SelectMany(q => q)]));
        golden.RequireAllCompared();
    }
}
