using System.Buffers.Binary;
using Croma.Onnx;
using Croma.Onnx.Preprocessing;

namespace Croma.Tests.Onnx;

/// <summary>From pictures to a model's input.</summary>
public sealed class ImagePreprocessingTests
{
    // Pillow 9.4.0: Image.fromarray([[0, 50, 100, 255]] as RGB greys).resize((7, 1)), and back from [[0, 60, 30, 255, 128, 200, 7]] to 3
    [Theory]
    [MemberData(nameof(PillowCases))]
    public void Pixels_are_those_of_Pillow(byte[] row, int size, ResampleFilter filter, byte[] expected)
    {
        byte[] rgb = [.. row.SelectMany(v => new[] { v, (byte)(255 - v), (byte)7 })];
        byte[] wanted = [.. expected.SelectMany(v => new[] { v, (byte)(255 - v), (byte)7 })];
        Assert.Equal(expected, ImageResampler.Resize(rgb, row.Length, 1, size, 1, filter).Where((_, i) => i % 3 == 0));
        Assert.Equal(expected, ImageResampler.Resize(rgb, 1, row.Length, 1, size, filter).Where((_, i) => i % 3 == 0));
        Assert.All(ImageResampler.Resize(rgb, row.Length, 1, size, 1, filter).Where((_, i) => i % 3 == 2), v => Assert.Equal(7, v));
        Assert.Equal(wanted.Length, expected.Length * 3);
    }

    public static TheoryData<byte[], int, ResampleFilter, byte[]> PillowCases => new()
    {
        { [0, 50, 100, 255], 7, ResampleFilter.Bicubic, [0, 13, 46, 68, 109, 210, 255] },
        { [0, 50, 100, 255], 7, ResampleFilter.Bilinear, [0, 18, 46, 75, 111, 200, 255] },
        { [0, 60, 30, 255, 128, 200, 7], 3, ResampleFilter.Bicubic, [28, 162, 117] },
        { [0, 60, 30, 255, 128, 200, 7], 3, ResampleFilter.Bilinear, [32, 157, 116] },
    };

    [Fact]
    public void A_crop_takes_the_middle_and_padding_is_white()
    {
        // 4 x 2: red counts columns
        byte[] pixels = [.. Enumerable.Range(0, 8).SelectMany(i => new byte[] { (byte)(10 * (i % 4)), 0, 0 })];
        var crop = new ImagePreprocessing { Size = 2, Mean = [0, 0, 0], Deviation = [1, 1, 1] };
        Assert.Equal([10, 20, 10, 20], crop.Apply(pixels, 4, 2)[..4]);
        Assert.Equal([10f, 0, 0, 20, 0, 0], (crop with { ColoursFirst = false }).Apply(pixels, 4, 2)[..6]);
        Assert.Equal([255, 255, 255, 255, 0, 10, 20, 30, 0, 10, 20, 30, 255, 255, 255, 255], (crop with { Fit = ImageFit.Pad, Size = 4 }).Apply(pixels, 4, 2)[..16]);
        Assert.Equal([-1f, -0.921875f], (crop with { Fit = ImageFit.Stretch, Size = 4, Mean = [128, 0, 0], Deviation = [128, 1, 1] }).Apply(pixels, 4, 2)[..2]);
    }

    [Fact]
    public void Features_of_pictures_match_the_reference_to_a_thousandth()
    {
        var images = File.ReadAllBytes(OnnxLibrary.RequireShared("data/image-audio/cifar-images.npy"));
        var reference = File.ReadAllBytes(OnnxLibrary.RequireShared("data/encoders/cifar-mobilenet-sample.npy"));
        using var model = new OnnxModel(OnnxLibrary.Require(), OnnxLibrary.RequireShared("data/encoders/mobilenet-v2.onnx"));
        var preprocessing = new ImagePreprocessing { Size = 224, Fit = ImageFit.Stretch, Filter = ResampleFilter.Bicubic };
        var (start, firstReference) = (10 + BinaryPrimitives.ReadUInt16LittleEndian(images.AsSpan(8)), 10 + BinaryPrimitives.ReadUInt16LittleEndian(reference.AsSpan(8)));
        foreach (var sample in new[] { 0, 37, 100, 219 })
        {
            var planar = images.AsSpan(start + 50 * sample * 3072, 3072).ToArray();
            byte[] pixels = [.. Enumerable.Range(0, 3072).Select(i => planar[i % 3 * 1024 + i / 3])];
            var features = model.Run(preprocessing.Apply(pixels, 32, 32), [1, .. preprocessing.Shape], "embedding").Values;
            var expected = Enumerable.Range(0, 1280).Select(i => (float)BinaryPrimitives.ReadHalfLittleEndian(reference.AsSpan(firstReference + (sample * 1280 + i) * 2))).ToArray();
            var (error, norm) = (features.Zip(expected, (a, b) => (double)(a - b) * (a - b)).Sum(), expected.Sum(v => (double)v * v));
            Assert.InRange(Math.Sqrt(error / norm), 0, 1e-3);
        }
    }
}
