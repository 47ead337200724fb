using Croma.Checkpoints;
using Croma.Compute;
using Croma.Data;
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
    private readonly Network _network;
    private readonly ParameterVector _encoder;
    private readonly Embedder _embedder;

    internal FewShotClassifier(ModelInfo model, Network network, ParameterVector encoder, ClassifierParts parts)
    {
        (Model, _network, _encoder, Parts) = (model, network, encoder, parts);
        _embedder = new Embedder(network.TargetEncoder, encoder, model.Configuration.Input);
        Novelty = parts.Strangeness.Count > 0 ? new NoveltyTest(parts.Strangeness) : null;
    }

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

    /// <summary>Makes a classifier.</summary>
    /// <param name="modelFolder">A trained model.</param>
    /// <param name="support">Labelled samples of the target modality, from 1 a class.</param>
    /// <param name="labels">The class of each, 0 ... classes - 1.</param>
    /// <param name="classes">Their names, two or more.</param>
    /// <param name="head">Default ridge regression.</param>
    /// <param name="threads">Threads; the classifier does not depend on it. Default 1.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">There is no model, or the support is not what it must be.</exception>
    public static FewShotClassifier Adapt(string modelFolder, SampleContents support, IReadOnlyList<int> labels, IReadOnlyList<string> classes,
        LinearHead? head = null, int threads = 1, CancellationToken cancellation = default)
    {
        var (meta, info) = ModelFolder.Load(modelFolder);
        using var owned = meta;
        SupportCheck.Require(support, labels, classes, info.Target!);
        var rows = new Embedder(meta.Network.TargetEncoder, meta.TargetEncoder, info.Configuration.Input).Embed(support, [.. Enumerable.Range(0, support.Count)], threads, cancellation);
        var parts = ClassifierParts.Fit(rows, labels, classes, head ?? new RidgeHead(), cancellation);
        return new FewShotClassifier(info, meta.Network, meta.TargetEncoder.Clone(), parts);
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
    public void Save(string path) => ClassifierFile.Write(path, Model, _network, _encoder, Parts);

    /// <summary>Reads a classifier.</summary>
    /// <exception cref="CromaException">The file is no sound classifier, or of a newer format.</exception>
    public static FewShotClassifier Load(string path) => ClassifierFile.Read(path);

    public void Dispose() => _encoder.Dispose();

    /// <summary>The answer to an embedding.</summary>
    internal Prediction Classify(double[] x)
    {
        var probabilities = new double[Classes.Count];
        TemperatureScaling.Apply([.. Parts.Scores.Of(x).Select(s => (float)s)], Parts.Temperature, probabilities);
        return new Prediction(Array.IndexOf(probabilities, probabilities.Max()), probabilities, Novelty?.PValue(ClassifierParts.StrangenessOf(x, Parts.Means)));
    }
}
