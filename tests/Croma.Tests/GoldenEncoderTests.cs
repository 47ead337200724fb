using Croma.Compute;
using Croma.Encoders;

namespace Croma.Tests;

public sealed class GoldenEncoderTests
{
    private static readonly int[] s_lengths = [3, 6, 1, 5, 6];
    private static readonly int[] s_labels = [2, 0, 1, 2, 1];

    [Fact]
    public void Text_lstm_over_unequal_lengths_agrees_with_PyTorch() => Compare("text-lstm", new TextLstm(5, 16, 17), steps: 6, width: 0);

    [Fact]
    public void Speech_lstm_of_two_layers_agrees_with_PyTorch() => Compare("speech-lstm", new SpeechLstm(7, 16, 2, 17), steps: 6, width: 7);

    [Fact]
    public void Speech_lstm_of_one_layer_agrees_with_PyTorch() => Compare("speech-lstm-32", new SpeechLstm(5, 32, 1, 17), steps: 6, width: 5);

    [Fact]
    public void Mlp_agrees_with_PyTorch() => Compare("mlp", new Mlp(70, [33, 5], 17), steps: 1, width: 70);

    [Fact]
    public void Convolutional_encoder_agrees_with_PyTorch() => Compare("conv-encoder", new ConvEncoder(6, 5, 3, 32, 2, 17), steps: 1, width: 90);

    private static void Compare(string name, Encoder encoder, int steps, int width)
    {
        var golden = new GoldenCase("encoders", name);
        var classifier = new Classifier(encoder.Dimension, 3);
        using var tape = new Tape();
        using var e = GoldenNumbers.Parameters(name, encoder.Layout);
        using var phi = GoldenNumbers.Parameters(name, classifier.Layout);

        var embeddings = encoder.Encode(tape, e, GoldenNumbers.Batch(name, s_lengths, steps, width));
        var logits = classifier.Classify(tape, phi, embeddings);
        var loss = tape.CrossEntropy(logits, s_labels);
        tape.Backward(loss);

        golden.Compare("embeddings", embeddings);
        golden.Compare("logits", logits);
        golden.Compare("loss", loss);
        golden.CompareGradients(e);
        golden.CompareGradients(phi);
        golden.RequireAllCompared();
    }
}
