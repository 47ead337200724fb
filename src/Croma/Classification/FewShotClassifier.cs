using Croma.Checkpoints;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Heads;
using Croma.Method;

namespace Croma.Classification;

/// <summary>What a classifier says of a sample.</summary>
/// <param name="Class">The likeliest of its classes.</param>
/// <param name="Probabilities">One a class; they add up to 1.</param>
/// <param name="Familiarity">
/// The p-value of the sample's being of one of the classes (<see cref="NoveltyTest"/>); null where the support was too small to tell.
/// </param>
public sealed record Prediction(int Class, IReadOnlyList<double> Probabilities, double? Familiarity)
{
    /// <summary>Of the likeliest class.</summary>
    public double Probability => Probabilities[Class];

    /// <summary>Whether the sample is called 'none of these'; never where the support was too small to tell.</summary>
    /// <param name="falseAlarmRate">Of the samples that are of a class, the share that may be turned away.</param>
    public bool IsNoneOfThese(double falseAlarmRate) => Familiarity <= falseAlarmRate;
}

/// <summary>
/// A classifier of concepts that were new when a few labelled samples of each came: the trained target encoder as it stands
/// and a head in closed form, or encoder and phi fine-tuned on the samples (section 4.2). Predicting is safe from many threads.
/// </summary>
public sealed class FewShotClassifier : IDisposable
{
    private readonly Network _network;
    private readonly ParameterVector _encoder;
    private readonly Embedder _embedder;

    internal FewShotClassifier(ModelInfo model, Network network, ParameterVector encoder, ClassifierParts parts)
    {
        (Model, _network, _encoder, Parts) = (model, network, encoder, parts);
        _embedder = new Embedder(network.TargetEncoder, encoder, model.Configuration.Input, keepsMemory: true);
        Novelty = parts.Strangeness.Count > 0 ? new NoveltyTest(parts.Strangeness) : null;
    }

    /// <summary>The model whose encoder it has.</summary>
    public ModelInfo Model { get; }

    /// <summary>What <see cref="TrainedModel.Adapt"/> can be told to use; the first lets cross-validation choose.</summary>
    public static IReadOnlyList<string> Heads => HeadChoice.Names;

    /// <summary>How it was made: a head's name, or "fine-tuning".</summary>
    public string Head => Parts.Head;

    /// <summary>Whether its encoder is no longer the model's.</summary>
    public bool IsFineTuned => Parts.IsFineTuned;

    /// <summary>What cross-validation chose among when it was made, on the same left-out samples; empty where there was no choice, and after loading.</summary>
    public IReadOnlyList<HeadEstimate> Compared { get; private init; } = [];

    /// <summary>Probabilities are softmax(scores / temperature).</summary>
    public double Temperature => Parts.Temperature;

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> Classes => Parts.Classes;

    /// <summary>What samples must look like.</summary>
    public SampleShape Shape => Model.Target!;

    /// <summary>How often it is right, from cross-validation of the support; null where no class has two samples.</summary>
    public AccuracyEstimate? Estimate => Parts.Estimate;

    /// <summary>Tells samples of none of the classes; null where no class has two samples.</summary>
    public NoveltyTest? Novelty { get; }

    internal ClassifierParts Parts { get; }

    /// <summary>Makes a classifier (<see cref="TrainedModel.Adapt"/>).</summary>
    internal static FewShotClassifier Adapt(TrainedModel model, SupportSamples support, string head, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        SupportCheck.Require(support, model.Target.Shape, () => model.Source.Shape);
        if (support.Source != null && head is not (HeadChoice.Auto or FineTuning.Name)) throw new CromaException($"Only '{FineTuning.Name}' reads source samples; the head '{head}' does not.");
        var made = new HeadChoice(model.Best, model.Info, support.Contents, support.Labels, support.Classes, threads, progress, cancellation, support.Source).Make(head);
        return new FewShotClassifier(model.Info, model.Best.Network, made.Encoder, made.Parts) { Compared = made.Compared };
    }

    /// <summary>Classifies samples, in their order.</summary>
    /// <param name="samples">Samples of <see cref="Shape"/>.</param>
    /// <param name="threads">Threads; answers do not depend on it. Default 1.</param>
    /// <param name="cancellation">Stops it.</param>
    public IReadOnlyList<Prediction> Predict(SampleContents samples, int threads = 1, CancellationToken cancellation = default)
    {
        return [.. Embed(samples, threads, cancellation).Select(Classify)];
    }

    /// <summary>The samples' embeddings as the encoder gives them.</summary>
    internal double[][] Embed(SampleContents samples, int threads, CancellationToken cancellation)
    {
        SupportCheck.RequireShape(samples.Shape, Shape);
        return _embedder.Embed(samples, [.. Enumerable.Range(0, samples.Count)], threads, cancellation);
    }

    /// <summary>Gives a model its target encoder, which fine-tuning has moved (a shared one with both its ways in).</summary>
    /// <param name="meta">Of the model that it was made of.</param>
    public void CopyEncoderTo(MetaParameters meta)
    {
        if (!_encoder.Layout.Blocks.Select(Shape).SequenceEqual(meta.TargetEncoder.Layout.Blocks.Select(Shape)))
            throw new CromaException("The classifier was made of another model: its encoder has other parameters.");
        foreach (var (from, to) in _encoder.Layout.Blocks.Zip(meta.TargetEncoder.Layout.Blocks)) meta.TargetEncoder.Write(to, _encoder.Read(from));

        static (string, int, int) Shape(ParameterBlock block) => (block.Name, block.Rows, block.Columns);
    }

    /// <summary>Writes the classifier to one file, whole or not at all.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => ClassifierFile.Write(stream, Model, _network, _encoder, Parts));

    /// <summary>Writes the classifier's file to a stream, such as a blob's or a database's.</summary>
    /// <param name="stream">Written from where it stands.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task SaveAsync(Stream stream, CancellationToken cancellation = default)
    {
        using var file = new MemoryStream();
        ClassifierFile.Write(file, Model, _network, _encoder, Parts);
        await stream.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads a classifier.</summary>
    /// <exception cref="CromaException">The file is no sound classifier, or of a newer format.</exception>
    public static FewShotClassifier Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return ClassifierFile.Read(file);
    }

    /// <summary>Reads a classifier from a stream, to its end.</summary>
    /// <param name="stream">Read from where it stands.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">The stream holds no sound classifier, or one of a newer format.</exception>
    public static async Task<FewShotClassifier> LoadAsync(Stream stream, string name = "classifier", CancellationToken cancellation = default)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, cancellation).ConfigureAwait(false);
        using var file = SafetensorsFile.Of(name, copy.GetBuffer().AsSpan(0, (int)copy.Length));
        return ClassifierFile.Read(file);
    }

    public void Dispose()
    {
        _embedder.Release();
        _encoder.Dispose();
    }

    /// <summary>The answer to an embedding.</summary>
    internal Prediction Classify(double[] embedding)
    {
        var probabilities = new double[Classes.Count];
        TemperatureScaling.Apply([.. Parts.Logits(embedding).Select(s => (float)s)], Parts.Temperature, probabilities);
        return new Prediction(Array.IndexOf(probabilities, probabilities.Max()), probabilities, Novelty?.PValue(ClassifierParts.StrangenessOf(Parts.Place(embedding), Parts.Means)));
    }
}
