using Croma.Alignment;
using Croma.Compute;
using Croma.Encoders;
using Croma.Tests.Contributing;

namespace Croma.GradientChecks.Cases;

/// <summary>Whole networks: an encoder with the classifier on top, and two encoders under an alignment loss.</summary>
internal static class EncoderCases
{
    /// <summary>Layers are checked element by element on their own.</summary>
    private const int Limit = 30;

    private static readonly int[] s_lengths = [3, 5, 1, 4];
    private static readonly EncoderOptions s_sizes = new() { Dimension = 17, Hidden = 16, TextEmbedding = 5, FeatureHidden = [5] };
    private static readonly int[] s_labels = [2, 0, 2, 1];

    private static readonly (string Name, Func<Encoder> Make, int Width)[] s_encoders =
    [
        ("text LSTM", () => new TextLstm(5, 16, 17), 0),
        ("speech LSTM of one layer", () => new SpeechLstm(5, 16, 1, 17), 5),
        ("speech LSTM of two layers", () => new SpeechLstm(7, 32, 2, 17), 7),
        ("MLP", () => new Mlp(70, [17, 5], 17), 70),
        ("convolutional encoder", () => new ConvEncoder(5, 4, 3, 16, 2, 17), 60),
        ("residual pyramid of images", () => new ConvEncoder(new PixelShape(5, 4, 3), 16, 2, 17, pyramid: true, residual: true), 60),
        ("pyramid of clips", () => new ConvEncoder(new PixelShape(4, 4, 2, IsClip: true), 16, 2, 17, pyramid: true, residual: false), 8),
        ("linear projection", () => new Mlp(5, [], 17), 5),
        ("the example of CONTRIBUTING.md", () => new WideAndDeep(9, 18, 17), 9),
        ("text into a shared LSTM", () => SharedEncoder.Create(0, 7, true, s_sizes).Source, 0),
        ("speech into a shared LSTM", () => SharedEncoder.Create(0, 6, true, s_sizes).Target, 6),
        ("features into a shared MLP", () => SharedEncoder.Create(9, 7, false, s_sizes).Source, 9),
        ("features into a shared MLP through a linear layer", () => SharedEncoder.Create(9, 7, false, s_sizes).Target, 7),
    ];

    public static IEnumerable<GradientCase> All => Classified.Concat(Aligned).Concat(Reconstructed).Append(Reused);

    private static IEnumerable<GradientCase> Classified =>
        from encoder in s_encoders
        from ways in (int[])[3, 17]
        select new GradientCase($"{encoder.Name}, {ways}-way classifier", () =>
        {
            var (network, classifier, problem) = (encoder.Make(), new Classifier(17, ways), new Problem(40));
            var (e, phi) = (problem.Add(network.Layout), problem.Add(classifier.Layout));
            var batch = Batch(problem, network, encoder.Width);
            return problem.Of((tape, _) => tape.CrossEntropy(classifier.Classify(tape, phi, network.Encode(tape, e, batch)), s_labels));
        }, Limit);

    private static IEnumerable<GradientCase> Aligned =>
        from name in AlignmentLoss.Names
        where AlignmentLoss.Create(name) is not (DomainLoss or CycleLoss)
        select new GradientCase($"text and speech LSTM under {name}", () =>
        {
            var (text, speech, loss, problem) = (new TextLstm(5, 16, 5), new SpeechLstm(3, 16, 2, 5), AlignmentLoss.Create(name, new AlignmentLossOptions { Dimension = 5 }), new Problem(41));
            var (es, et, own) = (problem.Add(text.Layout), problem.Add(speech.Layout), problem.Add(loss.Layout));
            var (texts, frames) = (Batch(problem, text, 0), Batch(problem, speech, 3));
            return problem.Of((tape, _) => loss.Forward(tape, own, text.Encode(tape, es, texts), speech.Encode(tape, et, frames), [0, 1, 0, 2]));
        }, Limit);

    private static IEnumerable<GradientCase> Reconstructed =>
        from decoder in ((string Name, Encoder Encoder, Decoder Decoder, int Width)[])
            [("speech LSTM", new SpeechLstm(5, 16, 1, 17), new SequenceDecoder(17, 16, 5), 5), ("MLP", new Mlp(70, [17, 5], 17), new VectorDecoder(17, [17, 5], 70), 70),
             ("convolutional encoder of clips", new ConvEncoder(new PixelShape(7, 5, 1, IsClip: true), 16, 2, 17, pyramid: true, residual: false), new ConvDecoder(17, new PixelShape(7, 5, 1, IsClip: true), 16, 2), 5),
             ("convolutional encoder of images", new ConvEncoder(new PixelShape(6, 4, 3), 16, 2, 17, pyramid: true, residual: true), new ConvDecoder(17, new PixelShape(6, 4, 3), 16, 2), 72)]
        select new GradientCase($"{decoder.Name} and its decoder", () =>
        {
            var problem = new Problem(43);
            var (e, d) = (problem.Add(decoder.Encoder.Layout), problem.Add(decoder.Decoder.Layout));
            var batch = Batch(problem, decoder.Encoder, decoder.Width);
            return problem.Of((tape, _) => decoder.Decoder.Loss(tape, d, decoder.Encoder.Encode(tape, e, batch), batch, new CounterRandom(3, 1)));
        }, Limit);

    /// <summary>One encoder and one classifier on two batches of one tape.</summary>
    private static GradientCase Reused => new("an encoder and a classifier used twice", () =>
    {
        var (network, classifier, problem) = (new SpeechLstm(5, 16, 1, 5), new Classifier(5, 3), new Problem(42));
        var (e, phi) = (problem.Add(network.Layout), problem.Add(classifier.Layout));
        var (first, second) = (Batch(problem, network, 5), Batch(problem, network, 5));
        return problem.Of((tape, _) => tape.Add(
            tape.CrossEntropy(classifier.Classify(tape, phi, network.Encode(tape, e, first)), s_labels),
            tape.CrossEntropy(classifier.Classify(tape, phi, network.Encode(tape, e, second)), [0, 1, 2, 0])));
    }, Limit);

    private static InputBatch Batch(Problem problem, Encoder encoder, int width)
    {
        var batch = new InputBatch();
        var sequences = encoder is not (Mlp or WideAndDeep or ConvEncoder { TakesClips: false }) && (encoder is not SharedEncoder || encoder.Layout.Blocks.Any(b => b.Name.StartsWith("lstm", StringComparison.Ordinal)));
        batch.Resize(s_lengths.Length, sequences ? s_lengths.Max() : 1, width);
        if (sequences) s_lengths.CopyTo(batch.Lengths);
        if (width == 0) problem.Tokens(batch.Tokens.Length, TextLstm.Tokens).CopyTo(batch.Tokens);
        else problem.Normal(batch.Values.Length).CopyTo(batch.Values);
        return batch;
    }
}
