using System.CommandLine;
using System.Text.Json;
using Croma.Data;

namespace Croma.Cli.Commands;

/// <summary>What `croma data check --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Folder">What was checked.</param>
/// <param name="Sound">Whether nothing is wrong.</param>
/// <param name="Findings">What is wrong: where, what, and what would be right.</param>
internal sealed record DataCheckResult(string Version, string Folder, bool Sound, IReadOnlyList<DatasetFinding> Findings);

/// <summary>croma data check.</summary>
internal sealed class DataCheckCommand : CromaCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The data set's folder." };

    public DataCheckCommand(CommonOptions common) : base("check", "Verifies checksums, shapes, values and that nothing leaks between the parts.", common) => Add(_folder);

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var folder = parsed.GetValue(_folder)!;
        var findings = DatasetCheck.Run(folder, context.Cancellation);
        var result = new DataCheckResult(CromaVersion.Text, folder, findings.Count == 0, findings);
        var text = findings.Count == 0 ? $"{folder} is sound.\n" : string.Concat(findings.Select(f => f + "\n"));
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.DataCheckResult), text);
        return findings.Count == 0 ? ExitCode.Success : throw new CromaException($"'{folder}' is not sound: {findings.Count} {(findings.Count == 1 ? "fault" : "faults")} found.");
    }
}
