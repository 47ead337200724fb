using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Croma.Data.Formats;
using Croma.Evaluation;

namespace Croma.Cli.Experiments;

/// <summary>Keeps what an experiment without trainings came to: one JSON, named by the hash of what determines it.</summary>
internal static class OutcomeCache
{
    /// <summary>A study whose one run computes and keeps the outcome.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">The experiment.</param>
    /// <param name="options">All that determines its figures, as text.</param>
    /// <param name="compute">Computes it.</param>
    public static Study Plan(string folder, string name, string options, Func<RunTools, ExperimentOutcome> compute)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{CromaVersion.Text}\n{name}\n{options}")));
        var path = Path.Combine(folder, "runs", $"{name}-{hash[..12]}.json");
        return new Study([new StudyRun(name, path, () => File.Exists(path), Compute)], () => Read(path));

        void Compute(RunTools tools)
        {
            if (!File.Exists(path)) AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(compute(tools), CliJson.Default.ExperimentOutcome));
        }
    }

    private static ExperimentOutcome Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CliJson.Default.ExperimentOutcome)!;
        }
        catch (JsonException e)
        {
            throw new DataFormatException(path, e.BytePositionInLine ?? 0, $"this is no outcome of an experiment ({e.Path}): remove it and it is made again", e);
        }
    }
}
