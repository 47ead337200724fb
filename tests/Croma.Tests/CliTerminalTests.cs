using Croma.Cli.Terminal;

namespace Croma.Tests;

/// <summary>What files say is shown to people, and steers no terminal.</summary>
public sealed class CliTerminalTests : IDisposable
{
    private const string Escape = "\u001b";

    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Names_out_of_files_are_written_without_what_steers_a_terminal()
    {
        await _folder.Train("model");
        Write("support.csv", ("le\u001b[2Jft", 1), ("le\u001b[2Jft", 1.1), ("ri\u0007ght", -1), ("ri\u0007ght", -1.1));
        var adapted = await _folder.Run("adapt", "--model", "model", "--support", "support.csv", "--out", "k.croma");
        var predicted = await _folder.Run("predict", "--classifier", "k.croma", "support.csv");
        Assert.Equal((0, 0), (adapted.Code, predicted.Code));
        Assert.DoesNotContain(adapted.Out + predicted.Out, c => char.IsControl(c) && c != '\n');
        Assert.Contains("le?[2Jft", predicted.Out, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder["m.jsonl"], """{"path": "a\u001b]0;title\u0007.txt", "label": "x"}""" + "\n", TestContext.Current.CancellationToken);
        Assert.Contains("there is no file 'a?]0;title?.txt'", (await _folder.Run("data", "check", "m.jsonl")).RequireOneLineOfError(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_keeps_its_lines()
    {
        Assert.Equal("a b", PlainText.Of("a b"));
        Assert.Equal("a?b?c?", PlainText.Of($"a\nb\tc{Escape}"));
        Assert.Equal("a\nb\tc?", PlainText.OfLines($"a\nb\tc{Escape}"));
    }

    private void Write(string name, params (string Label, double Value)[] rows) =>
        File.WriteAllText(_folder[name], "label," + string.Join(',', Enumerable.Range(0, 6).Select(i => $"x{i}")) + "\n" + string.Concat(rows.Select(r => $"{r.Label},{string.Join(',', Enumerable.Range(0, 6).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{r.Value * (i + 1)}")))}\n")));
}
