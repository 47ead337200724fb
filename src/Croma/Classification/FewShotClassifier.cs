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
/// A classifier of concepts that were new when a few labelled samples of each came: the trained target encoder as it stands,
/// and a head in closed form. Predicting is safe from many threads.
/// </summary>
public sealed class FewShotClassifier : IDisposable
{
    private static readonly IReadOnlyList<LinearHead> s_heads = [.. Head.All.OfType<LinearHead>().Where(h => !h.ReadsSource)];

    private readonly Network _network;
    private readonly ParameterVector _encoder;
    private readonly Embedder _embedder;

    internal FewShotClassifier(ModelInfo model, Network network, ParameterVector encoder, ClassifierParts parts)
    {
        (Model, _network, _encoder, Parts) = (model, network, encoder, parts);
        _embedder = new Embedder(network.TargetEncoder, encoder, model.Configuration.Input);
        Novelty = parts.Strangeness.Count > 0 ? new NoveltyTest(parts.Strangeness) : null;
    }

    /// <summary>Names of the heads that <see cref="TrainedModel.Adapt"/> can fit.</summary>
    public static IReadOnlyList<string> Heads { get; } = [.. s_heads.Select(h => h.Name)];

    /// <summary>The model whose encoder it has.</summary>
    public ModelInfo Model { get; }

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
    internal static FewShotClassifier Adapt(TrainedModel model, SupportSamples support, string name, int threads, CancellationToken cancellation)
    {
        var head = s_heads.FirstOrDefault(h => h.Name == name) ?? throw new CromaException($"There is no head '{name}'{Closest.Hint(name, Heads)}");
        var encoder = model.Target;
        SupportCheck.Require(support, encoder.Shape);
        var parts = ClassifierParts.Fit(encoder.Rows(support.Contents, threads, cancellation), support.Labels, support.Classes, head, cancellation);
        return new FewShotClassifier(model.Info, model.Best.Network, model.Best.TargetEncoder.Clone(), parts);
    }

    /// <summary>Classifies samples, in their order.</summary>
    /// <param name="samples">Samples of <see cref="Shape"/>.</param>
    /// <param name="threads">Threads; answers do not depend on it. Default 1.</param>
    /// <param name="cancellation">Stops it.</param>
    public IReadOnlyList<Prediction> Predict(SampleContents samples, int threads = 1, CancellationToken cancellation = default)
    {
        return [.. Embed(samples, threads, cancellation).Select(Classify)];
    }

    /// <summary>The samples' embeddings, centred and of length 1.</summary>
    internal IEnumerable<double[]> Embed(SampleContents samples, int threads, CancellationToken cancellation)
    {
        SupportCheck.RequireShape(samples.Shape, Shape);
        return _embedder.Embed(samples, [.. Enumerable.Range(0, samples.Count)], threads, cancellation).Select(row => Centred.Normalise(row, Parts.Centre));
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

    public void Dispose() => _encoder.Dispose();

    /// <summary>The answer to an embedding.</summary>
    internal Prediction Classify(double[] x)
    {
        var probabilities = new double[Classes.Count];
        TemperatureScaling.Apply([.. Parts.Scores.Of(x).Select(s => (float)s)], Parts.Temperature, probabilities);
        return new Prediction(Array.IndexOf(probabilities, probabilities.Max()), probabilities, Novelty?.PValue(ClassifierParts.StrangenessOf(x, Parts.Means)));
    }
}
