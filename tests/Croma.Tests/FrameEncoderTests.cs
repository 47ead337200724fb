using Croma.Baselines;
using Croma.Configuration;
using Croma.Data;
using Croma.Encoders;

namespace Croma.Tests;

/// <summary>Which encoder sequences have where nothing is said of it.</summary>
public sealed class FrameEncoderTests
{
    private static readonly SampleShape s_text = new("words", ModalityKind.Bytes, 0, 0, null, 0, 0);

    [Theory]
    [InlineData(24, 3)]
    [InlineData(24, 64)]
    [InlineData(500, 3)]
    public void Windows_of_one_length_that_are_too_small_for_the_blocks_have_an_LSTM(int steps, int channels) => Assert.IsType<SpeechLstm>(EncoderOf("small", steps, channels));

    [Theory]
    [InlineData("small-images", 124, 64)]
    [InlineData("small", 128, 16)]
    public void Clips_of_one_length_that_are_large_enough_have_a_convolution(string profile, int steps, int channels) => Assert.IsType<ConvEncoder>(EncoderOf(profile, steps, channels));

    [Fact]
    public void Sequences_of_different_lengths_have_an_LSTM() => Assert.IsType<SpeechLstm>(EncoderOf("small", null, 64));

    private static Encoder EncoderOf(string profile, int? steps, int channels) =>
        Networks.Create("croma", Profiles.Get(profile), s_text, new SampleShape("motion", ModalityKind.Frames, channels, 0, steps, 0, 0)).TargetEncoder;
}
