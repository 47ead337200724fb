namespace Croma.Datasets.CifarEsc50;

/// <summary>
/// CIFAR-10 and CIFAR-100 as their authors distribute them in binary (Krizhevsky 2009): a picture is one label (CIFAR-100:
/// the coarse, then the fine), then 1024 bytes each of red, green and blue. Only training sets are read.
/// </summary>
internal static class CifarBinary
{
    /// <summary>A folder with train.bin and fine_label_names.txt.</summary>
    public static IEnumerable<Picture> ReadCifar100(string folder) =>
        Read(Path.Combine(folder, "fine_label_names.txt"), [Path.Combine(folder, "train.bin")], labels: 2);

    /// <summary>A folder with data_batch_1.bin and those after it, and batches.meta.txt.</summary>
    public static IEnumerable<Picture> ReadCifar10(string folder)
    {
        string[] batches = [.. Enumerable.Range(1, 5).Select(i => Path.Combine(folder, $"data_batch_{i}.bin")).TakeWhile((path, i) => i == 0 || File.Exists(path))];
        return Read(Path.Combine(folder, "batches.meta.txt"), batches, labels: 1);
    }

    /// <summary>The first pictures of each class.</summary>
    private static IEnumerable<Picture> Read(string namesFile, IReadOnlyList<string> files, int labels)
    {
        var names = Names(namesFile);
        var taken = new int[names.Length];
        var record = new byte[labels + Picture.Bytes];
        foreach (var path in files)
        {
            using var stream = Open(path);
            if (stream.Length == 0 || stream.Length % record.Length != 0)
                throw new CromaException($"{path}: the file has {stream.Length} bytes, which are no whole number of pictures of {record.Length}: the binary version of the data set is needed");
            while (stream.Position < stream.Length)
            {
                var at = stream.Position;
                stream.ReadExactly(record);
                int label = record[labels - 1];
                if (label >= names.Length) throw new CromaException($"{path}, byte {at + labels - 1}: the label is {label}; '{namesFile}' names {names.Length} classes");
                if (taken[label]++ < Picture.MostOfClass) yield return new Picture(names[label], record[labels..]);
            }
        }
    }

    private static string[] Names(string path)
    {
        using var reader = new StreamReader(Open(path));
        string[] names = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return names.Length is > 0 and <= 256 ? names : throw new CromaException($"{path}: the file names {names.Length} classes; 1 to 256 are possible");
    }

    private static FileStream Open(string path) => File.Exists(path) ? File.OpenRead(path) : throw new CromaException($"{path}: the file is missing");
}
