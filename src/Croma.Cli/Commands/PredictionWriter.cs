using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Classification;
using Croma.Cli.Experiments;
using Croma.Cli.Terminal;

namespace Croma.Cli.Commands;

/// <summary>Answers of `croma predict`, written one by one so that none of them is kept.</summary>
/// <param name="writer">Where.</param>
/// <param name="format">table, csv or jsonl.</param>
/// <param name="classes">The classes' names.</param>
/// <param name="falseAlarms">The rate at which 'none of these' is said; null: never.</param>
internal sealed class PredictionWriter(TextWriter writer, string format, IReadOnlyList<string> classes, double? falseAlarms)
{
    private const string None = "none of these";

    private readonly int _width = Math.Max(None.Length, classes.Max(c => c.Length));
    private bool _isBegun;

    public void Write(string name, Prediction prediction)
    {
        Begin();
        var (likeliest, isNone) = (classes[prediction.Class], falseAlarms is { } rate && prediction.IsNoneOfThese(rate));
        switch (format)
        {
            case "jsonl":
                var probabilities = classes.Zip(prediction.Probabilities).ToDictionary(p => p.First, p => p.Second);
                writer.WriteLine(JsonSerializer.Serialize(new PredictLine(name, isNone ? null : likeliest, prediction.Probability, likeliest, prediction.Familiarity, probabilities), PredictLineJson.Default.PredictLine));
                break;
            case "csv":
                writer.WriteLine(string.Join(',', new object?[] { name, isNone ? "" : likeliest, prediction.Probability, likeliest, prediction.Familiarity }.Select(ExperimentCsv.Field)));
                break;
            default:
                writer.WriteLine(PlainText.Of(string.Create(CultureInfo.InvariantCulture, $"{(isNone ? None : likeliest).PadRight(_width)}  {100 * prediction.Probability,4:0} %  {name}{(isNone ? $"  (likeliest: {likeliest})" : "")}")));
                break;
        }
    }

    /// <summary>Ends the answers; a CSV of none has its header all the same.</summary>
    public void Finish()
    {
        Begin();
        writer.Flush();
    }

    private void Begin()
    {
        if (!_isBegun && format == "csv") writer.WriteLine("input,class,probability,likeliest,familiarity");
        _isBegun = true;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PredictLine))]
internal sealed partial class PredictLineJson : JsonSerializerContext;
