using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Tasks;

namespace Croma.Evaluation;

/// <summary>One method at one number of shots, over its repeats; accuracies in per cent.</summary>
/// <param name="Method">The row's name.</param>
/// <param name="Shots">k.</param>
/// <param name="Mean">Mean accuracy.</param>
/// <param name="Std">Standard deviation over the repeats; null for one.</param>
/// <param name="Ci95">95 % confidence interval of the mean; null for one repeat.</param>
/// <param name="Repeats">Trainings.</param>
/// <param name="Seconds">Wall time of all its runs, all shots together.</param>
/// <param name="TargetSamples">'#Target': target samples read in meta-training.</param>
/// <param name="TargetLabels">Of these, with labels.</param>
public sealed record ResultRow(string Method, int Shots, double Mean, double? Std, double[]? Ci95, int Repeats, double Seconds, int TargetSamples, int TargetLabels);

/// <summary>Name and hash of the data.</summary>
public sealed record ResultDataset(string Name, string Sha256);

/// <summary>The episodes that all rows share.</summary>
public sealed record ResultEpisodes(string Sha256, int Tasks, int Ways, int Queries);

/// <summary>The outcome of every command that scores methods: the shape of its JSON is a contract.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Dataset">The data.</param>
/// <param name="Episodes">The tasks.</param>
/// <param name="Results">Rows.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Report">Path of the HTML report; null where none was written.</param>
public sealed record ResultTable(string Version, ResultDataset Dataset, ResultEpisodes Episodes, IReadOnlyList<ResultRow> Results, ulong Seed, string? Report)
{
    /// <summary>Sums up the runs of a comparison.</summary>
    public static ResultTable Of(CrossModalDataset dataset, EpisodePlan plan, IReadOnlyList<RunRecord> records, ulong seed, string? report)
    {
        var rows =
            from record in records
            group record by record.Method into runs
            from shots in runs.First().Results.Select(r => r.Shots)
            let summary = Summary.Of([.. runs.Select(run => run.Results.Single(r => r.Shots == shots).Accuracy)])
            select new ResultRow(runs.Key, shots, summary.Mean, summary.Repeats > 1 ? summary.StandardDeviation : null,
                summary.Repeats > 1 ? [summary.Low, summary.High] : null, summary.Repeats, runs.Sum(r => r.Seconds), runs.First().TargetSamples, runs.First().TargetLabels);
        return new ResultTable(CromaVersion.Text, new ResultDataset(dataset.Name, dataset.Sha256),
            new ResultEpisodes(plan.Sha256, plan.Episodes.Count, plan.Ways, plan.Queries), [.. rows], seed, report);
    }

    /// <summary>Reads the JSON of a command that scores methods.</summary>
    /// <exception cref="DataFormatException">The file is none.</exception>
    public static ResultTable Read(string path)
    {
        var table = JsonFile.Read(path, ResultTableJson.Default.ResultTable, "table of results of `croma evaluate --json`");
        return table.Results.Contains(null!) || table.Results.Any(row => row.Ci95 is not (null or [_, _])) ? throw new DataFormatException(path, -1, "this is no table of results: a row is null or its interval has not two ends") : table;
    }

    /// <summary>Indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultTableJson.Default.ResultTable);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ResultTable))]
internal sealed partial class ResultTableJson : JsonSerializerContext;
