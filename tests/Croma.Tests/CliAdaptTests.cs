using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Croma.Tests;

/// <summary>croma adapt and croma predict, end to end.</summary>
public sealed class CliAdaptTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task From_labelled_rows_to_answers_in_every_format()
    {
        await _folder.Train("model");
        Write("support.csv", [("left", 1), ("left", 1.1), ("left", 0.9), ("right", -1), ("right", -1.1), ("right", -0.9), ("right", -1)]);
        Write("new.csv", [(null, 1.05), (null, -1.05)]);
        var adapted = await _folder.Run("adapt", "--model", "model", "--support", "support.csv", "--out", "k.croma", "--json", "-");
        Assert.Equal((0, ""), (adapted.Code, adapted.Error));
        Assert.Equal(["left 3", "right 4"], adapted.Json.GetProperty("classes").EnumerateArray().Select(c => $"{c.GetProperty("name").GetString()} {c.GetProperty("samples").GetInt32()}"));
        Assert.Equal(1, adapted.Json.GetProperty("accuracy").GetDouble());
        Assert.Equal(0.125, adapted.Json.GetProperty("smallestFalseAlarmRate").GetDouble());

        var table = await _folder.Run("predict", "--classifier", "k.croma", "new.csv");
        Assert.Equal(["left", "right"], table.Out.TrimEnd('\n').Split('\n').Select(l => l.Split(' ')[0]));
        var csv = await _folder.Run("predict", "--classifier", "k.croma", "new.csv", "--format", "csv");
        Assert.StartsWith("input,class,probability,likeliest,familiarity\n\"new.csv, row 1\",left,", csv.Out, StringComparison.Ordinal);
        var lines = await _folder.Run("predict", "--classifier", "k.croma", "new.csv", "new.csv", "--format", "jsonl", "--false-alarms", "0.2");
        var answers = lines.Out.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(4, answers.Count);
        Assert.All(answers, a => Assert.Equal(1, a.GetProperty("probabilities").EnumerateObject().Sum(p => p.Value.GetDouble()), 1e-9));
        var summary = await _folder.Run("predict", "--classifier", "k.croma", "new.csv", "--json", "-");
        Assert.Equal((2, 0), (summary.Json.GetProperty("predicted").GetInt32(), summary.Json.GetProperty("noneOfThese").GetInt32()));

        // two that answer as one, here of one training: as sure as each, and less willing to say 'none of these'
        var both = await _folder.Run("predict", "--classifier", "k.croma", "--classifier", "k.croma", "new.csv", "--json", "-");
        Assert.Equal(["k.croma", "k.croma"], both.Json.GetProperty("classifiers").EnumerateArray().Select(c => c.GetString()));
        await Fails("rates from 0.25 on", "predict", "--classifier", "k.croma", "--classifier", "k.croma", "new.csv", "--false-alarms", "0.2");
    }

    [Fact]
    public async Task A_fine_tuned_classifier_predicts_asks_exports_and_is_mapped()
    {
        await _folder.Train("model");
        Write("support.csv", [("left", 1), ("left", 1.1), ("left", 0.9), ("right", -1), ("right", -1.1), ("right", -0.9)]);
        Write("new.csv", [(null, 1.05), (null, -1.05), (null, 0.01)]);
        var adapted = await _folder.Run("adapt", "--model", "model", "--support", "support.csv", "--out", "k.croma", "--head", "fine-tuning", "--json", "-");
        Assert.Equal((0, "", "fine-tuning"), (adapted.Code, adapted.Error, adapted.Json.GetProperty("head").GetString()));
        Assert.Equal(0, adapted.Json.GetProperty("compared").GetArrayLength());
        Assert.Equal(1, adapted.Json.GetProperty("accuracy").GetDouble());
        Assert.Equal(["left", "right"], (await _folder.Run("predict", "--classifier", "k.croma", "new.csv")).Out.Split('\n').Take(2).Select(l => l.Split(' ')[0]));
        Assert.StartsWith("new.csv, row 3", (await _folder.Run("next", "--classifier", "k.croma", "new.csv", "--count", "1")).Out, StringComparison.Ordinal);
        var exported = await _folder.Run("export", "--classifier", "k.croma", "--onnx", "k.onnx", "--json", "-");
        Assert.Equal((0, "Features"), (exported.Code, exported.Json.GetProperty("input").GetString()));
        Assert.True(File.Exists(_folder["k.onnx"]));
        var map = await _folder.Run("map", "--model", "model", "--data", "data", "--classifier", "k.croma", "--out", "map.html", "--json", "-");
        Assert.Equal(0, map.Code);
        Assert.NotEqual(map.Json.GetProperty("before").GetRawText(), map.Json.GetProperty("after").GetRawText());
        Assert.Contains("After adapting (k.croma)", await File.ReadAllTextAsync(_folder["map.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var chosen = await _folder.Run("adapt", "--model", "model", "--support", "support.csv", "--out", "k.croma");
        Assert.Contains("chosen by cross-validation: ridge 6 of 6 right, fine-tuning 6 of 6 right", chosen.Out, StringComparison.Ordinal);
        await Fails("give one of them", "export", "--onnx", "x.onnx");
        await Fails("give one of them", "export", "--onnx", "x.onnx", "--model", "model", "--classifier", "k.croma");
        await Fails("target modality", "export", "--onnx", "x.onnx", "--classifier", "k.croma", "--modality", "source");
    }

    [Fact]
    public async Task Source_samples_of_the_same_classes_teach_too()
    {
        await _folder.Train("model");
        Write("support.csv", [("left", 1), ("right", -1)]);
        Write("source.csv", [("left", -1), ("left", -0.9), ("right", 1), ("right", 0.9)]);
        string[] adapt = ["adapt", "--model", "model", "--support", "support.csv", "--head", "fine-tuning"];
        Assert.Equal(0, (await _folder.Run([.. adapt, "--out", "alone.croma"])).Code);
        Assert.Equal(0, (await _folder.Run([.. adapt, "--out", "both.croma", "--source-support", "source.csv"])).Code);
        Assert.NotEqual(await File.ReadAllBytesAsync(_folder["alone.croma"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(_folder["both.croma"], TestContext.Current.CancellationToken));
        Assert.Equal(["left", "right"], (await _folder.Run("predict", "--classifier", "both.croma", "support.csv")).Out.Split('\n').Take(2).Select(l => l.Split(' ')[0]));

        Write("other.csv", [("lift", 1), ("right", -1)]);
        await Fails("'lift', which is none of the support's classes; did you mean 'left'", [.. adapt, "--out", "x", "--source-support", "other.csv"]);
        await Fails("Only 'fine-tuning' reads source samples", "adapt", "--model", "model", "--support", "support.csv", "--head", "ridge", "--out", "x", "--source-support", "source.csv");
    }

    [Fact]
    public async Task Wrong_inputs_get_one_line_each()
    {
        await _folder.Train("model");
        Write("support.csv", [("left", 1), ("right", -1)]);
        var adapted = await _folder.Run("adapt", "--model", "model", "--support", "support.csv", "--out", "k.croma");
        Assert.Contains("accuracy: unknown", adapted.Out, StringComparison.Ordinal);
        await Fails("adapt 'none of these' cannot be told", "predict", "--classifier", "k.croma", "support.csv", "--false-alarms", "0.1");
        await Fails("between 0 and 1", "predict", "--classifier", "k.croma", "support.csv", "--false-alarms", "5");
        await Fails("no such file", "predict", "--classifier", "k.croma", "nothing.csv");
        await Fails("did you mean 'jsonl'", "predict", "--classifier", "k.croma", "support.csv", "--format", "json");
        await Fails("no head 'rigde'; did you mean 'ridge'", "adapt", "--model", "model", "--support", "support.csv", "--out", "x", "--head", "rigde");
        await Fails("holds no model", "adapt", "--model", "nothing", "--support", "support.csv", "--out", "x");
        Write("wide.csv", [("left", 1), ("right", -1)], width: 7);
        await Fails("6", "adapt", "--model", "model", "--support", "wide.csv", "--out", "x");
        Write("one.csv", [("left", 1), ("left", 1)]);
        await Fails("2 to 100 classes", "adapt", "--model", "model", "--support", "one.csv", "--out", "x");
        Assert.False(File.Exists(_folder["x"]));
    }

    private async Task Fails(string words, params string[] arguments)
    {
        var line = (await _folder.Run(arguments)).RequireOneLineOfError();
        Assert.All(words.Split("adapt ", StringSplitOptions.RemoveEmptyEntries), part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    /// <summary>A row of numbers about a value for each label; no label column where all are null.</summary>
    private void Write(string name, (string? Label, double Value)[] rows, int width = 6)
    {
        var text = new StringBuilder(string.Join(',', Enumerable.Range(0, width).Select(i => $"f{i}"))).Append(rows[0].Label == null ? "\n" : ",label\n");
        foreach (var (label, value) in rows)
            text.AppendJoin(',', Enumerable.Range(0, width).Select(i => (value * (i - 2.5)).ToString(CultureInfo.InvariantCulture))).Append(label == null ? "\n" : $",{label}\n");
        File.WriteAllText(_folder[name], text.ToString());
    }
}
