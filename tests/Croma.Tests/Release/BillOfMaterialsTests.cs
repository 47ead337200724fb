using System.Text.Json;
using Croma.Bom;

namespace Croma.Tests.Release;

/// <summary>The software bill of materials: that nothing is missing from it, and that it is what CycloneDX 1.5 asks for.</summary>
public sealed class BillOfMaterialsTests
{
    private static readonly string s_text = BillOfMaterials.Of(ReadmeTests.Root, CromaVersion.Text);
    private static readonly JsonElement s_bom = JsonDocument.Parse(s_text).RootElement;

    private static IEnumerable<JsonElement> Packages => s_bom.GetProperty("components").EnumerateArray().Where(c => c.GetProperty("type").GetString() == "library");

    [Fact]
    public void It_lists_every_package_of_the_lock_files_once()
    {
        var locked = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in new[] { "src", "samples", "tests", "benchmarks", "tools" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(ReadmeTests.Root, folder), "packages.lock.json", SearchOption.AllDirectories)))
            if (!file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
                foreach (var framework in JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("dependencies").EnumerateObject())
                    locked.UnionWith(framework.Value.EnumerateObject().Where(p => p.Value.TryGetProperty("contentHash", out _)).Select(p => $"{p.Name} {p.Value.GetProperty("resolved").GetString()}"));
        Assert.NotEmpty(locked);
        Assert.Equal(locked, Packages.Select(p => $"{Text(p, "name")} {Text(p, "version")}"));
    }

    [Fact]
    public void Every_package_has_what_an_auditor_needs()
    {
        Assert.All(Packages, p =>
        {
            Assert.Equal($"pkg:nuget/{Text(p, "name")}@{Text(p, "version")}", Text(p, "purl"));
            var hash = Assert.Single(p.GetProperty("hashes").EnumerateArray());
            Assert.Equal("SHA-512", Text(hash, "alg"));
            Assert.Matches("^[0-9a-f]{128}$", Text(hash, "content"));
            Assert.Single(p.GetProperty("licenses").EnumerateArray());
            Assert.NotEqual("", Text(p, "author"));
        });
        Assert.Equal("required", Text(Package("System.CommandLine"), "scope"));
        Assert.Equal("excluded", Text(Package("xunit.v3"), "scope"));
    }

    [Fact]
    public void Its_parts_refer_to_one_another()
    {
        Assert.Equal(("CycloneDX", "1.5"), (Text(s_bom, "bomFormat"), Text(s_bom, "specVersion")));
        Assert.Matches("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", Text(s_bom, "serialNumber"));
        string[] references = [.. s_bom.GetProperty("components").EnumerateArray().Select(c => Text(c, "bom-ref")).Append(Text(s_bom.GetProperty("metadata").GetProperty("component"), "bom-ref"))];
        Assert.Distinct(references);
        var dependencies = s_bom.GetProperty("dependencies").EnumerateArray().ToList();
        Assert.Distinct(dependencies.Select(d => Text(d, "ref")));
        Assert.All(dependencies.SelectMany(d => d.GetProperty("dependsOn").EnumerateArray().Select(r => r.GetString()!).Append(Text(d, "ref"))), r => Assert.Contains(r, references));
        Assert.Contains(dependencies, d => Text(d, "ref").StartsWith("pkg:nuget/FsCheck@", StringComparison.Ordinal) && d.GetProperty("dependsOn")[0].GetString()!.StartsWith("pkg:nuget/FSharp.Core@", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_sources_give_the_same_bytes() => Assert.Equal(s_text, BillOfMaterials.Of(ReadmeTests.Root, CromaVersion.Text));

    private static JsonElement Package(string name) => Packages.Single(p => Text(p, "name") == name);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
