using System.Globalization;

namespace Croma.Fuzz;

/// <summary>How far a kind is, kept in a folder so that a stopped run goes on; beside it lie the files of the cases that failed.</summary>
/// <param name="Next">The next case.</param>
/// <param name="Refused">Cases that were refused so far.</param>
/// <param name="Failures">Cases that failed so far.</param>
/// <param name="Longest">The longest that one took, in seconds.</param>
/// <param name="MostAllocated">The most that one allocated for each byte of its files, less the half megabyte.</param>
internal sealed record FuzzState(long Next, long Refused, long Failures, double Longest, double MostAllocated)
{
    /// <summary>What a folder keeps of a kind; nothing is done yet where it keeps nothing.</summary>
    public static FuzzState Read(string folder, string kind, ulong seed)
    {
        if (!File.Exists(PathOf(folder, kind, seed))) return new FuzzState(0, 0, 0, 0, 0);
        double[] numbers = [.. File.ReadAllText(PathOf(folder, kind, seed)).Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return new FuzzState((long)numbers[0], (long)numbers[1], (long)numbers[2], numbers[3], numbers[4]);
    }

    /// <summary>Replaces what a folder keeps.</summary>
    public void Write(string folder, string kind, ulong seed)
    {
        var path = PathOf(folder, kind, seed);
        File.WriteAllText(path + ".new", string.Create(CultureInfo.InvariantCulture, $"{Next} {Refused} {Failures} {Longest:R} {MostAllocated:R}"));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Keeps the files of a case.</summary>
    public static void Keep(string folder, string kind, ulong seed, long number, FuzzFiles files)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, "failures", $"{kind}-{seed}-{number}")).FullName;
        foreach (var (name, content) in files.Files) File.WriteAllBytes(Path.Combine(place, name), content);
    }

    private static string PathOf(string folder, string kind, ulong seed) => Path.Combine(folder, $"{kind}-{seed}");
}
