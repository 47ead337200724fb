using System.IO.Enumeration;
using Croma.Datasets;
using Croma.Datasets.Media;

namespace Croma.Onnx.Features;

/// <summary>The files to be encoded, in order.</summary>
/// <param name="Paths">They; no path comes twice.</param>
/// <param name="Ignored">Files in folders whose names do not end as those of such media do, and links to folders.</param>
public sealed record EncodingInputs(IReadOnlyList<string> Paths, IReadOnlyList<string> Ignored)
{
    private const long LargestList = 256 << 20;
    private const string PathColumn = "path";

    /// <summary>
    /// Files as they are given; folders with all they hold, sorted; lists: `@FILE` with a path a line, or `FILE.csv` with a
    /// column `path`, whose paths start from the list's folder.
    /// </summary>
    /// <param name="given">What was given.</param>
    /// <param name="pictures">Whether pictures are wanted; otherwise sounds.</param>
    /// <exception cref="CromaException">Something is missing, or comes twice.</exception>
    public static EncodingInputs Find(IEnumerable<string> given, bool pictures)
    {
        var (paths, ignored) = (new List<string>(), new List<string>());
        foreach (var input in given)
        {
            if (input.StartsWith('@')) paths.AddRange(FromList(input[1..]));
            else if (Directory.Exists(input)) AddFolder(input, pictures ? MediaFormat.PictureEndings : MediaFormat.SoundEndings, paths, ignored);
            else if (Path.GetExtension(input).Equals(".csv", StringComparison.OrdinalIgnoreCase)) paths.AddRange(FromCsv(input));
            else paths.Add(input);
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (path.Any(char.IsControl)) throw new CromaException($"'{path}': a name with a line break or another control character cannot be written to a list.");
            if (!seen.Add(Path.GetFullPath(path))) throw new CromaException($"'{path}' is given twice: rows of features are told apart by their paths.");
        }
        return paths.Count > 0 ? new EncodingInputs(paths, ignored) : throw new CromaException("There is nothing to encode: the folders and lists that were given are empty.");
    }

    private static void AddFolder(string folder, IReadOnlyList<string> endings, List<string> paths, List<string> ignored)
    {
        try
        {
            // links to folders are not followed, as they may lead round in a circle
            var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };
            var found = new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), options)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || IsLink(ref entry),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
            };
            foreach (var path in found.Order(StringComparer.Ordinal))
                (endings.Contains(Path.GetExtension(path).ToLowerInvariant()) && !Directory.Exists(path) ? paths : ignored).Add(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{folder}: cannot be read: {e.Message}", e);
        }
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static IEnumerable<string> FromList(string list)
    {
        var info = new FileInfo(list);
        if (!info.Exists) throw new CromaException($"There is no list '{list}' of files.");
        if (info.Length > LargestList) throw new CromaException($"{list}: the list has {info.Length} bytes; at most {LargestList} are read");
        return File.ReadLines(list).Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).Select(line => From(list, line));
    }

    private static IEnumerable<string> FromCsv(string csv)
    {
        var table = CsvTable.Read(csv);
        var column = table.Column(PathColumn);
        return table.Rows.Select(row => From(csv, row[column]));
    }

    private static string From(string list, string path) => Path.Combine(Path.GetDirectoryName(list) ?? "", path);
}
