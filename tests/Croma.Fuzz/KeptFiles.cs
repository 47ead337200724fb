namespace Croma.Fuzz;

/// <summary>Files of a released version, kept in a folder that later versions must open: a folder a kind, in it one a seed.</summary>
public static class KeptFiles
{
    /// <summary>Writes a kind's valid files.</summary>
    public static void Write(string folder, FuzzKind kind)
    {
        foreach (var (i, seed) in kind.Seeds.Index())
            foreach (var (name, content) in seed.Files)
                File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, kind.Name, $"{i}")).FullName, name), content);
    }

    /// <summary>What to open of a kind, in a folder that <see cref="Write"/> made.</summary>
    public static IReadOnlyList<string> Paths(string folder, FuzzKind kind) =>
        [.. kind.Seeds.Select((seed, i) => Path.Combine(folder, kind.Name, $"{i}", seed.Open))];
}
