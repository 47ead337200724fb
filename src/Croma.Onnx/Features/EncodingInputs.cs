using System.IO.Enumeration;
using Croma.Datasets;
using Croma.Datasets.Import;
using Croma.Datasets.Media;

namespace Croma.Onnx.Features;

/// <summary>What is encoded: a file, or a text out of a table.</summary>
/// <param name="Name">The file's path, or what the text is called.</param>
/// <param name="Text">The text; null for a file.</param>
public readonly record struct EncodingInput(string Name, string? Text = null);

/// <summary>What an encoder takes.</summary>
public enum EncodingKind
{
    /// <summary>Pictures.</summary>
    Pictures,

    /// <summary>Sounds.</summary>
    Sounds,

    /// <summary>Texts.</summary>
    Texts,
}

/// <summary>What is to be encoded, in order.</summary>
/// <param name="Items">Files and texts; no name comes twice.</param>
/// <param name="Ignored">Files in folders whose names do not end as those of such files do, and links to folders.</param>
public sealed record EncodingInputs(IReadOnlyList<EncodingInput> Items, IReadOnlyList<string> Ignored)
{
    private const long LargestList = 256 << 20;
    private static readonly string[] s_textEndings = [".txt"];

    /// <summary>
    /// Files as they are given; folders with all they hold, sorted; lists: `@FILE` with a path a line, and tables, `FILE.csv`
    /// or `FILE.jsonl`: of texts, where texts are wanted and there is a column `text` (each is called as its column `name` says,
    /// or by its line), and else of paths in a column `path`, which start from the table's folder.
    /// </summary>
    /// <param name="given">What was given.</param>
    /// <param name="kind">What is wanted.</param>
    /// <exception cref="CromaException">Something is missing, or comes twice.</exception>
    public static EncodingInputs Find(IEnumerable<string> given, EncodingKind kind)
    {
        var (items, ignored) = (new List<EncodingInput>(), new List<string>());
        foreach (var input in given)
        {
            if (input.StartsWith('@')) items.AddRange(FromList(input[1..]));
            else if (Directory.Exists(input)) AddFolder(input, Endings(kind), items, ignored);
            else if (Path.GetExtension(input).ToLowerInvariant() is ".csv" or ".jsonl" or ".ndjson") items.AddRange(FromTable(input, kind));
            else items.Add(new EncodingInput(input));
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, text) in items)
        {
            if (name.Any(char.IsControl)) throw new CromaException($"'{name}': a name with a line break or another control character cannot be written to a list.");
            if (!seen.Add(text is null ? Path.GetFullPath(name) : name)) throw new CromaException($"'{name}' is given twice: rows of features are told apart by their names.");
        }
        return items.Count > 0 ? new EncodingInputs(items, ignored) : throw new CromaException("There is nothing to encode: the folders and lists that were given are empty.");
    }

    private static IReadOnlyList<string> Endings(EncodingKind kind) => kind switch
    {
        EncodingKind.Pictures => MediaFormat.PictureEndings,
        EncodingKind.Sounds => MediaFormat.SoundEndings,
        _ => s_textEndings,
    };

    private static void AddFolder(string folder, IReadOnlyList<string> endings, List<EncodingInput> items, List<string> ignored)
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
            {
                if (endings.Contains(Path.GetExtension(path).ToLowerInvariant()) && !Directory.Exists(path)) items.Add(new EncodingInput(path));
                else ignored.Add(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{folder}: cannot be read: {e.Message}", e);
        }
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static IEnumerable<EncodingInput> FromList(string list)
    {
        var info = new FileInfo(list);
        if (!info.Exists) throw new CromaException($"There is no list '{list}' of files.");
        if (info.Length > LargestList) throw new CromaException($"{list}: the list has {info.Length} bytes; at most {LargestList} are read");
        return File.ReadLines(list).Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).Select(line => From(list, line));
    }

    private static IEnumerable<EncodingInput> FromTable(string path, EncodingKind kind)
    {
        var table = Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase) ? CsvTable.Read(path) : JsonLines.Read(path, ItemTable.Path, ItemTable.Text, ItemTable.Name);
        if (kind == EncodingKind.Texts && table.Find(ItemTable.Text) is >= 0 and var text)
        {
            var name = table.Find(ItemTable.Name);
            return table.Rows.Select((row, i) => new EncodingInput(name >= 0 ? row[name] : table.Where(i), row[text]));
        }
        var column = table.Column(ItemTable.Path);
        return table.Rows.Select(row => From(path, row[column]));
    }

    private static EncodingInput From(string list, string path) => new(Path.Combine(Path.GetDirectoryName(list) ?? "", path));
}
