using Croma.Alignment;
using Croma.Checkpoints;
using Croma.Classification;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Onnx;
using Croma.Onnx.Export;

namespace Croma.Tests.Onnx;

/// <summary>Exported models give the answers of those they were made of.</summary>
public sealed class ModelExportTests : IDisposable
{
    private const int Ways = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("text", ExportedInput.Text)]
    [InlineData("speech", ExportedInput.Sequences)]
    [InlineData("residual-image", ExportedInput.Images)]
    [InlineData("clip", ExportedInput.Clips)]
    [InlineData("mlp", ExportedInput.Features)]
    public void Each_kind_of_encoder_answers_alike(string kind, ExportedInput input)
    {
        using var samples = new EncoderSamples(kind);
        using var meta = new MetaParameters(new Network(new Mlp(4, [3], samples.Encoder.Dimension), samples.Encoder, new Classifier(samples.Encoder.Dimension, Ways), Loss(samples.Encoder)), 7);
        Check(meta, samples, source: false, input);
    }

    [Theory]
    [InlineData("shared-text", true, ExportedInput.Text)]
    [InlineData("shared-speech", false, ExportedInput.Sequences)]
    public void Each_way_into_a_shared_encoder_answers_alike(string kind, bool source, ExportedInput input)
    {
        using var samples = new EncoderSamples(kind);
        var (first, second) = SharedEncoder.Create(0, 7, true, new EncoderOptions { Dimension = 5, Hidden = 16, TextEmbedding = 5 });
        using var meta = new MetaParameters(new Network(first, second, new Classifier(5, Ways), Loss(first)), 7);
        Check(meta, samples, source, input);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_shared_encoder_of_features_answers_alike(bool source)
    {
        var (first, second) = SharedEncoder.Create(6, 9, false, new EncoderOptions { Dimension = 5, FeatureHidden = [8] });
        using var meta = new MetaParameters(new Network(first, second, new Classifier(5, Ways), Loss(first)), 7);
        var batch = new InputBatch();
        batch.Resize(4, 1, source ? 6 : 9);
        foreach (ref var value in batch.Values) value = (float)new CounterRandom(3, (ulong)batch.Width).NextNormal();
        Check(meta, source, batch, ExportedInput.Features);
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        using var meta = new MetaParameters(new Network(new Mlp(4, [3], 6), new TextLstm(4, 16, 6), new Classifier(6, Ways), Loss(new Mlp(4, [3], 6))), 7);
        Save(meta);
        ModelExport.Write(_folder["model"], false, _folder["a.onnx"]);
        ModelExport.Write(_folder["model"], false, _folder["b.onnx"]);
        Assert.Equal(File.ReadAllBytes(_folder["a.onnx"]), File.ReadAllBytes(_folder["b.onnx"]));
        OnnxModelFile.Read(_folder["a.onnx"]);
        Assert.Equal(ExportedInput.Features, ModelExport.Write(_folder["model"], true, _folder["c.onnx"]));
    }

    [Theory, InlineData("ridge"), InlineData("fine-tuning")]
    public void A_classifier_of_new_concepts_gives_the_same_probabilities(string head)
    {
        const int Width = 6, Samples = 12;
        var runtime = OnnxLibrary.Require();
        using var meta = new MetaParameters(new Network(new Mlp(4, [16], 16), new Mlp(Width, [16], 16), new Classifier(16, Ways), Loss(new Mlp(4, [16], 16))), 7);
        Save(meta);
        var info = ModelFolder.ReadInfo(_folder["model"]);
        ModelFolder.Save(_folder["model"], meta, info with { Source = Shape(4), Target = Shape(Width) });
        var random = new CounterRandom(3, 1);
        int[] labels = [.. Enumerable.Range(0, Samples).Select(i => i % 3)];
        var support = new MemorySamples(Shape(Width), [.. labels.Select(label => Enumerable.Range(0, Width).Select(d => (Half)((d == label ? 2 : 0) + random.NextNormal())).ToArray())]);
        using (var trained = TrainedModel.Load(_folder["model"]))
        using (var made = trained.Adapt(new SupportSamples(support, labels, ["a", "b", "c"]), head, cancellation: TestContext.Current.CancellationToken)) made.Save(_folder["k"]);
        using var classifier = FewShotClassifier.Load(_folder["k"]);
        Assert.Equal(ExportedInput.Features, ClassifierExport.Write(_folder["k"], _folder["k.onnx"]));
        using var model = new OnnxModel(runtime, _folder["k.onnx"]);
        float[] features = [.. Enumerable.Range(0, Samples).SelectMany(i => support.Values(i).ToArray().Select(v => (float)v))];
        var (values, shape) = model.Run([new OnnxInput("features", features, [Samples, Width])], "probabilities");
        Assert.Equal([Samples, 3], shape);
        foreach (var (i, prediction) in classifier.Predict(support, cancellation: TestContext.Current.CancellationToken).Index())
            for (var c = 0; c < 3; c++) Assert.Equal(prediction.Probabilities[c], values[3 * i + c], 1e-4);

        static SampleShape Shape(int width) => new("features", ModalityKind.Features, width, 0, null, 0, 0);
    }

    private void Check(MetaParameters meta, EncoderSamples samples, bool source, ExportedInput input)
    {
        var clip = input == ExportedInput.Clips;
        Sample[] given = [.. Enumerable.Range(0, 6).Select(i => new Sample(i, clip ? 5 : 1 + i))];
        Check(meta, source, samples.Batch(given, extraSteps: clip ? 0 : 2), input);
    }

    private void Check(MetaParameters meta, bool source, InputBatch batch, ExportedInput input)
    {
        var runtime = OnnxLibrary.Require();
        Save(meta);
        Assert.Equal(input, ModelExport.Write(_folder["model"], source, _folder["model.onnx"]));
        using var tape = new Tape();
        var (encoder, parameters) = source ? (meta.Network.SourceEncoder, meta.SourceEncoder) : (meta.Network.TargetEncoder, meta.TargetEncoder);
        var embedding = encoder.Encode(tape, parameters, batch);
        var logits = meta.Network.Classifier.Classify(tape, meta.Classifier, embedding);
        using var model = new OnnxModel(runtime, _folder["model.onnx"]);
        RequireClose(embedding, model.Run(Inputs(batch, input), "embedding"));
        RequireClose(logits, model.Run(Inputs(batch, input), "logits"));
    }

    private static void RequireClose(Tensor expected, (float[] Values, long[] Shape) actual)
    {
        Assert.Equal([expected.Rows, expected.Columns], actual.Shape);
        for (var row = 0; row < expected.Rows; row++)
            for (var c = 0; c < expected.Columns; c++) Assert.Equal(expected.Row(row)[c], actual.Values[row * expected.Columns + c], 1e-4f);
    }

    private static OnnxInput[] Inputs(InputBatch batch, ExportedInput input)
    {
        var (count, steps, width) = (batch.Count, batch.Steps, batch.Width);
        var lengths = new OnnxInput("lengths", Array.ConvertAll(batch.Lengths.ToArray(), l => (long)l), [count]);
        long[] order = [.. Enumerable.Range(0, count).SelectMany(b => Enumerable.Range(0, steps).Select(t => (long)t * count + b))];
        float[] frames = [.. order.SelectMany(row => batch.Values.Length == 0 ? [] : batch.Values.Slice((int)row * width, width).ToArray())];
        switch (input)
        {
            case ExportedInput.Text:
                var tokens = batch.Tokens.ToArray();
                return [lengths, new OnnxInput("tokens", Array.ConvertAll(order, row => (long)tokens[row]), [count, steps])];
            case ExportedInput.Sequences: return [new OnnxInput("frames", frames, [count, steps, width]), lengths];
            case ExportedInput.Clips: return [new OnnxInput("frames", frames, [count, steps, width])];
            case ExportedInput.Images:
                // EncoderSamples has images of 6 x 5 pixels
                float[] planes = [.. Enumerable.Range(0, count).SelectMany(b => Enumerable.Range(0, 90).Select(i => frames[b * 90 + i % 30 * 3 + i / 30]))];
                return [new OnnxInput("pixels", planes, [count, 3, 6, 5])];
            default: return [new OnnxInput("features", frames, [count, width])];
        }
    }

    private void Save(MetaParameters meta) => ModelFolder.Save(_folder["model"], meta, new ModelInfo
    {
        Method = "croma", Seed = 7, Dataset = "test", DatasetSha256 = new string('0', 64), Iteration = 0, TargetSamples = 0, TargetLabels = 0,
        Configuration = TinyConfiguration.Value with
        {
            Encoders = TinyConfiguration.Value.Encoders with { Dimension = meta.Network.TargetEncoder.Dimension },
            Training = TinyConfiguration.Value.Training with { Ways = Ways },
        },
    });

    private static AlignmentLoss Loss(Encoder encoder) => AlignmentLoss.Create("info-nce", new AlignmentLossOptions { Dimension = encoder.Dimension });
}
