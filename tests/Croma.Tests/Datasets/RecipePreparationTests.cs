using System.Text;
using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.CifarEsc50;
using Croma.Datasets.Emoji;
using Croma.Datasets.Import;
using Croma.Datasets.Media;
using Croma.Datasets.Recordings;
using Croma.Datasets.UdhrSpeech;
using Croma.Tests.Onnx;

namespace Croma.Tests.Datasets;

/// <summary>A model trained on a recipe's data set takes files of a user's: they become the very samples that the recipe would make of them.</summary>
public sealed class RecipePreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sounds_and_pictures_become_the_samples_of_cifar_esc50()
    {
        MediaFiles.RequireFFmpeg();
        var sources = CifarEsc50Files.WriteOriginal(_folder["original"]);
        CifarEsc50Recipe.Make(sources, _folder["set"], 1, 2, cancellation: TestContext.Current.CancellationToken);
        Assert.Empty(DatasetCheck.Run(_folder["set"], TestContext.Current.CancellationToken));
        using var dataset = CrossModalDataset.Open(_folder["set"]);
        Assert.Equal(5, dataset.Manifest.FormatVersion);
        string[] sounds = [.. CifarEsc50Files.Clips("wav").Where(c => c.Class == "dog").Select(c => Path.Combine(sources.Esc50!, "audio", c.Name))];
        Assert.Equal(Of(dataset.Target, "sound.dog"), Read(dataset.Target.Contents.Shape, sounds).Select(Values));

        var stored = Enumerable.Range(0, dataset.Source.Count).Select(i => dataset.Source.Contents.Pixels(i).ToArray()).First();
        File.WriteAllBytes(_folder["a.ppm"], [.. "P6\n32 32\n255\n"u8, .. from i in Enumerable.Range(0, 32 * 32) from colour in Enumerable.Range(0, 3) select stored[colour * 32 * 32 + i]]);
        Assert.Equal(stored, Read(dataset.Source.Contents.Shape, _folder["a.ppm"]).Single().Contents.Pixels(0).ToArray());

        Half[][] Of(ModalityData data, string concept) => [.. Enumerable.Range(0, data.Count).Where(i => dataset.Concepts[data.Concept(i)].Id == concept).Select(i => data.Contents.Values(i).ToArray())];
    }

    [Fact]
    public void Speech_becomes_the_frames_of_recorded_and_of_synthesised_sets()
    {
        MediaFiles.RequireFFmpeg();
        // half a second of silence, then noise
        File.WriteAllBytes(_folder["a.wav"], Waves.Of([.. Enumerable.Range(0, 16000).Select(i => (short)(i < 8000 ? 0 : i * 7919 % 9001 - 4500))]));
        var sound = new MediaDecoder(_folder["scratch"], new MediaLimits()).Sounds([_folder["a.wav"]], 16000, TestContext.Current.CancellationToken).Single().Value!;
        var (recorded, synthesised) = (Frames("speech 1"), Frames("speech 2"));
        Assert.Equal(SpokenClips.Frames(sound), recorded);
        Assert.Equal(UdhrClips.FramesOf(sound), synthesised);
        Assert.NotEqual(recorded, synthesised);

        Half[] Frames(string preparation) => Values(Read(new SampleShape("speech", ModalityKind.Frames, 40, 100, null, 0, 0, preparation), _folder["a.wav"]).Single());
    }

    [Fact]
    public void Pictures_become_those_of_emoji_and_of_fashion()
    {
        MediaFiles.RequireFFmpeg();
        byte[] pixels = [.. Enumerable.Range(0, 64 * 64 * 3).Select(i => (byte)(i * 7919 >> 3))];
        File.WriteAllBytes(_folder["a.ppm"], [.. "P6\n64 64\n255\n"u8, .. pixels]);
        byte[] opaque = [.. Enumerable.Range(0, 64 * 64).SelectMany(i => (byte[])[.. pixels.AsSpan(3 * i, 3), 255])];
        Assert.Equal(EmojiPictures.Shrink(opaque), Pixels("picture 1", "a.ppm"));

        // twice as high as wide: white beside it
        File.WriteAllBytes(_folder["b.ppm"], MediaFiles.Picture(0, 0, 0, 32, 64));
        Assert.Equal(Enumerable.Range(0, 32).Select(x => (byte)(x is >= 8 and < 24 ? 0 : 255)), Pixels("picture 2", "b.ppm")[..32]);
        Assert.All(Pixels("picture 1", "b.ppm"), v => Assert.Equal(0, v));

        byte[] Pixels(string preparation, string file) => Read(new SampleShape("image", ModalityKind.Images, 3 * 32 * 32, 0, null, 32, 32, preparation), _folder[file]).Single().Contents.Pixels(0).ToArray();
    }

    [Theory]
    [InlineData("clip 1, ")]
    [InlineData("clip 1, AAAA")]
    [InlineData("clip 1, not base 64")]
    [InlineData("clip 2, AAAA")]
    [InlineData("speech 9")]
    public void A_preparation_of_another_version_is_refused(string preparation)
    {
        MediaFiles.RequireFFmpeg();
        File.WriteAllBytes(_folder["a.wav"], Waves.Noise("a", 0.2));
        var shape = new SampleShape("audio", ModalityKind.Frames, 64, 25, 124, 0, 0, preparation);
        Assert.Contains("prepared otherwise", Assert.Throws<CromaException>(() => Read(shape, _folder["a.wav"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_recipe_goes_on_without_decoding_again()
    {
        MediaFiles.RequireFFmpeg();
        MediaFile[] files = [.. Enumerable.Range(0, 150).Select(i => Write($"{i}.wav"))];
        var kept = SpokenClips.Kept(_folder["set"], "7");
        using var interrupt = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => SpokenClips.Decode(files, 1, new BrokenFiles(false), kept, new Reporter(p => { if (p.Done >= 64) interrupt.Cancel(); }), interrupt.Token));
        // whoever decoded the first ones again would find no sound
        for (var i = 0; i < 64; i++) File.WriteAllBytes(files[i].Path, new byte[new FileInfo(files[i].Path).Length]);
        var clips = SpokenClips.Decode(files, 2, new BrokenFiles(false), kept, null, TestContext.Current.CancellationToken);
        for (var i = 0; i < files.Length; i++) Write($"{i}.wav");
        var whole = SpokenClips.Decode(files, 2, new BrokenFiles(false), SpokenClips.Kept(_folder["other"], "7"), null, TestContext.Current.CancellationToken);
        foreach (var (a, b) in clips.Zip(whole))
        {
            Assert.Equal(b!.Frames, a!.Frames);
            Assert.Equal(b.Heard, a.Heard);
        }
        Assert.Equal(whole.Skip(64).Select(c => c!.Sha256), clips.Skip(64).Select(c => c!.Sha256));
    }

    [Fact]
    public void What_is_kept_of_other_settings_or_of_files_of_another_size_is_not_taken_up()
    {
        MediaFiles.RequireFFmpeg();
        MediaFile[] files = [Write("0.wav"), Write("1.wav")];
        Assert.NotNull(Decode("7", skip: false)[0]);
        File.WriteAllText(files[0].Path, "no sound");
        Assert.Throws<CromaException>(() => Decode("7", skip: false));
        Assert.Null(Decode("7", skip: true)[0]);
        // a broken file that was skipped is tried again where none may be
        File.WriteAllText(files[0].Path, "NO SOUND");
        Assert.Throws<CromaException>(() => Decode("7", skip: false));
        Assert.Null(Decode("7", skip: true)[0]);
        // damage is no end of the world
        foreach (var chunk in Directory.GetFiles(_folder["set/.partial"])) File.WriteAllText(chunk, "damaged");
        Assert.NotNull(Decode("8", skip: true)[1]);
        Assert.NotNull(Decode("7", skip: true)[1]);

        SpokenClip?[] Decode(string version, bool skip) => SpokenClips.Decode(files, 1, new BrokenFiles(skip), SpokenClips.Kept(_folder["set"], version), null, TestContext.Current.CancellationToken);
    }

    private MediaFile Write(string name)
    {
        File.WriteAllBytes(_folder[name], Waves.Noise(name, 0.05));
        return new MediaFile(name, _folder[name]);
    }

    private static Half[] Values(InputSamples samples) => samples.Contents.Values(0).ToArray();

    private static IEnumerable<InputSamples> Read(SampleShape shape, params string[] files) =>
        [.. files.SelectMany(file => SampleInput.Read([file], TextReader.Null, shape, null, 1, TestContext.Current.CancellationToken))];

    private sealed class Reporter(Action<RecipeProgress> report) : IProgress<RecipeProgress>
    {
        public void Report(RecipeProgress value) => report(value);
    }
}
