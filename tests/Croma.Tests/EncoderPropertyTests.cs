using Croma.Compute;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests;

/// <summary>What holds of every encoder, to the last bit.</summary>
public sealed class EncoderPropertyTests
{
    public static TheoryData<string> Kinds => EncoderSamples.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public void Permuting_the_batch_permutes_the_embeddings(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        Prop.ForAll(EncoderSamples.Some, ArbMap.Default.ArbFor<int>(), (samples, seed) =>
        {
            var order = Enumerable.Range(0, samples.Length).ToArray();
            new CounterRandom((ulong)seed, 0).Shuffle(order.AsSpan());
            var embeddings = encoder.Encode(encoder.Batch(samples));
            var permuted = encoder.Encode(encoder.Batch([.. order.Select(i => samples[i])]));
            return order.Select((from, to) => Same(embeddings[from], permuted[to])).All(same => same);
        }).QuickCheckThrowOnFailure();
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Embedding_does_not_depend_on_the_neighbours_in_the_batch(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        Prop.ForAll(EncoderSamples.Some, samples =>
        {
            var together = encoder.Encode(encoder.Batch(samples));
            return samples.Select((sample, i) => Same(together[i], encoder.Encode(encoder.Batch([sample]))[0])).All(same => same);
        }).QuickCheckThrowOnFailure();
    }

    [Theory, InlineData("text"), InlineData("speech"), InlineData("clip")]
    public void What_lies_behind_a_samples_end_changes_neither_embeddings_nor_gradients(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        using var tape = new Tape();
        Prop.ForAll(EncoderSamples.Some, Gen.Choose(0, 4).ToArbitrary(), (samples, extraSteps) =>
        {
            var (plain, padded) = (encoder.Batch(samples), encoder.Batch(samples, extraSteps, junk: -2));
            var (before, after) = (encoder.Encode(plain), encoder.Encode(padded));
            return samples.Select((_, i) => Same(before[i], after[i])).All(same => same)
                && encoder.Gradients(tape, plain).SequenceEqual(encoder.Gradients(tape, padded));
        }).QuickCheckThrowOnFailure();
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Tape_used_before_gives_the_same_bits_as_a_new_one(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        using var used = new Tape();
        Prop.ForAll(EncoderSamples.Some, samples =>
        {
            using var fresh = new Tape();
            var batch = encoder.Batch(samples);
            return Same(encoder.Gradients(fresh, batch), encoder.Gradients(used, batch));
        }).QuickCheckThrowOnFailure();
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_a_tapes_memory_held_before_does_not_matter(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        using var clean = new Tape();
        using var dirty = new Tape();
        var batch = encoder.Batch([new(0, 3), new(1, 5), new(2, 1)]);
        var expected = encoder.Gradients(clean, batch);
        var junk = dirty.Input(100, 1000);
        for (var r = 0; r < junk.Rows; r++) junk.Row(r).Fill(float.NaN);
        Assert.Equal(expected, encoder.Gradients(dirty, batch));
    }

    [Theory, InlineData("text"), InlineData("speech")]
    public void Prediction_gives_the_bits_of_a_training_step_however_long_the_samples(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        using var tape = new Tape();
        // 3 samples of 400 steps: gates of more rows than prediction works out at once
        var batch = encoder.Batch([new(0, 400), new(1, 171), new(2, 1)]);
        var trained = encoder.Encode(batch);
        var predicted = encoder.Encoder.Encode(tape, encoder.Parameters.Frozen, batch);
        Assert.False(predicted.NeedsGradient);
        for (var i = 0; i < batch.Count; i++) Assert.Equal(trained[i], predicted.Row(i).ToArray());
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Padding_of_the_parameters_stays_zero_in_training(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        using var tape = new Tape();
        using var adam = new Adam(encoder.Encoder.Layout, new AdamOptions { Beta1 = 0.9 });
        var batch = encoder.Batch([new(0, 3), new(1, 5), new(2, 1)]);
        for (var step = 0; step < 3; step++)
        {
            encoder.Gradients(tape, batch);
            adam.Step(encoder.Parameters);
        }
        var rest = encoder.Parameters.Raw.ToArray();
        foreach (var block in encoder.Encoder.Layout.Blocks)
            for (var r = 0; r < block.Rows; r++)
                for (var c = 0; c < block.Columns; c++)
                    rest[block.Position(r, c)] = 0;
        Assert.All(rest, value => Assert.Equal(0, value));
    }

    private static bool Same(float[] a, float[] b) => a.Select(BitConverter.SingleToInt32Bits).SequenceEqual(b.Select(BitConverter.SingleToInt32Bits));
}
