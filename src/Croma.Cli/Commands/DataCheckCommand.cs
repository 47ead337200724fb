using System.CommandLine;
using System.Text.Json;
using Croma.Data;
using Croma.Datasets.Checks;

namespace Croma.Cli.Commands;

/// <summary>What `croma data check --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Path">What was checked.</param>
/// <param name="Kind">What it is, such as "classifier".</param>
/// <param name="Sound">Whether nothing is wrong.</param>
/// <param name="Findings">What is wrong: where, what, and what would be right.</param>
internal sealed record DataCheckResult(string Version, string Path, string Kind, bool Sound, IReadOnlyList<DatasetFinding> Findings);

/// <summary>croma data check.</summary>
internal sealed class DataCheckCommand : CromaCommand
{
    private readonly Argument<string> _path = new("PATH") { Description = "A file or folder: data set, model, checkpoint, classifier, index, configuration, run record, plan, .safetensors, .npy, .npz, .csv, .jsonl." };

    public DataCheckCommand(CommonOptions common) : base("check", "Says whether a file or folder of any of Croma's formats is sound, from its first byte to its last.", common) => Add(_path);

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var path = parsed.GetValue(_path)!;
        var (_, kind, findings) = FormatCheck.Run(path, context.Cancellation);
        var result = new DataCheckResult(CromaVersion.Text, path, kind, findings.Count == 0, findings);
        var text = findings.Count switch
        {
            0 => $"{path} is sound: {kind}.\n",
            1 => "",
            _ => string.Concat(findings.Select(f => Failure.OneLine(f.ToString()) + "\n")),
        };
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.DataCheckResult), text);
        return findings switch
        {
            [] => ExitCode.Success,
            [var only] => throw new CromaException(only.ToString()),
            _ => throw new CromaException($"'{path}' is not sound: {findings.Count} faults found."),
        };
    }
}
