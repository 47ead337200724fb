using System.Text.Json;
using Croma.Cli.Terminal;
using Croma.Onnx.Features;

namespace Croma.Cli.Slurm;

/// <summary>What a command with --part and --json writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Part">Which part, such as "3/60".</param>
/// <param name="Runs">What it is made of.</param>
/// <param name="Seconds">Wall time of this command; little where the runs were there already.</param>
internal sealed record PartResult(string Version, string Part, IReadOnlyList<string> Runs, double Seconds)
{
    public static void Write(Shard part, IReadOnlyList<string> runs, TimeSpan time, Output output)
    {
        var result = new PartResult(CromaVersion.Text, $"{part.Number}/{part.Count}", runs, time.TotalSeconds);
        output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.PartResult),
            $"part {result.Part}: {(runs.Count == 0 ? "nothing to do" : string.Join(", ", runs))}\nthe command without it makes what is left and the result\n");
    }
}
