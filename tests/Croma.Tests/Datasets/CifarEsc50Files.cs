using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Croma.Compute;
using Croma.Datasets.CifarEsc50;

namespace Croma.Tests.Datasets;

/// <summary>The same few made-up pictures and sounds in both layouts that the recipe reads.</summary>
internal static class CifarEsc50Files
{
    public const int PicturesOfClass = 4, ClipsOfClass = 6;

    /// <summary>Classes of each data set; of the pictures one is left out and one is in no cluster.</summary>
    public static readonly string[] Cifar100 = ["apple", "wolf", "bee", "bowl", "cattle"], Cifar10 = ["dog", "cat"];

    public static readonly string[] Sounds = ["dog", "cat", "cow", "insects", "fireworks"];

    private const string Splits = """
        kind,name,split,concept,cluster
        cluster,dog,meta-train,dog,dog
        audio,dog,meta-train,dog,dog
        audio,cat,meta-train,cat,cat
        audio,cow,meta-validation,cow,cattle
        audio,insects,meta-test,insects,insect
        audio,fireworks,meta-train,fireworks,
        image,apple,meta-train,"fruit, vegetable",
        image,wolf,meta-train,dog,dog
        image,bee,meta-test,insect,insect
        image,bowl,unused,container,
        image,cattle,meta-validation,cow,cattle
        image,dog,meta-train,dog,dog
        image,cat,meta-train,cat,cat

        """;

    /// <summary>cifar-100-binary, cifar-10-batches-bin and ESC-50 as their authors distribute them.</summary>
    public static CifarEsc50Sources WriteOriginal(string folder)
    {
        string cifar100 = Path.Combine(folder, "cifar-100-binary"), cifar10 = Path.Combine(folder, "cifar-10-batches-bin"), esc50 = Path.Combine(folder, "ESC-50");
        foreach (var made in new[] { cifar100, cifar10, Path.Combine(esc50, "audio"), Path.Combine(esc50, "meta") }) Directory.CreateDirectory(made);
        File.WriteAllText(Path.Combine(cifar100, "fine_label_names.txt"), string.Join('\n', Cifar100) + "\n");
        // fine labels come in no order; the coarse label, 9, must not be taken for one
        File.WriteAllBytes(Path.Combine(cifar100, "train.bin"), [.. from i in Enumerable.Range(0, PicturesOfClass) from c in Enumerable.Range(0, Cifar100.Length) from b in (byte[])[9, (byte)c, .. Picture(Cifar100[c], i)] select b]);
        File.WriteAllText(Path.Combine(cifar10, "batches.meta.txt"), string.Join('\n', Cifar10) + "\n\n");
        for (var batch = 0; batch < 2; batch++)
            File.WriteAllBytes(Path.Combine(cifar10, $"data_batch_{batch + 1}.bin"),
                [.. from i in Enumerable.Range(batch * PicturesOfClass / 2, PicturesOfClass / 2) from c in Enumerable.Range(0, Cifar10.Length) from b in (byte[])[(byte)c, .. Picture(Cifar10[c], i)] select b]);
        var table = new StringBuilder("filename,fold,target,category,esc10,src_file,take\n");
        foreach (var (name, category) in Clips("wav"))
        {
            File.WriteAllBytes(Path.Combine(esc50, "audio", name), Waves.Noise(name, 0.5));
            table.Append(null, $"{name},1,0,{category},False,1,A\n");
        }
        File.WriteAllText(Path.Combine(esc50, "meta", "esc50.csv"), table.ToString());
        return new CifarEsc50Sources(null, cifar100, cifar10, esc50);
    }

    /// <summary>The packed form.</summary>
    public static CifarEsc50Sources WritePacked(string folder)
    {
        Directory.CreateDirectory(folder);
        string[] classes = [.. Cifar100, .. Cifar10];
        var header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': ({classes.Length * PicturesOfClass}, 3, 32, 32), }}".PadRight(117) + "\n";
        File.WriteAllBytes(Path.Combine(folder, "cifar-images.npy"),
            [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.Latin1.GetBytes(header), .. from c in classes from i in Enumerable.Range(0, PicturesOfClass) from b in Picture(c, i) select b]);
        File.WriteAllText(Path.Combine(folder, "cifar-labels.csv"), "index,dataset,class,coarse_class\n" + string.Concat(classes.SelectMany((c, n) => Enumerable.Range(0, PicturesOfClass).Select(i => $"{n * PicturesOfClass + i},x,{c},\n"))));
        File.WriteAllText(Path.Combine(folder, "classes-split.csv"), Splits);
        File.WriteAllText(Path.Combine(folder, "esc50.csv"), "filename,fold,target,category,esc10\n" + string.Concat(Clips("wav").Select(c => $"{c.Name},1,0,{c.Class},False\n")));
        using var archive = new TarWriter(new GZipStream(File.Create(Path.Combine(folder, "esc50-audio.tar.gz")), CompressionLevel.Fastest), TarEntryFormat.Ustar);
        foreach (var (name, _) in Clips("wav")) archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Waves.Noise(name, 0.5)) });
        return new CifarEsc50Sources(folder, null, null, null);
    }

    /// <summary>Six clips of each class: two takes of one recording, and four recordings of one take.</summary>
    public static IEnumerable<(string Name, string Class)> Clips(string format) =>
        from c in Enumerable.Range(0, Sounds.Length)
        from i in Enumerable.Range(0, ClipsOfClass)
        select ($"1-{100 * c + Math.Max(1, i)}-{(i == 0 ? 'A' : 'B')}-{c}.{format}", Sounds[c]);

    private static byte[] Picture(string name, int number)
    {
        var random = new CounterRandom(3, CounterRandom.Stream(name, number));
        return [.. Enumerable.Range(0, 3 * 32 * 32).Select(_ => (byte)random.Next(256))];
    }
}
