using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Croma.Monitoring;

namespace Croma.Tests.Reliability;

/// <summary>What a run has left, to be compared: everything but wall times and files on their way.</summary>
internal static partial class RunBytes
{
    /// <summary>Files of a folder by their paths in it, with hashes of their contents.</summary>
    public static SortedDictionary<string, string> Of(string folder)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            if (!IsPassing(file) && !IsEvents(file)) files[Path.GetRelativePath(folder, file)] = Hash(file);
        return files;
    }

    /// <summary>Temporary files, and what tells others whose a folder is.</summary>
    public static IEnumerable<string> Passing(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsPassing);

    private static bool IsPassing(string file) => Path.GetFileName(file) is ['.', ..];

    /// <summary>Whether a file is TensorBoard's: it holds wall times, and there is one each time that a run is taken up.</summary>
    private static bool IsEvents(string file) => Path.GetFileName(file).StartsWith(ScalarLog.EventsPrefix, StringComparison.Ordinal);

    private static string Hash(string file)
    {
        // pages for people tell how long it took in their sentences
        if (Path.GetExtension(file) is ".html" or ".md") return "a page";
        var content = File.ReadAllBytes(file);
        if (Path.GetExtension(file) is ".json") content = Encoding.UTF8.GetBytes(Times().Replace(Encoding.UTF8.GetString(content), "$1"));
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    [GeneratedRegex("""("[A-Za-z]*[sS]econds":\s*)[-+.0-9eE]+""")]
    private static partial Regex Times();
}
