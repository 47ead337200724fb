using System.Globalization;
using Croma.Datasets.Media;

namespace Croma.Datasets.Voices;

/// <summary>A clip that the recipe uses.</summary>
/// <param name="Language">Its language's code.</param>
/// <param name="Key">What it says, whatever the language; empty where the table does not tell.</param>
/// <param name="Text">The transcript.</param>
/// <param name="File">The sound.</param>
internal sealed record VoiceClip(string Language, string Key, string Text, MediaFile File);

/// <summary>What a folder of recorded clips holds.</summary>
/// <param name="Clips">Clips that are used, in the table's order.</param>
/// <param name="LeftOut">A sentence on those that are not.</param>
/// <param name="Credits">Who spoke, and the licences, as the folder says; empty where it does not.</param>
/// <param name="Unpacked">Where the archive was unpacked; null where there is none.</param>
internal sealed record VoicesFolder(IReadOnlyList<VoiceClip> Clips, string LeftOut, string Credits, string? Unpacked) : IDisposable
{
    private const int LargestClip = 32 << 20;
    private const string Expected = "a folder with sound files, or one .tar.gz of them, and one CSV table with the columns path, lang and text (and key and category, where the table tells what a clip says in whatever language)";

    /// <summary>Reads the table, and unpacks an archive; sound files are read when they are decoded.</summary>
    /// <exception cref="CromaException">The folder is missing or laid out otherwise.</exception>
    public static VoicesFolder Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new CromaException($"There is no folder '{folder}': {Expected} is needed.");
        var (tables, credits) = (new List<(string Name, CsvTable Table)>(), "");
        foreach (var path in Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            var table = CsvTable.Read(path);
            if (table.Columns.Contains("path") && table.Columns.Contains("lang") && table.Columns.Contains("text")) tables.Add((path, table));
            else if (table.Columns.Contains("lang") && table.Columns.Contains("credit")) credits = Credit(table);
        }
        if (tables.Count != 1) throw new CromaException($"'{folder}' has {tables.Count} CSV tables with the columns path, lang and text; the recipe needs {Expected}.");
        return Read(folder, tables[0].Name, tables[0].Table, credits);
    }

    private static VoicesFolder Read(string folder, string name, CsvTable table, string credits)
    {
        var (path, lang, text) = (table.Column("path"), table.Column("lang"), table.Column("text"));
        int? key = table.Columns.Contains("key") ? table.Column("key") : null, category = table.Columns.Contains("category") ? table.Column("category") : null;
        var used = table.Rows.Where(row => row[text].Trim().Length > 0 && !IsLetter(row[text].Trim())).ToList();
        if (used.Count == 0) throw new CromaException($"{name}: no clip has a transcript of more than a letter");
        if (used.FirstOrDefault(row => row[lang].Length == 0) is { } without) throw new CromaException($"{name}: '{without[path]}' has no language");
        var files = Files(folder, used[0][path], out var unpacked);
        var untold = table.Rows.Count(row => row[text].Trim().Length == 0);
        return new VoicesFolder(
            [.. used.Select(row => new VoiceClip(row[lang], key is { } k ? (category is { } c ? row[c] + "/" : "") + row[k] : "", row[text].Trim(), files(row[path])))],
            $"{untold} of {table.Rows.Count} clips are left out since they have no transcript, {table.Rows.Count - untold - used.Count} since theirs is a single letter of an alphabet with capitals, which many languages write alike.", credits, unpacked);
    }

    // Latin, Greek, Cyrillic ...; a Chinese character is a word
    private static bool IsLetter(string text) => text.Length == 1 && char.GetUnicodeCategory(text[0]) is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter;

    /// <summary>Removes what was unpacked.</summary>
    public void Dispose()
    {
        if (Unpacked is not null) Directory.Delete(Unpacked, recursive: true);
    }

    /// <summary>How a clip's file is found: below the folder, below one of its folders, or in its archive.</summary>
    private static Func<string, MediaFile> Files(string folder, string first, out string? unpacked)
    {
        unpacked = null;
        var root = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Prepend(folder).FirstOrDefault(d => File.Exists(Inside(d, first)));
        if (root is not null) return path => MediaFile.At(Inside(root, path));
        string[] archives = [.. Directory.EnumerateFiles(folder, "*.tar.gz")];
        if (archives.Length != 1) throw new CromaException($"'{folder}' has no '{first}', which its table names, and {archives.Length} .tar.gz files: the recipe needs {Expected}.");
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var contents = TarGz.Read(archives[0], LargestClip);
        unpacked = Directory.CreateTempSubdirectory("croma-").FullName;
        foreach (var (path, content) in contents) places.Add(path, ScratchFile.Write(unpacked, places.Count, content));
        return path => new MediaFile(path, places.GetValueOrDefault(path) ?? Path.Combine(folder, path));
    }

    private static string Inside(string folder, string path)
    {
        if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains("..")) throw new CromaException($"'{path}' leads out of the folder: the table's paths must lie below it");
        return Path.Combine(folder, path);
    }

    private static string Credit(CsvTable table)
    {
        var (lang, credit) = (table.Column("lang"), table.Column("credit"));
        return string.Join("; ", table.Rows.GroupBy(row => row[lang], StringComparer.Ordinal).Select(own => $"{own.Key}: {string.Join(", ", own.Select(row => row[credit]).Where(c => c.Length > 0).Distinct().DefaultIfEmpty("not stated"))}"));
    }
}
