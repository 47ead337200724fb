using Croma.Datasets.Media;
using Croma.Tests.Onnx;

namespace Croma.Tests.Datasets;

/// <summary>Files from anyone: decoded, or refused by name, and none at the cost of its neighbours.</summary>
public sealed class MediaDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MediaDecoderTests() => MediaFiles.RequireFFmpeg();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_of_a_sound_are_those_of_its_file()
    {
        double[] samples = [.. MediaFiles.Noise(1, 1000)];
        var decoded = Assert.Single(Sounds(Write("a.wav", MediaFiles.Wave(8000, samples))));
        Assert.Null(decoded.Reason);
        Assert.Equal(samples.Select(s => (float)(Math.Round(32768 * s) / 32768)), decoded.Value!);
    }

    [Fact]
    public void Pixels_of_a_picture_are_those_of_its_file()
    {
        byte[] pixels = [.. Enumerable.Range(0, 5 * 3 * 3).Select(i => (byte)(i * 5))];
        var decoded = Assert.Single(Pictures(Write("a.ppm", [.. "P6\n5 3\n255\n"u8, .. pixels])));
        Assert.Equal((5, 3), (decoded.Value!.Width, decoded.Value.Height));
        Assert.Equal(pixels, decoded.Value.Pixels);
    }

    [Fact]
    public void What_is_transparent_is_white()
    {
        // PNG of one pixel, RGBA 200, 100, 0 at an opacity of 51 / 255
        var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGM4kcJgDAAEhAFgXSnywAAAAABJRU5ErkJggg==");
        Assert.Equal([244, 224, 204], Assert.Single(Pictures(Write("a.png", png))).Value!.Pixels);
    }

    [Fact]
    public void Bad_files_among_many_are_refused_and_the_others_decoded()
    {
        var files = Enumerable.Range(0, 40).Select(i => Write($"{i}.ppm", MediaFiles.Picture((byte)i, 0, 0))).ToArray();
        File.WriteAllBytes(files[3], "P6\n2 2\n255\nshort"u8.ToArray());
        File.WriteAllText(files[17], "#EXTM3U\nfile:///etc/passwd\n");
        File.WriteAllBytes(files[18], []);
        File.Delete(files[30]);
        var decoded = Pictures(files);
        Assert.Equal([3, 17, 18, 30], decoded.Where(d => d.Reason != null).Select(d => d.Index));
        string[] reasons = ["ffmpeg says: ", "it is no picture in a format", "it is empty", "there is no such file"];
        foreach (var (d, reason) in decoded.Where(d => d.Reason != null).Zip(reasons)) Assert.StartsWith(reason, d.Reason, StringComparison.Ordinal);
        Assert.All(decoded.Where(d => d.Reason == null), d => Assert.Equal(d.Index, d.Value!.Pixels[0]));
        Assert.All(decoded.Where(d => d.Reason != null), d => Assert.DoesNotContain('\n', d.Reason!));
        Assert.False(Directory.Exists(_folder["scratch"]));
    }

    [Fact]
    public void What_costs_too_much_is_refused()
    {
        var limits = new MediaLimits { FileBytes = 3000, Pixels = 600, Seconds = 0.1 };
        Assert.Contains("it has 4044 bytes; at most 3000", Sounds(Write("a.wav", MediaFiles.Wave(8000, new double[2000])), limits)[0].Reason, StringComparison.Ordinal);
        Assert.Equal("it is longer than 0.1 s", Sounds(Write("b.wav", MediaFiles.Wave(8000, new double[801])), limits)[0].Reason);
        Assert.Null(Sounds(Write("c.wav", MediaFiles.Wave(8000, new double[800])), limits)[0].Reason);
        Assert.NotNull(Pictures(Write("a.ppm", MediaFiles.Picture(1, 2, 3, 64, 10)), limits)[0].Reason);
        Assert.Null(Pictures(Write("b.ppm", MediaFiles.Picture(1, 2, 3, 64, 9)), limits)[0].Reason);
    }

    [Fact]
    public void A_process_that_takes_too_long_is_stopped_and_its_file_named()
    {
        var decoded = Sounds(Write("a.wav", MediaFiles.Wave(8000, new double[8000])), new MediaLimits { Time = TimeSpan.FromMilliseconds(1) });
        Assert.Contains("took longer than", decoded[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>Left to guess, ffmpeg reads playlists and scripts, and would open what they name.</summary>
    [Theory]
    [InlineData("#EXTM3U\n#EXTINF:1,\nsecret.wav\n")]
    [InlineData("ffconcat version 1.0\nfile secret.wav\n")]
    public void A_file_that_names_other_files_is_no_sound(string content)
    {
        Write("secret.wav", MediaFiles.Wave(8000, new double[800]));
        foreach (var name in (string[])["list.wav", "list.mp3"]) Assert.StartsWith("it is no sound", Sounds(Write(name, System.Text.Encoding.UTF8.GetBytes(content)))[0].Reason, StringComparison.Ordinal);
        // nor where it begins as a sound does
        Assert.StartsWith("ffmpeg says", Sounds(Write("list2.mp3", [.. "ID3"u8, .. System.Text.Encoding.UTF8.GetBytes(content)]))[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_names_and_nothing_else()
    {
        string[] names = ["-i.wav", "a%03d.wav", "http:..wav", "a b'\"$(touch x).wav", "concat:a|b.wav", "ä\nö.wav"];
        var decoded = Sounds([.. names.Select(name => Write(name, MediaFiles.Wave(8000, new double[80])))]);
        Assert.All(decoded, d => Assert.Null(d.Reason));
    }

    [Fact]
    public void A_pipe_is_refused_and_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no named pipes in folders here");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [_folder["pipe.wav"]])) make.WaitForExit();
        Assert.Equal("it is empty", Sounds(_folder["pipe.wav"])[0].Reason);
        Directory.CreateDirectory(_folder["folder.wav"]);
        Assert.Equal("it is a folder", Sounds(_folder["folder.wav"])[0].Reason);
    }

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }

    private List<Decoded<float[]>> Sounds(string file, MediaLimits? limits = null) => Sounds([file], limits);

    private List<Decoded<float[]>> Sounds(string[] files, MediaLimits? limits = null) =>
        [.. new MediaDecoder(_folder["scratch"], limits ?? new MediaLimits()).Sounds(files, 8000, TestContext.Current.CancellationToken)];

    private List<Decoded<DecodedPicture>> Pictures(string file, MediaLimits? limits = null) => Pictures([file], limits);

    private List<Decoded<DecodedPicture>> Pictures(string[] files, MediaLimits? limits = null) =>
        [.. new MediaDecoder(_folder["scratch"], limits ?? new MediaLimits()).Pictures(files, TestContext.Current.CancellationToken)];
}
