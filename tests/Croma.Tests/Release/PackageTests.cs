using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Croma.Tests.Docs;

namespace Croma.Tests.Release;

/// <summary>
/// The packages as people get them: packed of what is built here, installed from a folder where no other source can be asked, and used.
/// </summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string[] s_libraries = ["Croma", "Croma.Datasets", "Croma.Extensions.AI", "Croma.Onnx"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Packages_are_whole_install_into_an_empty_project_and_run_the_README_s_example()
    {
        foreach (var name in (string[])[.. s_libraries, "Croma.Cli"]) await Dotnet(ReadmeTests.Root, "pack", $"src/{name}", "--no-build", "-c", "Release", "-o", _folder["packages"], "--disable-build-servers");
        foreach (var id in s_libraries) RequireWhole(id, $"lib/net10.0/{id}.dll");
        RequireWhole("Croma.Tool", "tools/net10.0/any/croma-cli.dll");
        WriteSources();

        // an empty project, as `dotnet new console` makes it, with every package
        TinyDataset.Write(_folder["app/data/udhr-speech"], sequences: true, samplesPerPart: 24, trainConcepts: 20);
        await File.WriteAllTextAsync(_folder["app/app.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
              <ItemGroup>{string.Concat(s_libraries.Select(id => $"<PackageReference Include=\"{id}\" Version=\"{CromaVersion.Text}\" />"))}</ItemGroup>
            </Project>
            """, Token);
        await File.WriteAllTextAsync(_folder["app/Program.cs"], "using Croma;\nusing Croma.Configuration;\nusing Croma.Data;\nusing Croma.Tasks;\n\n" + Assert.Single(DocPage.Named("README.md").Blocks("csharp")), Token);
        await Dotnet(_folder["app"], "build", "-c", "Release", "-o", _folder["built"], "--disable-build-servers");
        var said = await Dotnet(_folder["app"], _folder["built/app.dll"]);
        Assert.Matches(@"^\d+[.,]\d % of 400 clips of languages it had never heard\n$", said);
        Assert.True(File.Exists(_folder["app/runs/model/model.safetensors"]));

        await Dotnet(_folder["app"], "tool", "install", "Croma.Tool", "--version", CromaVersion.Text, "--tool-path", _folder["tools"]);
        Assert.StartsWith($"croma {CromaVersion.Text} (.NET 10.", await Run(_folder.Path, _folder["tools/croma"], "version"), StringComparison.Ordinal);
    }

    private void RequireWhole(string id, string assembly)
    {
        using var package = ZipFile.OpenRead(_folder[$"packages/{id}.{CromaVersion.Text}.nupkg"]);
        string[] names = [.. package.Entries.Select(e => e.FullName)];
        Assert.All((string[])[assembly, Path.ChangeExtension(assembly, ".xml"), "README.md", "icon.png", $"{id}.nuspec"], name => Assert.Contains(name, names));
        using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        var fields = XDocument.Load(nuspec).Descendants().ToLookup(e => e.Name.LocalName, e => e.Value);
        Assert.Equal(("MIT", "README.md", "icon.png"), (fields["license"].Single(), fields["readme"].Single(), fields["icon"].Single()));
        Assert.NotEqual("", fields["description"].Single());
        using var symbols = ZipFile.OpenRead(_folder[$"packages/{id}.{CromaVersion.Text}.snupkg"]);
        Assert.Contains(Path.ChangeExtension(assembly, ".pdb"), symbols.Entries.Select(e => e.FullName));
    }

    /// <summary>The packages just made, and for what they need the folder of what is restored already: the network is not asked.</summary>
    private void WriteSources() => File.WriteAllText(_folder["nuget.config"], $"""
        <configuration>
          <packageSources><clear /><add key="local" value="{_folder["packages"]}" /></packageSources>
          <fallbackPackageFolders><add key="restored" value="{Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages")}" /></fallbackPackageFolders>
          <config><add key="globalPackagesFolder" value="{_folder["restored"]}" /></config>
        </configuration>
        """);

    private static Task<string> Dotnet(string folder, params string[] arguments) => Run(folder, "dotnet", arguments);

    private static async Task<string> Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{await error}");
        return await output;
    }
}
