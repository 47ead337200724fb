using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Croma.Data.Formats;

namespace Croma.Cli.Experiments;

/// <summary>Keeps what an experiment without trainings came to: one JSON, named by the hash of what determines it.</summary>
internal static class OutcomeCache
{
    /// <summary>Reads the outcome, or computes and keeps it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">The experiment.</param>
    /// <param name="options">All that determines its figures, as text.</param>
    /// <param name="compute">Computes it.</param>
    public static ExperimentOutcome Get(string folder, string name, string options, Func<ExperimentOutcome> compute)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{CromaVersion.Text}\n{name}\n{options}")));
        var path = Path.Combine(folder, "runs", $"{name}-{hash[..12]}.json");
        if (File.Exists(path)) return Read(path);
        var outcome = compute();
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(outcome, CliJson.Default.ExperimentOutcome));
        return outcome;
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
