using Croma.Data;
using Croma.Data.Formats;
using Croma.Datasets.Import;
using Croma.Tests.Data;

namespace Croma.Tests.Datasets;

/// <summary>What files of each kind become.</summary>
public sealed class ImportFormatTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("m.csv"), InlineData("m.jsonl")]
    public void A_manifest_names_files_and_holds_texts(string name)
    {
        _folder.WriteArrays("windows", 24, 4);
        var lines = Enumerable.Range(0, ImportFolder.Classes).SelectMany(c => Enumerable.Range(0, 24).Select(i => (Class: ImportFolder.Class(c), Number: i)));
        _folder.Write(name, name == "m.csv"
            ? "modality,label,path,text,pair\n" + string.Concat(lines.Select(l => $"imu,{l.Class},windows\\{l.Class}/{l.Number:000}.npy,,{l.Class}-{l.Number}\nwords,{l.Class},,\"said \"\"{l.Number}\"\",\nin two lines\",{l.Class}-{l.Number}\n"))
            : string.Concat(lines.Select(l => $$"""{"modality":"imu","label":"{{l.Class}}","path":"./windows/{{l.Class}}/{{l.Number:000}}.npy","pair":"{{l.Class}}-{{l.Number}}"}""" + "\n"
                + $$"""{"label":"{{l.Class}}","text":"said \"{{l.Number}}\",\nin two lines","modality":"words","pair":"{{l.Class}}-{{l.Number}}","path":null}""" + "\n")));
        using var set = _folder.Import("words", "imu", _folder[name]);
        Assert.Equal("said \"0\",\nin two lines"u8, set.Source.Contents.Bytes(0));
        Assert.Equal((ModalityKind.Features, 4, 480), (set.Target.Kind, set.Target.Contents.Width, set.Target.Count));
    }

    [Fact]
    public void Safetensors_rows_are_found_by_their_names()
    {
        string[] names = [.. Enumerable.Range(0, ImportFolder.Classes * ImportFolder.Samples).Select(i => $"{ImportFolder.Class(i / ImportFolder.Samples)}/{i % ImportFolder.Samples}")];
        var json = $"[{string.Join(',', names.Reverse().Select(n => $"\"{n}\""))}]";
        float[] reversed = [.. ImportFolder.Vectors(1).Chunk(ImportFolder.Width).Reverse().SelectMany(v => v)];
        SafetensorsWriter.Write(_folder["e.safetensors"], [SafetensorsArray.Of<float>("features", reversed, names.Length, ImportFolder.Width)], new Dictionary<string, string> { ["names"] = json });
        _folder.Write("e.labels.csv", ImportFolder.Labels("name,label,pair", (c, i) => $"{ImportFolder.Class(c)}/{i},{ImportFolder.Class(c)},{c}-{i}"));
        using var set = _folder.Import(_folder["e.safetensors"], _folder.WriteFeatures("gene", 2));
        Assert.Equal(ImportFolder.Vectors(1)[..ImportFolder.Width].Select(v => (Half)v), set.Source.Contents.Values(0).ToArray());
    }

    [Fact]
    public void What_encode_wrote_has_the_folders_of_its_files_for_classes()
    {
        string[] paths = [.. Enumerable.Range(0, ImportFolder.Classes * ImportFolder.Samples).Select(i => $"photos/{ImportFolder.Class(i / ImportFolder.Samples)}/{i % ImportFolder.Samples:000}.jpg")];
        SafetensorsWriter.Write(_folder["e.safetensors"], [SafetensorsArray.Of<float>("features", ImportFolder.Vectors(1), paths.Length, ImportFolder.Width)]);
        _folder.Write("e.names.csv", "row,name\n" + string.Concat(paths.Select((p, i) => $"{i},{p}\n")));
        using var set = _folder.Import(_folder.WriteTexts("words"), _folder["e.safetensors"], pairs: PairKind.Id);
        Assert.Equal(ImportFolder.Class(1), set.Concepts[set.Target.Concept(30)].Id);
        Assert.NotEmpty(set.StrongPairs);
    }

    [Fact]
    public void Areas_of_a_picture_are_averaged_exactly()
    {
        // columns of 10, 20 and 30 become two: (2 x 10 + 20) / 3 and (20 + 2 x 30) / 3
        byte[] row = [10, 0, 10, 20, 0, 20, 30, 0, 30];
        var pixels = SquarePixels.Of(new Croma.Datasets.Media.DecodedPicture([.. row, .. row, .. row], 3, 3), 2);
        Assert.Equal([13, 27, 13, 27, 0, 0, 0, 0, 13, 27, 13, 27], pixels);
    }

    [Fact]
    public void An_archive_of_sequences_and_a_csv_of_numbers_and_labels_are_features()
    {
        float[] vectors = ImportFolder.Vectors(1);
        _folder.Write("seq.npz", NpyFiles.Archive(("other.npy", NpyFiles.Of([1f], 1)), ("features.npy", NpyFiles.Of(vectors, 600, 4, 2))));
        _folder.Write("seq.labels.csv", ImportFolder.Labels("label,pair", (c, i) => $"{ImportFolder.Class(c)},{c}-{i}"));
        _folder.Write("small.csv", ImportFolder.Labels("x,label,y,pair", (c, i) => $"{c}.5,{ImportFolder.Class(c)},-{i}e-1,{c}-{i}"));
        using var set = _folder.Import(_folder["small.csv"], _folder["seq.npz"]);
        Assert.Equal((ModalityKind.Features, 2, ModalityKind.Frames, 4), (set.Source.Kind, set.Source.Contents.Width, set.Target.Kind, set.Target.Contents.Shape.FramesOfEach));
        Assert.Equal([(Half)0.5, (Half)(-2.9)], set.Source.Contents.Values(29).ToArray());
    }

    [Fact]
    public void Pictures_and_sounds_are_decoded()
    {
        Assert.SkipUnless(Croma.Datasets.CifarEsc50.CifarEsc50Recipe.Missing(TestContext.Current.CancellationToken).Count == 0, "ffmpeg is not installed");
        byte[] row = [0, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0];
        for (var c = 0; c < 6; c++)
        {
            // a picture of 3 x 2 pixels, red, green and blue columns: its middle square is the first two
            _folder.Write($"pictures/{ImportFolder.Class(c)}/0.bmp", [.. "BM"u8, .. BitConverter.GetBytes(78), 0, 0, 0, 0, .. BitConverter.GetBytes(54), .. BitConverter.GetBytes(40), .. BitConverter.GetBytes(3), .. BitConverter.GetBytes(2), 1, 0, 24, 0, .. new byte[24], .. row, .. row]);
            _folder.Write($"sounds/{ImportFolder.Class(c)}/0.wav", Croma.Datasets.Speech.MuLawWave.Encode([.. Enumerable.Range(0, 4000).Select(i => 0.5f * MathF.Sin(i * (0.1f + 0.1f * c)))]));
        }
        Importer.Run(_folder.Options(_folder["pictures"], _folder["sounds"]) with { Pairs = PairKind.Id, ImageSize = 8, Seconds = 1 }, cancellation: TestContext.Current.CancellationToken);
        using var set = CrossModalDataset.Open(_folder["set"]);
        byte[] red = [.. Enumerable.Repeat<byte[]>([255, 255, 255, 255, 0, 0, 0, 0], 8).SelectMany(r => r)], green = [.. red.Select(v => (byte)(255 - v))];
        Assert.Equal([.. red, .. green, .. new byte[64]], set.Source.Contents.Pixels(0).ToArray());
        Assert.Equal((8, 8, 40, 48), (set.Source.Contents.Shape.ImageHeight, set.Source.Contents.Shape.ImageWidth, set.Target.Contents.Width, set.Target.Contents.Shape.FramesOfEach));
        var frames = set.Target.Contents.Values(3).ToArray().Select(v => (double)v).ToArray();
        Assert.InRange(frames.Average(), -0.01, 0.01);
        Assert.InRange(frames.Average(v => v * v), 0.98, 1.02);
    }
}
