namespace Croma.Tests;

/// <summary>croma advise and croma bench retrieve, end to end.</summary>
public sealed class CliAdviseTests : IDisposable
{
    private static readonly string[] s_numbers = ["--dim", "20", "--n-source", "250", "--n-target", "40", "--n-pairs", "1000", "--noise", "1", "--pair-noise", "1"];

    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plain_numbers_give_the_errors_of_section_5_5_and_say_what_they_assume()
    {
        var json = (await _folder.Run(["advise", .. s_numbers, "--json", "-"])).Json;
        Assert.Equal((0.5, 0.48, 0.4), (json.GetProperty("label").GetDouble(), Math.Round(json.GetProperty("aligned").GetDouble(), 9), json.GetProperty("alignment").GetDouble()));
        Assert.True(json.GetProperty("prefersAlignment").GetBoolean());
        Assert.Equal("LabelTargets", json.GetProperty("efforts")[0].GetProperty("effort").GetString());
        var text = (await _folder.Run(["advise", .. s_numbers])).Out;
        foreach (var words in new[] { "Align: aligning is worth about 41.7 labelled target samples, you have 40. It pays from 953 pairs on.", "Pays best: labelled target samples.", "weak sets: about 32 of 1000", "exactly expected: 1.0526", "This assumes:\n- labels are linear" })
            Assert.Contains(words, text, StringComparison.Ordinal);
        // 19 targets are fewer than least squares in 20 dimensions need
        var few = await _folder.Run("advise", "--dim", "20", "--n-source", "250", "--n-target", "19", "--n-pairs", "1000", "--noise", "9", "--pair-noise", "0", "--json", "-");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, few.Json.GetProperty("expectedLabel").ValueKind);
        Assert.Contains("guessing", (await _folder.Run("advise", "--dim", "20", "--n-source", "25", "--n-target", "19", "--n-pairs", "10", "--noise", "9", "--pair-noise", "9")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_set_or_a_model_of_it_gives_the_numbers_with_intervals()
    {
        var plain = await _folder.Run("advise", "data", "--quiet", "--json", "-");
        Assert.Equal((0, ""), (plain.Code, plain.Error));
        var (d, interval) = (plain.Json.GetProperty("case").GetProperty("dimension").GetDouble(), plain.Json.GetProperty("intervals").GetProperty("dimension"));
        Assert.InRange(d, interval[0].GetDouble(), interval[1].GetDouble());
        Assert.Equal((25, 60, 120), (plain.Json.GetProperty("case").GetProperty("targetSamples").GetDouble(), plain.Json.GetProperty("case").GetProperty("sourceSamples").GetDouble(), plain.Json.GetProperty("case").GetProperty("pairs").GetDouble()));
        Assert.Equal(plain.Out, (await _folder.Run("advise", "data", "--quiet", "--json", "-", "--threads", "1")).Out);
        var replaced = await _folder.Run("advise", "data", "--quiet", "--json", "-", "--n-pairs", "12000", "--shots", "1");
        Assert.Equal((5, 12000), (replaced.Json.GetProperty("case").GetProperty("targetSamples").GetDouble(), replaced.Json.GetProperty("case").GetProperty("pairs").GetDouble()));

        await _folder.Train("model");
        var text = (await _folder.Run("advise", "data", "--model", "model", "--quiet")).Out;
        Assert.Contains("embeddings of meta-validation by croma of 'tiny', seed 1", text, StringComparison.Ordinal);
        Assert.Contains("of the resamples", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_inputs_get_one_line_each()
    {
        await Fails("--pair-noise is missing", ["advise", .. s_numbers[..^2]]);
        await Fails("--dim is estimated from the data set", "advise", "data", "--dim", "3");
        await Fails("--model needs a data set", ["advise", .. s_numbers, "--model", "model"]);
        await Fails("--noise takes a number from 0 to 1e12, not 'much'", "advise", "--noise", "much");
        await Fails("no data set here", "advise", "nowhere");
        await Fails("n_align must be above 0", ["advise", .. s_numbers[..6], "--n-pairs", "0", .. s_numbers[8..]]);
        await Fails("ask for fewer --ways", "advise", "data", "--ways", "40", "--quiet");
    }

    [Fact]
    public async Task The_search_is_timed_beside_others_that_find_the_same()
    {
        var result = (await _folder.Run("bench", "retrieve", "--items", "3000", "--dimension", "48", "--rounds", "2", "--threads", "2", "--quiet", "--json", "-")).Json;
        Assert.Equal(8, result.GetProperty("ways").GetArrayLength());
        Assert.All(result.GetProperty("ways").EnumerateArray(), w => Assert.True(w.GetProperty("milliseconds").GetDouble() > 0));
        Assert.InRange(result.GetProperty("agreement").GetDouble(), 0.9, 1);
    }

    private async Task Fails(string words, params string[] arguments) => Assert.Contains(words, (await _folder.Run(arguments)).RequireOneLineOfError(), StringComparison.Ordinal);
}
