using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Croma.Bom;

/// <summary>A software bill of materials in CycloneDX 1.5 (ECMA-424): every package of every lock file, its licence, hash and needs. The same sources give the same bytes.</summary>
public static class BillOfMaterials
{
    /// <summary>Makes it.</summary>
    /// <param name="root">The repository; its packages must be restored.</param>
    /// <param name="version">Croma's version.</param>
    public static string Of(string root, string version)
    {
        var packages = LockedPackage.Below(root);
        var bom = new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.5.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.5",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = "croma", ["name"] = "croma", ["version"] = version, ["licenses"] = Licence("MIT", null) },
            },
            ["components"] = new JsonArray([.. packages.Select(Component), Runtime()]),
            ["dependencies"] = new JsonArray(
            [
                Dependency("croma", packages.Where(p => p.IsShipped).Select(Reference).Append("dotnet-runtime")),
                .. packages.Select(p => Dependency(Reference(p), packages.Where(other => p.Needs.Contains(other.Id) && other.Projects.Intersect(p.Projects).Any()).Select(Reference))),
            ]),
        };
        bom.Insert(3, "serialNumber", $"urn:uuid:{new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(bom.ToJsonString()))[..16])}");
        return bom.ToString() + "\n";
    }

    private static string Reference(LockedPackage package) => $"pkg:nuget/{package.Id}@{package.Version}";

    private static JsonObject Component(LockedPackage package)
    {
        var facts = PackageFacts.Of(package);
        var component = new JsonObject
        {
            ["type"] = "library",
            ["bom-ref"] = Reference(package),
            ["author"] = facts.Authors,
            ["name"] = package.Id,
            ["version"] = package.Version,
            // "excluded": it serves tests, benchmarks or the build, and no user gets it
            ["scope"] = package.IsShipped ? "required" : "excluded",
            ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = facts.Sha512 }),
            ["licenses"] = Licence(facts.Licence, facts.LicenceText),
            ["purl"] = Reference(package),
            ["properties"] = new JsonArray([.. package.Projects.Select(project => new JsonObject { ["name"] = "croma:project", ["value"] = project })]),
        };
        if (facts.Website != null) component.Insert(9, "externalReferences", new JsonArray(new JsonObject { ["type"] = "website", ["url"] = facts.Website }));
        return component;
    }

    private static JsonObject Runtime() => new()
    {
        ["type"] = "framework",
        ["bom-ref"] = "dotnet-runtime",
        ["name"] = ".NET runtime",
        ["version"] = Environment.Version.ToString(),
        ["description"] = "In the single-file programs; packages and tool use the one that is installed.",
        ["scope"] = "required",
        ["licenses"] = Licence("MIT", null),
    };

    private static JsonArray Licence(string name, string? text)
    {
        if (text != null) return [new JsonObject { ["license"] = new JsonObject { ["name"] = name, ["text"] = new JsonObject { ["contentType"] = "text/plain", ["content"] = text } } }];
        return name.Contains(' ', StringComparison.Ordinal) ? [new JsonObject { ["expression"] = name }] : [new JsonObject { ["license"] = new JsonObject { ["id"] = name } }];
    }

    private static JsonObject Dependency(string reference, IEnumerable<string> needs) => new() { ["ref"] = reference, ["dependsOn"] = new JsonArray([.. needs.Select(n => (JsonNode)n)]) };
}
