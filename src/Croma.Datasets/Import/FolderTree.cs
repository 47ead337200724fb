namespace Croma.Datasets.Import;

/// <summary>A folder of classes: DIR/CLASS/FILE, or DIR/GROUP/CLASS/FILE where classes are in coarse groups.</summary>
internal static class FolderTree
{
    private const int MostFiles = 1_000_000, FlatDepth = 2, GroupedDepth = 3;

    /// <summary>Reads the names of a tree's files; hidden ones (.NAME) are passed over.</summary>
    /// <exception cref="CromaException">A link, files at several depths or of several kinds, or no files at all.</exception>
    public static ImportSide Read(string root, string modality)
    {
        var files = new List<string[]>();
        Collect(new DirectoryInfo(root), root, [], files);
        if (files.Count == 0) throw new CromaException($"{root}: there are no files in it; a folder a class is expected, such as {root}/cat/1.txt");
        files.Sort(static (a, b) => string.CompareOrdinal(string.Join('/', a), string.Join('/', b)));
        var depth = files[0].Length;
        if (files.Find(f => f.Length != depth || depth is not (FlatDepth or GroupedDepth)) is { } odd)
            throw new CromaException($"{root}: '{string.Join('/', odd)}' does not lie where a sample should; all files must be CLASS/FILE, or all GROUP/CLASS/FILE");
        return SampleFiles.Side(modality, Path.GetFileName(Path.GetFullPath(root)), [.. files.Select(parts => new ImportItem(Path.Combine([root, .. parts]), parts[^2])
        {
            File = Path.Combine([root, .. parts]),
            FileName = $"{parts[^2]}/{Path.GetFileNameWithoutExtension(parts[^1])}",
            Group = depth == GroupedDepth ? parts[0] : null,
        })]);
    }

    private static void Collect(DirectoryInfo folder, string root, string[] above, List<string[]> files)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name[0] == '.') continue;
            InputPaths.RefuseLink(entry, root);
            string[] parts = [.. above, entry.Name];
            if (entry is not DirectoryInfo below) files.Add(parts);
            else if (parts.Length < GroupedDepth) Collect(below, root, parts, files);
            else throw new CromaException($"{root}: '{string.Join('/', parts)}' is a folder too deep; files must be CLASS/FILE or GROUP/CLASS/FILE");
            if (files.Count > MostFiles) throw new CromaException($"{root}: there are more than {MostFiles} files");
        }
    }
}
