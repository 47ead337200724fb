using Croma.Classification;
using Croma.Data;

namespace Croma.Datasets.Import;

/// <summary>Some of the samples that are to be classified.</summary>
/// <param name="Names">What each is called: its path, its line, or its row.</param>
/// <param name="Contents">What they hold.</param>
public sealed record InputSamples(IReadOnlyList<string> Names, MemorySamples Contents);

/// <summary>Reads what users bring to a trained model, prepared as its data set was: texts, pictures, sounds, features.</summary>
public static class SampleInput
{
    private const int AtOnce = 64, RowsAtOnce = 4096, NumbersAtOnce = 1 << 20, MostFiles = 10_000_000;

    /// <summary>Reads labelled samples.</summary>
    /// <param name="path">A folder of classes (CLASS/FILE), a .csv or .jsonl file with path or text, and label, or features with labels.</param>
    /// <param name="shape">What the model's samples look like.</param>
    /// <param name="threads">Files decoded side by side.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">The input is not what it should be, or of another kind than the model takes.</exception>
    public static SupportSamples ReadLabelled(string path, SampleShape shape, int threads, CancellationToken cancellation = default)
    {
        var side = Directory.Exists(path) ? FolderTree.Read(path, shape.Name) : IsManifest(path) ? ManifestFile.Read(path, shape.Name) : FeatureFile.Read(path, null, shape.Name, []);
        return SupportSamples.Of(Load(side, shape, threads, cancellation), [.. side.Items.Select(i => i.Label)]);
    }

    /// <summary>Reads samples to be classified, some at a time: what is in memory does not grow with their number, nor with the rows of a feature file.</summary>
    /// <param name="inputs">Files, folders (all files below them, in the order of their names), feature files, or '-': a path or, for a model of texts, a text a line of <paramref name="lines"/>.</param>
    /// <param name="lines">Standard input.</param>
    /// <param name="shape">What the model's samples look like.</param>
    /// <param name="skipped">Told name and reason of a file that cannot be read; null: it is an error.</param>
    /// <param name="threads">Files decoded side by side.</param>
    /// <param name="cancellation">Stops it.</param>
    public static IEnumerable<InputSamples> Read(IEnumerable<string> inputs, TextReader lines, SampleShape shape, Action<string, string>? skipped, int threads, CancellationToken cancellation = default)
    {
        foreach (var chunk in Expand(inputs, lines, shape).Chunk(AtOnce))
        {
            // features come as whole files of rows; all else sample by sample
            foreach (var file in chunk.Where(i => i.IsFeatures))
                foreach (var rows in Rows(file.Item.File!, shape)) yield return rows;
            ImportItem[] items = [.. chunk.Where(i => !i.IsFeatures).Select(i => i.Item)];
            if (items.Length > 0 && LoadWhatCanBe(items, shape, skipped, threads, cancellation) is { } samples) yield return samples;
        }
    }

    private static bool IsManifest(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" => true,
        ".csv" => CsvTable.Read(path) is var table && (table.Find(ItemTable.Path) >= 0 || table.Find(ItemTable.Text) >= 0),
        _ => false,
    };

    internal static MemorySamples Load(ImportSide side, SampleShape shape, int threads, CancellationToken cancellation)
    {
        var options = new ImportOptions("", "", "")
        {
            ImageSize = Math.Max(1, shape.ImageHeight),
            Threads = threads,
        };
        var loaded = side.Load(new LoadContext(options, () => { }, cancellation) { Preparation = shape.Preparation });
        if (loaded.Preparation is { } made && made != shape.Preparation)
            throw new CromaException($"{side.Items[0].Where}: the samples of '{shape.Name}' that the model was trained on were prepared otherwise ({shape.Preparation ?? "by their recipe"}), so that files cannot be used: give arrays (.npy) prepared as its data set was, or train on a data set made by this version of Croma.");
        return loaded.InMemory(shape);
    }

    internal static InputSamples? LoadWhatCanBe(ImportItem[] items, SampleShape shape, Action<string, string>? skipped, int threads, CancellationToken cancellation)
    {
        try
        {
            return new InputSamples([.. items.Select(i => i.Where)], Load(SampleFiles.Side(shape.Name, "", items), shape, threads, cancellation));
        }
        catch (CromaException e) when (skipped != null)
        {
            if (items.Length == 1)
            {
                skipped(items[0].Where, e.Message);
                return null;
            }
        }
        // which of them is it?
        var (names, contents) = (new List<string>(), new List<MemorySamples>());
        foreach (var item in items)
            if (LoadWhatCanBe([item], shape, skipped, 1, cancellation) is { } one)
            {
                names.AddRange(one.Names);
                contents.Add(one.Contents);
            }
        return names.Count == 0 ? null : new InputSamples(names, MemorySamples.Join(shape, contents));
    }

    internal static IEnumerable<InputSamples> Rows(string path, SampleShape shape)
    {
        using var file = FeatureRows.Open(path);
        var (names, values, numbers, row) = (new List<string>(), new List<Half[]>(), 0L, 0L);
        foreach (var (name, vector) in file.Read())
        {
            names.Add(name ?? $"{path}, row {++row}");
            values.Add(vector);
            if ((numbers += vector.Length) < NumbersAtOnce && values.Count < RowsAtOnce) continue;
            yield return Take();
        }
        if (values.Count > 0) yield return Take();

        InputSamples Take()
        {
            var samples = new InputSamples([.. names], LoadedSamples.Vectors([.. values], file.Width, file.Sequences).InMemory(shape));
            names.Clear();
            values.Clear();
            numbers = 0;
            return samples;
        }
    }

    internal static IEnumerable<(ImportItem Item, bool IsFeatures)> Expand(IEnumerable<string> inputs, TextReader lines, SampleShape shape)
    {
        foreach (var input in inputs)
            if (input == "-")
            {
                for (var (line, number) = (lines.ReadLine(), 1); line != null; (line, number) = (lines.ReadLine(), number + 1))
                    if (line.Trim() is { Length: > 0 } text)
                        yield return shape.Kind == ModalityKind.Bytes ? (new ImportItem($"line {number}", "") { Text = text }, false) : (File(text), false);
            }
            else if (Directory.Exists(input))
            {
                foreach (var file in Below(input)) yield return (File(file), false);
            }
            else yield return (File(input), IsFeatures(input, shape));
    }

    private static ImportItem File(string path) => System.IO.File.Exists(path) ? new ImportItem(path, "") { File = path } : throw new CromaException($"{path}: there is no such file or folder");

    /// <summary>Whether a file has many samples in it; a model of vectors is otherwise given one .npy file a sample.</summary>
    private static bool IsFeatures(string path, SampleShape shape) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" or ".npz" or ".safetensors" => true,
        ".npy" => FeatureFile.Dimensions(path) > (shape.Kind == ModalityKind.Frames ? 2 : 1),
        _ => false,
    };

    private static IEnumerable<string> Below(string folder)
    {
        var count = 0;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(e => e.Name[0] != '.').OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            InputPaths.RefuseLink(entry, folder);
            if (++count > MostFiles) throw new CromaException($"{folder}: there are more than {MostFiles} files");
            if (entry is not DirectoryInfo) yield return entry.FullName;
            else foreach (var file in Below(entry.FullName)) yield return file;
        }
    }
}
