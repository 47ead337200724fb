using Croma.Data.Formats;
using Croma.Onnx;
using Croma.Onnx.Features;
using Croma.Onnx.Preprocessing;

namespace Croma.Tests.Onnx;

/// <summary>Many files to one file of features.</summary>
public sealed class EncodingJobTests : IDisposable
{
    private static readonly Dictionary<string, string> s_metadata = new() { ["model_sha256"] = "1" };

    private readonly TemporaryFolder _folder = new();
    private readonly OnnxModel _model;

    public EncodingJobTests()
    {
        MediaFiles.RequireFFmpeg();
        _model = new OnnxModel(OnnxLibrary.Require(), MediaFiles.ImageModel(_folder.Path));
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private static EncoderPreprocessing Image { get; } = PreprocessingReader.Parse(MediaFiles.TinyImage, "test");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    public void Rows_are_the_files_in_order_whatever_batch_and_threads(int batch, int threads)
    {
        var files = Pictures(150);
        var outcome = Run(Job(files, batch: batch), null, skip: false, threads);
        Assert.Equal((150, 150, 0, true), (outcome.Inputs, outcome.Encoded, outcome.Failed.Count, outcome.Written));
        Assert.Equal(Enumerable.Range(0, 150).SelectMany(i => new float[] { i, 1, 2 }), Features());
        Assert.Equal(["row,name", .. files.Select((file, i) => $"{i},{file}")], File.ReadAllLines(_folder["out.names.csv"]));
        Assert.False(Directory.Exists(_folder["out.safetensors.partial"]));
        using var written = SafetensorsFile.Open(_folder["out.safetensors"]);
        Assert.Equal("1", written.Metadata["model_sha256"]);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_left_out_by_name_or_stop_the_work()
    {
        var files = Pictures(70);
        File.WriteAllText(files[5], "no picture");
        File.WriteAllText(files[66], "no picture");
        var failed = Run(Job(files), null, skip: false, 1);
        Assert.False(failed.Written);
        Assert.Equal(files[5], Assert.Single(failed.Failed).Path);
        Assert.False(File.Exists(_folder["out.safetensors"]));

        var skipped = Run(Job(files), null, skip: true, 1);
        Assert.Equal((68, true), (skipped.Encoded, skipped.Written));
        Assert.Equal([files[5], files[66]], skipped.Failed.Select(f => f.Path));
        Assert.Equal(Enumerable.Range(0, 70).Where(i => i is not (5 or 66)).SelectMany(i => new float[] { i, 1, 2 }), Features());
        Assert.Equal(69, File.ReadAllLines(_folder["out.names.csv"]).Length);
    }

    [Fact]
    public void Shards_do_their_parts_and_a_run_without_one_writes_the_whole()
    {
        var files = Pictures(200);
        var second = Run(Job(files), new Shard(2, 2), skip: false, 1);
        Assert.Equal((64 + 8, false), (second.Encoded, second.Written));
        Assert.False(File.Exists(_folder["out.safetensors"]));
        // what a shard has done is not done again: nobody notices that its files are others now, of the same size
        for (var i = 64; i < 128; i++) File.WriteAllBytes(files[i], MediaFiles.Picture(255, 255, 255));
        Assert.Equal((128, false), (Run(Job(files), new Shard(1, 2), skip: false, 1).Encoded, false));
        Assert.True(Run(Job(files), null, skip: false, 2).Written);
        Assert.Equal(Enumerable.Range(0, 200).SelectMany(i => new float[] { i, 1, 2 }), Features());
    }

    [Fact]
    public void Work_of_another_model_or_of_other_files_is_not_taken_up()
    {
        var files = Pictures(130);
        Run(Job(files), new Shard(1, 3), skip: false, 1);
        Run(Job(files), new Shard(2, 3), skip: false, 1);
        // the first chunk's file has another size, the second is of the same job
        for (var i = 0; i < 128; i++) File.WriteAllBytes(files[i], MediaFiles.Picture(200, 1, 2, i == 0 ? 4 : 2, 2));
        Run(Job(files), null, skip: false, 1);
        Assert.Equal(Enumerable.Range(0, 130).SelectMany(i => new float[] { i < 64 ? 200 : i, 1, 2 }), Features());

        foreach (var name in (string[])["out.safetensors", "out.names.csv"]) File.Delete(_folder[name]);
        Run(Job(Pictures(130)), new Shard(1, 3), skip: false, 1);
        foreach (var file in files) File.WriteAllBytes(file, MediaFiles.Picture(100, 1, 2));
        Run(new EncodingJob(new FeatureEncoder(_model, Image, 8), Named(files), _folder["out.safetensors"], new Dictionary<string, string> { ["model_sha256"] = "2" }), null, skip: false, 1);
        Assert.All(Features().Where((_, i) => i % 3 == 0), v => Assert.Equal(100, v));
    }

    [Fact]
    public void What_failed_before_is_tried_again_where_nothing_may_be_left_out()
    {
        var files = Pictures(70);
        File.WriteAllBytes(files[69], [.. MediaFiles.Picture(1, 1, 1)[..^1]]);
        Assert.Single(Run(Job(files), new Shard(2, 2), skip: true, 1).Failed);
        File.WriteAllBytes(files[69], MediaFiles.Picture(69, 1, 2));
        Assert.Equal((70, 0), (Run(Job(files), null, skip: false, 1) is var outcome ? outcome.Encoded : 0, outcome.Failed.Count));
        Assert.Equal(69, Features()[69 * 3]);
    }

    [Fact]
    public void Nothing_is_written_over()
    {
        File.WriteAllText(_folder["out.names.csv"], "mine");
        Assert.Contains("out.names.csv' is there already", Assert.Throws<CromaException>(() => Job(Pictures(1))).Message, StringComparison.Ordinal);
        Assert.Contains("ends in .safetensors", Assert.Throws<CromaException>(() => Job(["a"], "out.npy")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_file_can_be_used_that_is_an_error()
    {
        var files = Pictures(2);
        foreach (var file in files) File.WriteAllText(file, "no picture");
        Assert.Contains("None of the 2 files can be used", Assert.Throws<CromaException>(() => Run(Job(files), null, skip: true, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_are_files_folders_and_lists()
    {
        foreach (var name in (string[])["f/b.png", "f/a.JPG", "f/g/c.ppm", "f/readme.txt", "f/s.wav", "x.gif"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllText(_folder[name], "");
        }
        File.WriteAllText(_folder["list.txt"], "one.png\r\n\nf/two\n");
        File.WriteAllText(_folder["list.csv"], "label,path\n1,\"a,b.png\"\n");
        Directory.CreateSymbolicLink(_folder["f/round"], _folder["f"]);
        var found = EncodingInputs.Find([_folder["x.gif"], _folder["f"], "@" + _folder["list.txt"], _folder["list.csv"], "s.wav"], EncodingKind.Pictures);
        Assert.Equal([_folder["x.gif"], _folder["f/a.JPG"], _folder["f/b.png"], _folder["f/g/c.ppm"], _folder["one.png"], _folder["f/two"], _folder["a,b.png"], "s.wav"], found.Items.Select(i => i.Name));
        Assert.Equal([_folder["f/readme.txt"], _folder["f/round"], _folder["f/s.wav"]], found.Ignored);
        Assert.Equal([_folder["f/s.wav"]], EncodingInputs.Find([_folder["f"]], EncodingKind.Sounds).Items.Select(i => i.Name));

        Assert.Contains("is given twice", Assert.Throws<CromaException>(() => EncodingInputs.Find([_folder["f"], _folder["f/g/../b.png"]], EncodingKind.Pictures)).Message, StringComparison.Ordinal);
        Assert.Contains("no list", Assert.Throws<CromaException>(() => EncodingInputs.Find(["@nowhere"], EncodingKind.Pictures)).Message, StringComparison.Ordinal);
        Assert.Contains("no column 'path'", Assert.Throws<CromaException>(() => EncodingInputs.Find([Changed("list.csv", "a\n1\n")], EncodingKind.Pictures)).Message, StringComparison.Ordinal);
        Assert.Contains("line break", Assert.Throws<CromaException>(() => EncodingInputs.Find(["a\nb"], EncodingKind.Pictures)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("nothing to encode", Assert.Throws<CromaException>(() => EncodingInputs.Find([_folder["empty"]], EncodingKind.Pictures)).Message, StringComparison.Ordinal);
    }

    private string Changed(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return _folder[name];
    }

    private string[] Pictures(int count)
    {
        Directory.CreateDirectory(_folder["pictures"]);
        string[] files = [.. Enumerable.Range(0, count).Select(i => _folder[$"pictures/{i:000}.ppm"])];
        foreach (var (i, file) in files.Index()) File.WriteAllBytes(file, MediaFiles.Picture((byte)i, 1, 2));
        return files;
    }

    private static EncodingInput[] Named(IEnumerable<string> files) => [.. files.Select(file => new EncodingInput(file))];

    private EncodingJob Job(IReadOnlyList<string> files, string name = "out.safetensors", int batch = 8) => new(new FeatureEncoder(_model, Image, batch), Named(files), _folder[name], s_metadata);

    private static EncodingOutcome Run(EncodingJob job, Shard? shard, bool skip, int threads) => job.Run(shard, skip, threads, cancellation: TestContext.Current.CancellationToken);

    private float[] Features()
    {
        using var file = SafetensorsFile.Open(_folder["out.safetensors"]);
        return file.Values<float>(file.Require("features", SafetensorsType.F32, 2)).ToArray();
    }
}
