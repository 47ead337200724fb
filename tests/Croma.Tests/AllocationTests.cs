using Croma.Alignment;
using Croma.Compute;
using Croma.Encoders;

namespace Croma.Tests;

/// <summary>A training step after the first allocates no managed memory.</summary>
public sealed class AllocationTests
{
    private static readonly Sample[] s_samples = [new(0, 4), new(1, 6), new(2, 1), new(3, 5), new(4, 6)];
    private static readonly int[] s_labels = [0, 2, 1, 1, 0];
    private static readonly int[] s_groups = [3, 1, 3, 0, 7];

    public static TheoryData<string> Kinds => EncoderSamples.Kinds;

    public static TheoryData<string> Losses => [.. AlignmentLoss.Names];

    [Theory, MemberData(nameof(Kinds))]
    public void Classification_step_allocates_nothing(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        var classifier = new Classifier(encoder.Encoder.Dimension, 3);
        using var phi = new ParameterVector(classifier.Layout, trainable: true);
        phi.Initialize(new CounterRandom(1, 1));
        using var tape = new Tape();
        using var encoderAdam = new Adam(encoder.Encoder.Layout, new AdamOptions());
        using var classifierAdam = new Adam(classifier.Layout, new AdamOptions { Beta1 = 0.9 });
        var batch = encoder.Batch(s_samples);

        RequireNoAllocation(() =>
        {
            tape.Clear();
            encoder.Parameters.ClearGradients();
            phi.ClearGradients();
            tape.Backward(tape.CrossEntropy(classifier.Classify(tape, phi, encoder.Encoder.Encode(tape, encoder.Parameters, batch)), s_labels));
            encoderAdam.Step(encoder.Parameters);
            classifierAdam.Step(phi);
        });
    }

    [Theory, MemberData(nameof(Losses))]
    public void Alignment_step_allocates_nothing(string name)
    {
        var (text, speech, loss) = (new TextLstm(5, 16, 17), new SpeechLstm(7, 16, 2, 17), AlignmentLoss.Create(name, new AlignmentLossOptions { Dimension = 17 }));
        using var textSamples = new EncoderSamples("text");
        using var speechSamples = new EncoderSamples("speech");
        using var es = new ParameterVector(text.Layout, trainable: true);
        using var et = new ParameterVector(speech.Layout, trainable: true);
        using var own = new ParameterVector(loss.Layout, trainable: true);
        es.Initialize(new CounterRandom(1, 2));
        et.Initialize(new CounterRandom(1, 3));
        own.Initialize(new CounterRandom(1, 4));
        using var tape = new Tape();
        using var sourceAdam = new Adam(text.Layout, new AdamOptions());
        using var targetAdam = new Adam(speech.Layout, new AdamOptions());
        var (texts, frames) = (textSamples.Batch(s_samples), speechSamples.Batch(s_samples));

        RequireNoAllocation(() =>
        {
            tape.Clear();
            es.ClearGradients();
            et.ClearGradients();
            own.ClearGradients();
            tape.Backward(loss.Forward(tape, own, text.Encode(tape, es, texts), speech.Encode(tape, et, frames), s_groups));
            sourceAdam.Step(es);
            targetAdam.Step(et);
        });
    }

    [Theory, InlineData("speech"), InlineData("mlp")]
    public void Reconstruction_step_allocates_nothing(string kind)
    {
        using var encoder = new EncoderSamples(kind);
        var batch = encoder.Batch(s_samples);
        Decoder decoder = kind == "mlp" ? new VectorDecoder(17, [33, 5], 70) : new SequenceDecoder(5, 16, 7);
        using var parameters = new ParameterVector(decoder.Layout, trainable: true);
        parameters.Initialize(new CounterRandom(1, 5));
        using var tape = new Tape();
        using var encoderAdam = new Adam(encoder.Encoder.Layout, new AdamOptions());
        using var decoderAdam = new Adam(decoder.Layout, new AdamOptions());
        var random = new CounterRandom(1, 6);

        RequireNoAllocation(() =>
        {
            tape.Clear();
            encoder.Parameters.ClearGradients();
            parameters.ClearGradients();
            tape.Backward(decoder.Loss(tape, parameters, encoder.Encoder.Encode(tape, encoder.Parameters, batch), batch, random));
            encoderAdam.Step(encoder.Parameters);
            decoderAdam.Step(parameters);
        });
    }

    private static void RequireNoAllocation(Action step)
    {
        for (var i = 0; i < 3; i++) step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++) step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
