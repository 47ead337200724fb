using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Croma.Cli.Commands;

/// <summary>What `croma version --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Runtime">What it runs on, such as ".NET 10.0.0".</param>
/// <param name="Platform">Operating system and processor, such as "linux-x64".</param>
internal sealed record VersionResult(string Version, string Runtime, string Platform);

/// <summary>croma version.</summary>
internal sealed class VersionCommand(CommonOptions common) : CromaCommand("version", "Says which version this is.", common)
{
    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var result = new VersionResult(CromaVersion.Text, RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.VersionResult), $"croma {result.Version} ({result.Runtime}, {result.Platform})\n");
        return ExitCode.Success;
    }
}
