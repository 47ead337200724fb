using System.Diagnostics;

namespace Croma.Tests.Release;

/// <summary>.ci/audit, in a solution of one project with the repository's own settings, against a source of advisories on this machine.</summary>
public sealed class AuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_audit_fails_on_a_known_vulnerability_and_says_where_none_can_be_known()
    {
        foreach (var name in (string[])["src/one", "samples", "tests", "benchmarks", "tools", "temporary", ".ci"]) Directory.CreateDirectory(_folder[name]);
        foreach (var name in (string[])["Directory.Build.props", "Directory.Packages.props", ".ci/audit"]) File.Copy(Path.Combine(ReadmeTests.Root, name), _folder[name]);
        await File.WriteAllTextAsync(_folder["Croma.slnx"], """<Solution><Project Path="src/one/one.csproj" /></Solution>""", Token);
        await File.WriteAllTextAsync(_folder["src/one/one.csproj"], """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="MathNet.Numerics" /></ItemGroup></Project>""", Token);
        Assert.Equal(0, (await Run("dotnet", "restore", "Croma.slnx", "--disable-build-servers")).Code);

        using (var silent = new AdvisorySource())
            Assert.Equal((0, "audit: NOT DONE: the package source here publishes no advisories; run .ci/audit where it does\n"), await Audit(silent));
        using (var others = new AdvisorySource("newtonsoft.json"))
            Assert.Equal((0, "audit: 1 packages, none with a known vulnerability\n"), await Audit(others));
        using var ours = new AdvisorySource("newtonsoft.json", "mathnet.numerics");
        var (code, said) = await Audit(ours);
        Assert.Equal(1, code);
        Assert.Contains("'MathNet.Numerics' 5.0.0 has a known high severity vulnerability, https://example.org/mathnet.numerics", said, StringComparison.Ordinal);
        Assert.EndsWith("audit: FAILED: what is above must be updated, in Directory.Packages.props\n", said, StringComparison.Ordinal);
    }

    private Task<(int Code, string Said)> Audit(AdvisorySource source)
    {
        File.WriteAllText(_folder["nuget.config"], $"""<configuration><auditSources><clear /><add key="advisories" value="{source.Address}index.json" allowInsecureConnections="true" /></auditSources></configuration>""");
        return Run("bash", ".ci/audit");
    }

    private async Task<(int Code, string Said)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["TMPDIR"], start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"], start.Environment["DOTNET_NOLOGO"]) = (_folder["temporary"], "1", "1");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await error + await output);
    }
}
