using System.Text.Json;

namespace Croma.Tests;

/// <summary>`croma bench` without a counterpart: what it writes, what it refuses, and that it can be stopped.</summary>
public sealed class CliBenchTests : IDisposable
{
    private static readonly string[] s_short = ["--rounds", "1", "--seconds", "0.01", "--quiet", "--json", "-"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_result_has_the_shape_of_the_documentation()
    {
        var result = await Run(["bench", "steps", "--steps", "mlp 4,text 3 2", .. s_short]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(["machine", "threads", "steps"], Names(result.Json));
        Assert.Equal(1, result.Json.GetProperty("threads").GetInt32());
        JsonElement[] steps = [.. result.Json.GetProperty("steps").EnumerateArray()];
        Assert.Equal(["mlp 4", "text 3 2"], steps.Select(s => s.GetProperty("name").GetString()));
        Assert.All(steps, step =>
        {
            Assert.Equal(["name", "microseconds", "peerMicroseconds", "ratio", "gflops", "percentOfPeak", "loss", "peerLoss"], Names(step));
            Assert.All(["microseconds", "gflops", "percentOfPeak", "loss"], name => Assert.True(step.GetProperty(name).GetDouble() > 0, name));
            Assert.All(["peerMicroseconds", "ratio", "peerLoss"], name => Assert.Equal(JsonValueKind.Null, step.GetProperty(name).ValueKind));
        });
    }

    [Theory]
    [InlineData("align 3"), InlineData("meta 3"), InlineData("speech 3 2"), InlineData("conv 2 cl"), InlineData("gemm 3 5 7 linear")]
    public async Task Every_form_of_name_is_timed_on_two_threads(string name)
    {
        var result = await Run(["bench", "steps", "--threads", "2", "--steps", name, .. s_short]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(2, result.Json.GetProperty("threads").GetInt32());
        var step = Assert.Single(result.Json.GetProperty("steps").EnumerateArray());
        Assert.Equal(name, step.GetProperty("name").GetString());
        Assert.True(step.GetProperty("microseconds").GetDouble() > 0);
    }

    [Fact]
    public async Task A_product_has_its_speed_from_its_sizes_and_no_loss()
    {
        var result = await Run(["bench", "gemm", "8", "64", "32", .. s_short]);
        var step = Assert.Single(result.Json.GetProperty("steps").EnumerateArray());
        Assert.Equal("gemm 8 64 32", step.GetProperty("name").GetString());
        Assert.Equal(2 * 8 * 64 * 32 / (1e3 * step.GetProperty("microseconds").GetDouble()), step.GetProperty("gflops").GetDouble(), 1e-6);
        Assert.Equal(JsonValueKind.Null, step.GetProperty("loss").ValueKind);
    }

    [Fact]
    public async Task Without_json_there_is_a_table_with_a_row_for_each_workload()
    {
        var result = await Run(["bench", "steps", "--steps", "mlp 4,gemm 8 64 32", "--rounds", "1", "--seconds", "0.01", "--quiet"]);
        Assert.Equal((0, ""), (result.Code, result.Error));
        string[] lines = [.. result.Out.Split('\n').Select(l => l.Trim())];
        Assert.Contains("us a step", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("ratio", result.Out, StringComparison.Ordinal);
        Assert.Single(lines, l => l.StartsWith("mlp 4 ", StringComparison.Ordinal));
        Assert.Single(lines, l => l.StartsWith("gemm 8 64 32 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("steps", "--steps", "mlp 4,mlpp 4", "no workload 'mlpp 4'")]
    [InlineData("steps", "--steps", "mlp 0", "no workload 'mlp 0'")]
    [InlineData("steps", "--steps", "mlp 65537", "sizes from 1 to 65536")]
    [InlineData("steps", "--steps", "text 3", "no workload 'text 3'")]
    [InlineData("steps", "--steps", "conv 2 nchw", "no workload 'conv 2 nchw'")]
    [InlineData("steps", "--steps", "gemm 4 4 -4", "no workload 'gemm 4 4 -4'")]
    [InlineData("steps", "--steps", "gemm 65536 65536 65536", "'gemm 65536 65536 65536' is too large")]
    [InlineData("steps", "--steps", "align 65536", "too large")]
    [InlineData("steps", "--steps", "text 65536 65536", "too large")]
    [InlineData("steps", "--steps", " , ", "--steps names no workload")]
    [InlineData("steps", "--threads", "3", "--threads 1 or 2, not 3")]
    [InlineData("steps", "--seconds", "0", "--seconds takes a number above 0, at most 3600, not '0'")]
    [InlineData("steps", "--seconds", "NaN", "--seconds takes a number above 0")]
    [InlineData("steps", "--rounds", "0", "--rounds takes a whole number from 1 to")]
    [InlineData("gemm", "0", "1 1", "M takes a whole number from 1 to 65536, not '0'")]
    [InlineData("gemm", "1", "1 65537", "K takes a whole number from 1 to 65536, not '65537'")]
    [InlineData("gemm", "1", "x 1", "N takes a whole number from 1 to 65536, not 'x'")]
    [InlineData("gemm", "65536", "65536 1", "too large")]
    [InlineData("gemm", "1", "1", "K")]
    public async Task Bad_input_is_one_line_and_exit_code_2(string command, string first, string rest, string message)
    {
        var result = await Run(["bench", command, first, .. command == "gemm" ? rest.Split(' ') : [rest]]);
        Assert.Contains(message, result.RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_interrupt_ends_it_with_code_130_within_a_round()
    {
        using var process = CliProcess.Start(_folder.Path, "bench", "steps", "--steps", "mlp 4", "--seconds", "3600");
        await process.FirstError;
        process.Signal("INT");
        var stopped = await process.End();
        Assert.Equal((130, ""), (stopped.Code, stopped.Out));
        Assert.EndsWith("croma: interrupted.\n", stopped.Error, StringComparison.Ordinal);
    }

    private Task<CliResult> Run(params IEnumerable<string> arguments) => CliProcess.Run(_folder.Path, arguments);

    private static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(p => p.Name)];
}
