using Croma.Compute;
using Croma.Encoders;

namespace Croma.Tests;

/// <summary>What a step of the paper's speech encoder may hold: two LSTM layers of 256 over 300 frames.</summary>
public sealed class MemoryTests
{
    private const int Steps = 300, Width = 40, Hidden = 256;

    // one number a unit, sample and time step
    private const long Layer = 4L * Steps * Hidden;

    [Theory, InlineData(2), InlineData(4)]
    public void Training_step_holds_eight_numbers_a_unit_and_time_step(int samples)
    {
        // of each layer: outputs and their gradients, four gates (whose gradients take their place), cells and their tanh
        var held = BytesHeld(samples, trained: true);
        Assert.InRange(held, 2 * 8 * Layer * samples, 2 * 8 * Layer * samples + (4L << 20));
    }

    [Theory, InlineData(2), InlineData(8)]
    public void Prediction_holds_one_number_a_unit_and_time_step(int samples) =>
        Assert.InRange(BytesHeld(samples, trained: false), 2 * Layer * samples, 2 * Layer * samples + (6L << 20));

    private static long BytesHeld(int samples, bool trained)
    {
        var encoder = new SpeechLstm(Width, Hidden, 2, Hidden);
        using var parameters = new ParameterVector(encoder.Layout, trainable: true);
        parameters.Initialize(new CounterRandom(1, 1));
        using var tape = new Tape();
        var batch = new InputBatch();
        batch.Resize(samples, Steps, Width);
        long held = 0;
        // the first recording finds out how much is needed
        for (var i = 0; i < 2; i++)
        {
            tape.Clear();
            var embeddings = encoder.Encode(tape, trained ? parameters : parameters.Frozen, batch);
            if (trained) tape.Backward(tape.CrossEntropy(embeddings, new int[samples]));
            held = tape.BytesInUse;
        }
        return held;
    }
}
