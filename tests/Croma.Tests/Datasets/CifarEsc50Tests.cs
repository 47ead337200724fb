using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.CifarEsc50;
using Croma.Datasets.Media;

namespace Croma.Tests.Datasets;

/// <summary>The recipe cifar-esc50 on tiny made-up files in the layouts it reads.</summary>
public sealed class CifarEsc50Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Both_layouts_of_the_same_files_give_the_same_samples()
    {
        Need();
        Make(CifarEsc50Files.WriteOriginal(_folder["original"]), "a", threads: 1);
        Make(CifarEsc50Files.WritePacked(_folder["packed"]), "b", threads: 3);
        foreach (var file in new[] { "image.safetensors", "audio.safetensors", "pairs.safetensors" })
            Assert.Equal(File.ReadAllBytes(_folder["a/" + file]), File.ReadAllBytes(_folder["b/" + file]));
        using var a = CrossModalDataset.Open(_folder["a"]);
        using var b = CrossModalDataset.Open(_folder["b"]);
        Assert.Equal(a.Concepts, b.Concepts);
    }

    [Fact]
    public void The_data_set_is_sound_and_holds_what_the_protocol_needs()
    {
        Need();
        Make(CifarEsc50Files.WritePacked(_folder["packed"]), "set");
        Assert.Empty(DatasetCheck.Run(_folder["set"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["set"]);
        Assert.Equal((ModalityKind.Images, 32, 32), (dataset.Source.Kind, dataset.Source.Contents.Shape.ImageHeight, dataset.Source.Contents.Shape.ImageWidth));
        Assert.Equal((64, 124), (dataset.Target.Contents.Width, dataset.Target.Contents.Shape.FramesOfEach));
        Assert.Equal(["image.apple", "image.bee", "image.cat", "image.cattle", "image.dog", "image.wolf", "sound.cat", "sound.cow", "sound.dog", "sound.fireworks", "sound.insects"],
            dataset.Concepts.Select(c => c.Id));
        Assert.Equal(("insect", ConceptSplit.MetaTest), (dataset.Concepts[1].Cluster, dataset.Concepts[1].Split));
        Assert.Null(dataset.Concepts[0].Cluster);
        // a picture of no cluster is of no use to alignment
        Assert.Equal((4, 0), Parts(dataset.Source, 0));
        Assert.Equal((2, 2), Parts(dataset.Source, 1));
        Assert.Equal(CifarEsc50Files.ClipsOfClass / 2, Parts(dataset.Target, 6).Paired);

        static (int Source, int Paired) Parts(ModalityData data, int concept)
        {
            var own = Enumerable.Range(0, data.Count).Where(i => data.Concept(i) == concept).Select(data.Part).ToList();
            return (own.Count(p => p == Part.Source), own.Count(p => p == Part.Alignment));
        }
    }

    [Fact]
    public void Half_of_a_class_is_for_target_classification_and_a_recording_is_in_one_part()
    {
        // 3, 2 and 1 takes, and a recording that two classes share
        Clip[] clips = [.. from name in (string[])["1-1-A-0", "1-1-B-0", "1-1-C-0", "1-2-A-0", "1-2-B-0", "1-3-A-0"] select Of(name, "x"), Of("1-1-D-1", "y"), Of("1-4-A-1", "y")];
        for (ulong seed = 0; seed < 20; seed++)
        {
            var parts = ClipParts.Of(clips, seed);
            Assert.Equal(3, parts.Take(6).Count(p => p == Part.Target));
            Assert.All(clips.Zip(parts).GroupBy(c => c.First.Recording), recording => Assert.Single(recording.Select(c => c.Second).Distinct()));
        }

        static Clip Of(string name, string category) => new(name, category, MediaFile.At(name));
    }

    [Fact]
    public void Bands_are_standardised_by_the_sounds_of_meta_train()
    {
        float[][] clips = [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, ClipFeatures.Steps * ClipFeatures.Bands).Select(i => (float)(c + i % ClipFeatures.Bands + Math.Sin(i * 0.7 + c))).ToArray())];
        Half[][] standardised = [.. clips.Select(BandStatistics.Of(clips[..2]).Standardise)];
        for (var band = 0; band < ClipFeatures.Bands; band++)
        {
            double[] train = [.. from clip in standardised[..2] from value in clip.Where((_, i) => i % ClipFeatures.Bands == band) select (double)value];
            Assert.Equal(0, train.Average(), 2);
            Assert.Equal(1, train.Select(v => v * v).Average(), 2);
        }
        Assert.InRange(standardised[2].Average(v => (double)v), 1, 3);
    }

    [Fact]
    public void Our_table_has_17_clusters_whose_classes_are_of_their_split()
    {
        var table = ConceptTable.OurOwn();
        Assert.Equal(("dog", ConceptSplit.MetaTrain), (table.Image("wolf").Cluster, table.Image("wolf").Split));
        Assert.Equal(("insect", ConceptSplit.MetaTest), (table.Sound("crickets").Cluster, table.Sound("crickets").Split));
        Assert.Equal(new ClassPlace(null, null), table.Image("ship"));
        Assert.Equal(new ClassPlace(ConceptSplit.MetaTrain, null), table.Image("apple"));
        Assert.Contains("'mew'", Assert.Throws<CromaException>(() => table.Sound("mew")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cifar-100-binary/train.bin", "x", "no whole number of pictures")]
    [InlineData("cifar-100-binary/fine_label_names.txt", "apple\nwolf\n", "the label is 2")]
    [InlineData("cifar-10-batches-bin/data_batch_1.bin", null, "data_batch_1.bin: the file is missing")]
    [InlineData("ESC-50/meta/esc50.csv", "filename,category\n../x.wav,dog\n", "no plain file name")]
    [InlineData("ESC-50/meta/esc50.csv", "filename,category\n1-1-A-0.wav,dog,extra\n", "line 2: there are 3 fields")]
    [InlineData("ESC-50/meta/esc50.csv", "filename,class\n", "no column 'category'")]
    [InlineData("ESC-50/audio/1-1-A-0.wav", null, "1-1-A-0.wav: the file is missing")]
    [InlineData("ESC-50/audio/1-1-A-0.wav", "not a sound", "1-1-A-0.wav: it is no sound")]
    public void A_bad_file_of_the_authors_layout_is_named(string file, string? content, string message)
    {
        Need();
        var sources = CifarEsc50Files.WriteOriginal(_folder["original"]);
        Spoil(_folder["original/" + file], content);
        Assert.Contains(message, Assert.Throws<CromaException>(() => Make(sources, "set")).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["set/manifest.json"]));
    }

    [Theory]
    [InlineData("cifar-images.npy", "x", "ends within the header")]
    [InlineData("cifar-images.npy", "a file that is no array of numbers at all", "no NumPy array")]
    [InlineData("cifar-labels.csv", "index,class\n0,apple\n", "there are 1 labels")]
    [InlineData("classes-split.csv", "kind,name,split,cluster\nimage,apple,meta-rest,\n", "'meta-rest'")]
    [InlineData("classes-split.csv", "kind,name,split,cluster\nimage,apple,unused,\nimage,apple,unused,\n", "'apple' comes twice")]
    [InlineData("classes-split.csv", "kind,name,split,cluster\n", "classes-split.csv has no")]
    [InlineData("esc50-audio.tar.gz", "not an archive", "no sound gzip-compressed tar archive")]
    [InlineData("esc50.csv", "filename,category\n1-77-A-0.wav,dog\n", "there is no '1-77-A-0.wav'")]
    public void A_bad_file_of_the_packed_layout_is_named(string file, string? content, string message)
    {
        Need();
        var sources = CifarEsc50Files.WritePacked(_folder["packed"]);
        Spoil(_folder["packed/" + file], content);
        Assert.Contains(message, Assert.ThrowsAny<CromaException>(() => Make(sources, "set")).Message, StringComparison.Ordinal);
    }

    /// <summary>The packed data that developers have beside the project; nothing is decoded but two clips.</summary>
    [Fact]
    public void The_packed_data_are_read_and_agree_with_our_table()
    {
        var folder = Path.GetFullPath(Path.Combine(ReadmeTests.Root, "../shared/data/image-audio"));
        Assert.SkipUnless(Directory.Exists(folder), $"there is no '{folder}': only developers have it");
        Need();
        using var pieces = Readers.Packed(folder);
        var ours = ConceptTable.OurOwn();
        Assert.Equal((11000, 2000), (pieces.Pictures.Count, pieces.Clips.Count));
        Assert.All(pieces.Pictures.Select(p => p.Class).Distinct(), name => Assert.Equal(pieces.Concepts.Image(name), ours.Image(name)));
        Assert.All(pieces.Clips.Select(c => c.Class).Distinct(), name => Assert.Equal(pieces.Concepts.Sound(name), ours.Sound(name)));
        Assert.All(ClipFeatures.Samples([.. pieces.Clips.Take(2)], 16000, TestContext.Current.CancellationToken), sound => Assert.Equal(5 * 16000, sound.Length));
    }

    private static void Spoil(string path, string? content)
    {
        if (content == null) File.Delete(path);
        else File.WriteAllText(path, content);
    }

    private void Make(CifarEsc50Sources sources, string name, int threads = 2) =>
        CifarEsc50Recipe.Make(sources, _folder[name], 1, threads, cancellation: TestContext.Current.CancellationToken);

    private static void Need()
    {
        var missing = CifarEsc50Recipe.Missing(TestContext.Current.CancellationToken);
        Assert.SkipWhen(missing.Count > 0, DebianPackages.Describe(missing));
    }
}
