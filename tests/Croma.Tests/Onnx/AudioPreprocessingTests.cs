using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using Croma.Datasets.Speech;
using Croma.Onnx;
using Croma.Onnx.Features;
using Croma.Onnx.Preprocessing;

namespace Croma.Tests.Onnx;

/// <summary>From sounds to a model's input, and to YAMNet's features.</summary>
public sealed class AudioPreprocessingTests : IDisposable
{
    private static readonly AudioPreprocessing s_yamnet = EncoderPreprocessing.Read("yamnet").Audio!;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // published with the encoder: half a sine of 440 Hz, 15600 samples at 16 kHz
    private static float[] Tone { get; } = [.. Enumerable.Range(0, 15600).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * 440 * i / 16000)))];

    [Fact]
    public void A_tone_has_the_published_log_mel_energies()
    {
        var patch = Assert.Single(s_yamnet.Apply(Tone)).ToArray();
        Assert.Equal(96 * 64, patch.Length);
        Assert.Equal([-4.2103, -2.8945, -2.2898, -2.1253], patch[..4].Select(v => Math.Round(v, 4)));
        Assert.Equal((8, 4.0890), (Array.IndexOf(patch, patch[..64].Max()), Math.Round(patch[8], 4)));
    }

    [Fact]
    public void Silence_is_the_logarithm_of_the_floor() =>
        Assert.All(Assert.Single(s_yamnet.Apply(new float[15600])).ToArray(), v => Assert.Equal(MathF.Log(0.001f), v, 1e-6f));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(15600, 1)]
    [InlineData(15600 + 48 * 160 - 1, 1)]
    [InlineData(15600 + 48 * 160, 2)]
    [InlineData(80000, 9)]
    public void A_patch_of_96_frames_begins_every_48_frames_as_long_as_one_fits(int samples, int patches) =>
        Assert.Equal(patches, s_yamnet.Apply(new float[samples]).Count());

    [Fact]
    public void Patches_overlap_by_half()
    {
        var patches = s_yamnet.Apply([.. MediaFiles.Noise(1, 40000).Select(v => (float)v)]).ToArray();
        Assert.Equal(patches[0][(48 * 64)..].ToArray(), patches[1][..(48 * 64)].ToArray());
    }

    [Fact]
    public void The_mel_matrix_is_the_published_one()
    {
        var file = File.ReadAllBytes(OnnxLibrary.RequireShared("data/encoders/yamnet-mel.npy"));
        var start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        for (var band = 0; band < 64; band++)
        {
            var (first, weights) = s_yamnet.Frames.Filter(band);
            for (var bin = 0; bin < 257; bin++)
            {
                var expected = BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(start + 4 * (band * 257 + bin)));
                Assert.Equal(expected, bin >= first && bin < first + weights.Length ? (float)weights[bin - first] : 0, 1e-6f);
            }
        }
    }

    [Fact]
    public void A_sound_file_of_the_tone_has_the_published_features()
    {
        MediaFiles.RequireFFmpeg();
        File.WriteAllBytes(_folder["tone.wav"], MediaFiles.FloatWave(16000, Tone));
        using var model = new OnnxModel(OnnxLibrary.Require(), OnnxLibrary.RequireShared("data/encoders/yamnet.onnx"));
        var features = Encode(model, EncoderPreprocessing.Read("yamnet"), _folder["tone.wav"])[0];
        Assert.Equal(75.990, features.Sum(), 0.01);
        var scores = Encode(model, EncoderPreprocessing.Read("yamnet") with { Output = "scores" }, _folder["tone.wav"])[0];
        Assert.Equal((495, 0.99787), (scores.IndexOf(scores.Max()), Math.Round(scores.Max(), 5)));
    }

    /// <summary>The clips there are have lost something in compression, so that their features are near the stored ones, not equal.</summary>
    [Fact]
    public void Features_of_compressed_clips_are_nearest_to_their_own_stored_ones()
    {
        MediaFiles.RequireFFmpeg();
        var (names, stored) = Stored();
        string[] files = [.. Extract(OnnxLibrary.RequireShared("data/image-audio/esc50-audio.tar.gz"), 12)];
        using var model = new OnnxModel(OnnxLibrary.Require(), OnnxLibrary.RequireShared("data/encoders/yamnet.onnx"));
        foreach (var (file, features) in files.Zip(Encode(model, EncoderPreprocessing.Read("yamnet"), files)))
        {
            var similar = stored.Select(other => Cosine(features, other)).ToArray();
            Assert.Equal(Path.GetFileNameWithoutExtension(file), names[Array.IndexOf(similar, similar.Max())]);
            Assert.InRange(similar.Max(), 0.9, 1);
        }
    }

    private float[][] Encode(OnnxModel model, EncoderPreprocessing preprocessing, params string[] files) =>
        [.. new FeatureEncoder(model, preprocessing, 8).Encode([.. files.Select(file => new EncodingInput(file))], _folder["scratch"], TestContext.Current.CancellationToken).Select(r => r.Features ?? throw new InvalidOperationException(r.Reason))];

    private static (string[] Names, float[][] Features) Stored()
    {
        var file = File.ReadAllBytes(OnnxLibrary.RequireShared("data/encoders/esc50-yamnet.npy"));
        var start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        string[] names = [.. File.ReadLines(OnnxLibrary.RequireShared("data/encoders/esc50-yamnet.csv")).Skip(1).Select(line => Path.GetFileNameWithoutExtension(line.Split(',')[1]))];
        return (names, [.. Enumerable.Range(0, names.Length).Select(row => Enumerable.Range(0, 1024).Select(i => (float)BinaryPrimitives.ReadHalfLittleEndian(file.AsSpan(start + 2 * (row * 1024 + i)))).ToArray())]);
    }

    private IEnumerable<string> Extract(string archive, int count)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (count-- > 0 && tar.GetNextEntry() is { } entry)
        {
            var path = _folder[Path.GetFileName(entry.Name)];
            entry.ExtractToFile(path, overwrite: false);
            yield return path;
        }
    }

    private static double Cosine(float[] a, float[] b)
    {
        double product = 0, first = 0, second = 0;
        for (var i = 0; i < a.Length; i++) (product, first, second) = (product + a[i] * b[i], first + a[i] * a[i], second + b[i] * b[i]);
        return product / Math.Sqrt(first * second);
    }
}
