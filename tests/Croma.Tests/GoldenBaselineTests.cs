namespace Croma.Tests;

/// <summary>Whole iterations of baselines that have parts of their own, against PyTorch.</summary>
public sealed class GoldenBaselineTests
{
    public static TheoryData<string> Names => [.. GoldenBaselines.Names];

    [Fact]
    public void The_golden_draws_are_those_that_Croma_makes()
    {
        using var folder = new TemporaryFolder();
        using var dataset = GoldenMethod.Dataset(folder.Path);
        var golden = Path.Combine(AppContext.BaseDirectory, "golden", GoldenBaselines.FileName);
        var draws = GoldenBaselines.ToJson(dataset);
        if (File.Exists(golden) && File.ReadAllText(golden) == draws) return;
        File.WriteAllText(golden + ".new", draws);
        Assert.Fail($"Croma draws other samples than tests/golden/{GoldenBaselines.FileName} says; where that is meant, copy {golden}.new there and run make_baselines.py.");
    }

    [Theory, MemberData(nameof(Names))]
    public void Two_iterations_agree_with_PyTorch(string name)
    {
        var golden = new GoldenCase("baselines", name);
        using var folder = new TemporaryFolder();
        using var dataset = GoldenMethod.Dataset(folder.Path);
        using var method = GoldenBaselines.Create(name, dataset);
        using var meta = method.Meta;
        for (var iteration = 0; iteration < GoldenBaselines.Iterations; iteration++)
        {
            var losses = method.Iterate(iteration);
            golden.Compare($"{iteration}/losses", [.. new[] { losses.Alignment, losses.Classification }.Where(loss => !double.IsNaN(loss)).Select(loss => (float)loss)]);
            foreach (var (part, values) in meta.Parts.Concat(method.TrainingParts))
                foreach (var block in values.Layout.Blocks) golden.Compare($"{iteration}/{part}/{block.Name}", values.Read(block));
        }
        golden.RequireAllCompared();
    }
}
