using Croma.Datasets.Media;

namespace Croma.Datasets.CifarEsc50;

/// <summary>The two forms in which the recipe finds its data.</summary>
internal static class Readers
{
    // of the packed form
    private const string Images = "cifar-images.npy", Labels = "cifar-labels.csv", Sounds = "esc50-audio.tar.gz", SoundTable = "esc50.csv", Splits = "classes-split.csv";

    /// <summary>One folder with all pictures in a NumPy array and all clips in an archive.</summary>
    public static Pieces Packed(string folder)
    {
        var pixels = NpyImages.Read(Path.Combine(folder, Images));
        var labels = CsvTable.Read(Path.Combine(folder, Labels));
        if (labels.Rows.Count != pixels.Count) throw new CromaException($"{Path.Combine(folder, Labels)}: there are {labels.Rows.Count} labels; '{Images}' has {pixels.Count} pictures");
        var name = labels.Column("class");
        var concepts = ConceptTable.Read(Path.Combine(folder, Splits));
        var clips = PackedClips(folder, out var unpacked);
        return new Pieces([.. labels.Rows.Zip(pixels, (row, picture) => new Picture(row[name], picture))], clips, concepts,
            "packed: 100 training pictures a class, sounds as Ogg Vorbis at 16 kHz", unpacked);
    }

    /// <summary>The three data sets as their authors distribute them.</summary>
    /// <param name="cifar100">The folder cifar-100-binary.</param>
    /// <param name="cifar10">The folder cifar-10-batches-bin.</param>
    /// <param name="esc50">The folder with audio/ and meta/esc50.csv.</param>
    public static Pieces Original(string cifar100, string cifar10, string esc50)
    {
        string audio = Path.Combine(esc50, "audio"), table = Path.Combine(esc50, "meta", "esc50.csv");
        var clips = Table(table).Select(row => new Clip(row.Name, row.Class, new MediaFile(row.Name, Checked(Path.Combine(audio, row.Name))))).ToList();
        return new Pieces([.. CifarBinary.ReadCifar100(cifar100), .. CifarBinary.ReadCifar10(cifar10)], clips, ConceptTable.OurOwn(),
            $"the authors' own files: the first {Picture.MostOfClass} training pictures a class, sounds as they are");
    }

    private static List<Clip> PackedClips(string folder, out string unpacked)
    {
        var path = Path.Combine(folder, Sounds);
        var table = Table(Path.Combine(folder, SoundTable)).ToList();
        var files = TarGz.Read(path, Clip.MostBytes);
        if (table.FirstOrDefault(row => !files.ContainsKey(row.Name)) is { Name: { } missing }) throw new CromaException($"{path}: there is no '{missing}', which '{SoundTable}' names");
        unpacked = Directory.CreateTempSubdirectory("croma-").FullName;
        var clips = new List<Clip>();
        foreach (var (name, category) in table)
        {
            clips.Add(new Clip(name, category, new MediaFile(name, ScratchFile.Write(unpacked, clips.Count, files[name]))));
        }
        return clips;
    }

    private static IEnumerable<(string Name, string Class)> Table(string path)
    {
        var csv = CsvTable.Read(path);
        var (name, category) = (csv.Column("filename"), csv.Column("category"));
        foreach (var row in csv.Rows)
        {
            if (Path.GetFileName(row[name]) != row[name]) throw new CromaException($"{path}: '{row[name]}' is no plain file name");
            yield return (row[name], row[category]);
        }
    }

    private static string Checked(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CromaException($"{path}: the file is missing");
        return file.Length <= Clip.MostBytes ? path : throw new CromaException($"{path}: the file has {file.Length} bytes; a clip has at most {Clip.MostBytes}");
    }
}
