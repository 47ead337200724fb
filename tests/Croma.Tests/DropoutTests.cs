using Croma.Compute;
using Croma.Encoders;

namespace Croma.Tests;

/// <summary>What training leaves out, and nothing else does.</summary>
public sealed class DropoutTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.7)]
    public void The_wanted_share_is_left_out_and_the_mean_stays(double share)
    {
        using var tape = new Tape();
        var x = tape.Input(200, 50);
        for (var r = 0; r < x.Rows; r++) x.Row(r).Fill(1);
        var y = tape.Dropout(x, share, 3);
        float[] all = [.. Enumerable.Range(0, y.Rows).SelectMany(r => y.Row(r).ToArray())];
        Assert.All(all, v => Assert.True(v == 0 || v == (float)(1 / (1 - share))));
        // five standard deviations of 10000 draws
        Assert.InRange(all.Count(v => v == 0) / 10000.0, share - 5 * Math.Sqrt(share * (1 - share) / 10000), share + 5 * Math.Sqrt(share * (1 - share) / 10000));
    }

    [Fact]
    public void Draws_are_of_the_stream_alone()
    {
        using Tape first = new(), second = new();
        second.Dropout(second.Input(3, 3), 0.5, 9);
        Assert.Equal(Draw(first, 1), Draw(second, 1));
        Assert.NotEqual(Draw(first, 1), Draw(first, 2));

        static float[] Draw(Tape tape, ulong stream)
        {
            var x = tape.Input(8, 20);
            for (var r = 0; r < x.Rows; r++) x.Row(r).Fill(1);
            var y = tape.Dropout(x, 0.5, stream);
            return [.. Enumerable.Range(0, y.Rows).SelectMany(r => y.Row(r).ToArray())];
        }
    }

    [Fact]
    public void An_encoder_leaves_out_in_training_only()
    {
        var encoder = new ConvEncoder(new PixelShape(8, 8, 3), 16, 2, 5, pyramid: true, residual: true, dropout: 0.5);
        using ParameterVector trained = new(encoder.Layout, trainable: true), still = new(encoder.Layout);
        trained.Initialize(new CounterRandom(1, 1));
        still.Initialize(new CounterRandom(1, 1));
        var batch = new InputBatch();
        batch.Resize(2, 1, 8 * 8 * 3);
        for (var i = 0; i < batch.Values.Length; i++) batch.Values[i] = i % 17 / 17f;
        var plain = Encode(still);
        Assert.Equal(plain, Encode(trained));

        var random = new CounterRandom(1, 2);
        batch.DrawNoise(encoder, random);
        Assert.Equal(plain, Encode(still));
        var noisy = Encode(trained);
        Assert.NotEqual(plain, noisy);
        Assert.Equal(noisy, Encode(trained));
        batch.DrawNoise(encoder, random);
        Assert.NotEqual(noisy, Encode(trained));
        batch.DrawNoise(encoder, null);
        Assert.Equal(plain, Encode(trained));

        float[] Encode(ParameterVector parameters)
        {
            using var tape = new Tape();
            var embeddings = encoder.Encode(tape, parameters, batch);
            return [.. embeddings.Row(0), .. embeddings.Row(1)];
        }
    }

    [Fact]
    public void An_encoder_without_dropout_draws_nothing()
    {
        var (random, untouched) = (new CounterRandom(1, 2), new CounterRandom(1, 2));
        var batch = new InputBatch();
        batch.Resize(1, 1, 8 * 8 * 3);
        batch.DrawNoise(new ConvEncoder(8, 8, 3, 16, 2, 5), random);
        Assert.Null(batch.Noise);
        Assert.Equal(untouched.NextUInt64(), random.NextUInt64());
    }
}
