namespace Croma.Datasets.Import;

/// <summary>Files that a manifest or a folder tree names: they must lie in its folder, not behind a link.</summary>
internal static class InputPaths
{
    /// <summary>Characters of a path, at most: as many as systems take.</summary>
    private const int Longest = 4096;

    /// <summary>The file of a relative path below a folder.</summary>
    /// <param name="root">The folder, which itself may be behind a link.</param>
    /// <param name="path">Parts separated by '/' or '\'.</param>
    /// <param name="where">Where the path stands, for messages.</param>
    /// <exception cref="CromaException">The path leaves the folder, passes a link, or there is no such file.</exception>
    public static string Within(string root, string path, string where)
    {
        if (path.Length > Longest) throw new CromaException($"{where}: the path '{Quoted.Short(path)}' has {path.Length} characters; at most {Longest} are taken");
        var plain = path.Replace('\\', '/');
        if (plain.Contains('\0', StringComparison.Ordinal)) throw new CromaException($"{where}: the path '{Quoted.Short(path)}' holds the character NUL, which no path has");
        // a drive is refused where there are none too: a data set is to be the same on every system
        if (Path.IsPathRooted(plain) || plain is [_, ':', ..] && char.IsAsciiLetter(plain[0])) throw new CromaException($"{where}: the path '{Quoted.Short(path)}' is absolute; give it relative to the folder");
        var full = root;
        foreach (var part in plain.Split('/'))
        {
            if (part == "..") throw new CromaException($"{where}: the path '{Quoted.Short(path)}' leaves the folder; give files below it");
            if (part is "" or ".") continue;
            full = Path.Combine(full, part);
            RefuseLink(new FileInfo(full), where);
        }
        return File.Exists(full) ? full : throw new CromaException($"{where}: there is no file '{Quoted.Short(path)}' below '{root}'");
    }

    /// <exception cref="CromaException">It is a link.</exception>
    public static void RefuseLink(FileSystemInfo entry, string where)
    {
        if (entry.LinkTarget is not null) throw new CromaException($"{where}: '{entry.Name}' is a link, which may lead anywhere; put the file itself there");
    }
}
