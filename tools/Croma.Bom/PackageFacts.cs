using System.Text.Json;
using System.Xml.Linq;

namespace Croma.Bom;

/// <summary>What a restored package says about itself.</summary>
/// <param name="Authors">Who made it.</param>
/// <param name="Licence">An SPDX expression, or the name of a file of the package.</param>
/// <param name="LicenceText">That file; null where there is an expression.</param>
/// <param name="Website">Its project's address, or null.</param>
/// <param name="Sha512">SHA-512 of the package's file, in hexadecimal digits.</param>
public sealed record PackageFacts(string Authors, string Licence, string? LicenceText, string? Website, string Sha512)
{
    private static readonly string s_folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Reads it in the folder that restored packages are in.</summary>
    /// <exception cref="InvalidDataException">It is not there, is another than was locked, or names no licence.</exception>
    public static PackageFacts Of(LockedPackage package)
    {
        var (id, name) = (package.Id.ToLowerInvariant(), $"{package.Id} {package.Version}");
        var folder = Path.Combine(s_folder, id, package.Version);
        if (!Directory.Exists(folder)) throw new InvalidDataException($"{name} is not restored: run 'dotnet restore Croma.slnx --locked-mode' first");
        using var metadata = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, ".nupkg.metadata")));
        if (metadata.RootElement.GetProperty("contentHash").GetString() != package.ContentHash) throw new InvalidDataException($"{name} has another content than the lock files say");

        var root = XDocument.Load(Path.Combine(folder, $"{id}.nuspec")).Root!;
        var fields = root.Elements().First(e => e.Name.LocalName == "metadata").Elements().ToLookup(e => e.Name.LocalName);
        var licence = fields["license"].SingleOrDefault() ?? throw new InvalidDataException($"{name} names no licence: look at it, and record what you find");
        var isFile = licence.Attribute("type")?.Value == "file";
        return new PackageFacts(fields["authors"].Single().Value, licence.Value, isFile ? File.ReadAllText(Path.Combine(folder, licence.Value)) : null, fields["projectUrl"].SingleOrDefault()?.Value,
            Convert.ToHexStringLower(Convert.FromBase64String(File.ReadAllText(Path.Combine(folder, $"{id}.{package.Version}.nupkg.sha512")))));
    }
}
