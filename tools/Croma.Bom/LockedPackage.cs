using System.Text.Json;

namespace Croma.Bom;

/// <summary>A package as the lock files have it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Version">The version that is restored.</param>
/// <param name="ContentHash">NuGet's hash of its content.</param>
/// <param name="Projects">The folders of the projects that restore it.</param>
/// <param name="Needs">Identifiers of the packages it needs.</param>
public sealed record LockedPackage(string Id, string Version, string ContentHash, IReadOnlyList<string> Projects, IReadOnlyList<string> Needs)
{
    private const string LockFile = "packages.lock.json";

    /// <summary>Whether it is in what is shipped, rather than in tests, benchmarks and tools.</summary>
    public bool IsShipped => Projects.Any(project => project.StartsWith("src", StringComparison.Ordinal));

    /// <summary>All packages of all lock files below a folder, by name.</summary>
    public static IReadOnlyList<LockedPackage> Below(string root)
    {
        var found =
            from file in Directory.EnumerateFiles(root, LockFile, SearchOption.AllDirectories)
            let project = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/')
            // `obj` has those of publishing for one platform, `artifacts` what releases left
            where !project.Split('/').Any(part => part is "obj" or "bin" or "artifacts" or "runs")
            from package in Read(file, project)
            group package by (package.Id, package.Version) into same
            select same.First() with { Projects = [.. same.SelectMany(p => p.Projects).Distinct().Order(StringComparer.Ordinal)] };
        return [.. found.OrderBy(p => p.Id, StringComparer.Ordinal).ThenBy(p => p.Version, StringComparer.Ordinal)];
    }

    private static List<LockedPackage> Read(string file, string project)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return
        [
            .. from framework in json.RootElement.GetProperty("dependencies").EnumerateObject()
               from package in framework.Value.EnumerateObject()
               where package.Value.GetProperty("type").GetString() != "Project"
               select new LockedPackage(package.Name, Text(package.Value, "resolved"), Text(package.Value, "contentHash"), [project],
                   package.Value.TryGetProperty("dependencies", out var needs) ? [.. needs.EnumerateObject().Select(n => n.Name)] : []),
        ];
    }

    private static string Text(JsonElement package, string name) => package.GetProperty(name).GetString()!;
}
