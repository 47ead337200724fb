using System.Net;
using System.Net.Sockets;
using System.Text;
using Croma.Datasets.Media;
using Croma.Tests.Onnx;

namespace Croma.Tests.Datasets;

/// <summary>Files that are made to cost much, or to open what is none of theirs.</summary>
public sealed class HostileMediaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public HostileMediaTests() => MediaFiles.RequireFFmpeg();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(100_000, 100_000)]
    [InlineData(50_001, 1000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(1, 60_000_000)]
    public void A_small_file_of_a_huge_picture_is_refused_and_costs_nothing(int width, int height)
    {
        var decoded = Pictures(Write("a.png", PngFile.Grey(width, height, rows: 4)), Write("b.png", PngFile.Grey(3, 2, rows: 2)));
        Assert.StartsWith("ffmpeg says", decoded[0].Reason, StringComparison.Ordinal);
        Assert.Equal((3, 2), (decoded[1].Value!.Width, decoded[1].Value!.Height));
    }

    [Fact]
    public void Nothing_is_fetched_whatever_a_file_says()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var address = $"127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}";
        string[] scripts =
        [
            $"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://{address}/a.ts\n#EXT-X-ENDLIST\n", $"ffconcat version 1.0\nfile 'http://{address}/a.wav'\n", $"http://{address}/a.wav\n",
            $"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>http://{address}/</BaseURL></MPD>", $"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nm=audio {address.Split(':')[1]} RTP/AVP 0\n",
        ];
        foreach (var (i, script) in scripts.Index())
        {
            // as it is, and behind what makes it a sound or a picture
            foreach (var (ending, head) in new[] { (".wav", ""), (".mp3", "ID3"), (".ogg", "OggS"), (".flac", "fLaC"), (".m3u8", ""), (".mka", "\u001aE\u00df\u00a3") })
                Assert.NotNull(Sounds(Write($"{i}{ending}", [.. Encoding.Latin1.GetBytes(head), .. Encoding.UTF8.GetBytes(script)])).Single().Reason);
            foreach (var (ending, head) in new[] { (".png", "\u0089PNG\r\n\u001a\n"), (".gif", "GIF89a"), (".bmp", "BM"), (".svg", "") })
                Assert.NotNull(Pictures(Write($"{i}{ending}", [.. Encoding.Latin1.GetBytes(head), .. Encoding.UTF8.GetBytes(script)])).Single().Reason);
        }
        Assert.False(server.Pending());
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXTINF:1,\nfile:SECRET\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile 'SECRET'\n")]
    [InlineData("concat:SECRET|SECRET")]
    [InlineData("subfile,,start,0,end,100,,:SECRET")]
    public void A_local_file_that_a_script_names_is_not_opened(string script)
    {
        var secret = Write("secret.wav", Waves.Noise("secret", 0.1));
        var content = Encoding.UTF8.GetBytes(script.Replace("SECRET", secret, StringComparison.Ordinal));
        foreach (var head in (string[])["", "ID3", "OggS", "fLaC", "RIFF\0\0\0\0WAVE"])
            Assert.NotNull(Sounds(Write("list.wav", [.. Encoding.Latin1.GetBytes(head), .. content])).Single().Reason);
    }

    [Fact]
    public void A_name_that_is_an_address_is_a_name()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        Assert.All(Sounds($"http://127.0.0.1:{port}/a.wav", $"tcp://127.0.0.1:{port}", "data:audio/wav;base64,AAAA", "pipe:0", "/dev/stdin"), d => Assert.NotNull(d.Reason));
        Assert.False(server.Pending());
    }

    [Fact]
    public void Endless_files_are_refused_and_not_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no devices in folders here");
        foreach (var (name, device) in new[] { ("zero.wav", "/dev/zero"), ("random.png", "/dev/urandom") }) File.CreateSymbolicLink(_folder[name], device);
        Assert.Equal("it is empty", Sounds(_folder["zero.wav"]).Single().Reason);
        Assert.Equal("it is empty", Pictures(_folder["random.png"]).Single().Reason);
        // longer than any file may be, and next to nothing on the disk
        using (var sparse = File.Create(_folder["sparse.wav"]))
        {
            sparse.Write(Waves.Noise("a", 0.1));
            sparse.SetLength(1L << 40);
        }
        Assert.Contains("at most 268435456 are read", Sounds(_folder["sparse.wav"]).Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_of_a_long_sound_is_decoded_no_further_than_the_limit()
    {
        var limits = new MediaLimits { Seconds = 20 };
        // half an hour of silence in a few kilobytes
        var result = Croma.Datasets.ChildProcess.Run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "1800", _folder["a.flac"]], [], 1, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(0, result!.ExitCode);
        Assert.InRange(new FileInfo(_folder["a.flac"]).Length, 1, 500_000);
        Assert.Equal("it is longer than 20 s", Sounds(limits, _folder["a.flac"]).Single().Reason);
    }

    /// <summary>20 files of 50 kB each, of 49 million pixels, would take 5 GB of memory and 4 GB of the disk in one process.</summary>
    [Fact]
    public void Large_pictures_are_decoded_few_at_a_time()
    {
        // a decoder counts rows in steps of 64 pixels
        const int Side = 64, AtOnce = 3 * Side * Side;
        string[] files = [.. Enumerable.Range(0, 20).Select(i => Write($"{i:00}.png", PngFile.Grey(Side, Side, Side, (byte)i)))];
        File.WriteAllText(files[7], "no picture");
        var limits = new MediaLimits { Pixels = Side * Side, PixelsAtOnce = AtOnce };
        var (number, most) = (0, 0L);
        foreach (var (index, picture, reason) in new MediaDecoder(_folder["scratch"], limits).Pictures(files, TestContext.Current.CancellationToken))
        {
            Assert.Equal(number++, index);
            if (index == 7) Assert.NotNull(reason);
            else Assert.Equal((byte)index, picture!.Pixels[0]);
            most = Math.Max(most, Directory.GetFiles(_folder["scratch"]).Sum(f => new FileInfo(f).Length));
        }
        Assert.Equal(20, number);
        // four bytes a pixel, and a header a picture
        Assert.InRange(most, 1, 4 * AtOnce + 20 * 100);
    }

    [Fact]
    public void Of_a_moving_picture_one_is_decoded()
    {
        // a GIF of 2000 pictures of one pixel
        byte[] frame = [0x21, 0xf9, 4, 0, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        var gif = Write("a.gif", [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 9, 8, 7, 1, 1, 1, .. Enumerable.Repeat(frame, 2000).SelectMany(b => b), 0x3b]);
        var picture = Pictures(gif).Single();
        Assert.Equal((1, 1, null), (picture.Value?.Width, picture.Value?.Height, picture.Reason));
    }

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }

    private List<Decoded<float[]>> Sounds(params string[] files) => Sounds(new MediaLimits(), files);

    private List<Decoded<float[]>> Sounds(MediaLimits limits, params string[] files) => [.. new MediaDecoder(_folder["scratch"], limits).Sounds(files, 8000, TestContext.Current.CancellationToken)];

    private List<Decoded<DecodedPicture>> Pictures(params string[] files) => [.. new MediaDecoder(_folder["scratch"], new MediaLimits()).Pictures(files, TestContext.Current.CancellationToken)];
}
