using Croma.Compute;

namespace Croma.Fuzz;

/// <summary>Files that a reader opens together.</summary>
/// <param name="Open">The one it is given, by its name; "" for their folder.</param>
/// <param name="Files">Their names and contents.</param>
public sealed record FuzzFiles(string Open, IReadOnlyList<(string Name, byte[] Content)> Files)
{
    /// <summary>A single file.</summary>
    public static FuzzFiles Of(string name, byte[] content) => new(name, [(name, content)]);

    /// <summary>Bytes of all of them.</summary>
    public long Bytes => Files.Sum(f => (long)f.Content.Length);
}

/// <summary>A kind of file, and the public reader that opens it.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Seeds">Valid files.</param>
/// <param name="Read">Opens a path and reads what is there; returns what it found wrong, or throws a <see cref="CromaException"/>; null: nothing.</param>
public sealed record FuzzKind(string Name, IReadOnlyList<FuzzFiles> Seeds, Func<string, string?> Read)
{
    /// <summary>Files of a case: a valid one in which one file, or two, are mutated.</summary>
    public FuzzFiles Make(CounterRandom random)
    {
        var seed = Seeds[random.Next(Seeds.Count)];
        var files = seed.Files.ToArray();
        var at = random.Next(files.Length);
        var times = 1 + (random.Next(4) == 0 ? random.Next(4) : 0);
        var content = files[at].Content;
        for (var i = 0; i < times; i++) content = FileMutation.Of(files[at].Name, content, files[random.Next(files.Length)].Content, random);
        files[at].Content = content;
        return new FuzzFiles(seed.Open, Manifests.Amend(files, at, random));
    }
}
