using Croma.Alignment;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>All methods by the names of their rows. What a method may read is decided here and enforced by its data's type.</summary>
public static class Methods
{
    public static IReadOnlyList<string> Names { get; } = ["croma", "unimodal-pretraining", "align-meta-classify", "oracle", "unsupervised-meta-reconstruct", "unsupervised-meta-weak-labels"];

    /// <summary>A method ready to train on a data set's meta-train concepts.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="configuration">Sizes and hyperparameters.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="seed">Draws initial values and tasks.</param>
    /// <param name="duet">The threads of one training.</param>
    /// <exception cref="CromaException">There is no such method.</exception>
    public static FewShotMethod Create(string name, TrainingConfiguration configuration, CrossModalDataset dataset, ulong seed, Duet duet)
    {
        var (options, input) = (configuration.Training, configuration.Input);
        var meta = new MetaParameters(CreateNetwork(configuration, dataset), seed);
        return name switch
        {
            "croma" => new MetaTraining(meta, options, new MetaTrainingData(dataset), input, duet, seed),
            "unimodal-pretraining" => new UnimodalPretraining(meta, options, seed),
            "align-meta-classify" => new AlignMetaClassify(meta, options, new MetaTrainingData(dataset), input, duet, seed),
            "unsupervised-meta-reconstruct" => new UnsupervisedReconstruction(meta, options, new UnlabelledTrainingData(dataset), CreateDecoder(configuration, dataset.Target), input, seed),
            "unsupervised-meta-weak-labels" => new UnsupervisedWeakLabels(meta, options, new WeaklyLabelledTrainingData(dataset), input, seed),
            "oracle" => new Oracle(meta, options, new TargetLabelledTrainingData(dataset), input, seed),
            _ => throw new CromaException($"There is no method '{name}'{Closest.Hint(name, Names)}"),
        };
    }

    /// <summary>Encoders that fit the data set's modalities, classifier and loss.</summary>
    public static Network CreateNetwork(TrainingConfiguration configuration, CrossModalDataset dataset)
    {
        var options = configuration.Training;
        return new Network(
            CreateEncoder(configuration, dataset.Source),
            CreateEncoder(configuration, dataset.Target),
            new Classifier(configuration.Encoders.Dimension, options.Ways),
            AlignmentLoss.Create(options.AlignmentLoss, new AlignmentLossOptions { Margin = options.Margin, Temperature = options.Temperature }));
    }

    private static Encoder CreateEncoder(TrainingConfiguration configuration, ModalityData modality)
    {
        var (sizes, width) = (configuration.Encoders, new SampleReader(modality, configuration.Input).Width);
        return modality.Kind switch
        {
            ModalityKind.Bytes => new TextLstm(sizes.TextEmbedding, sizes.Hidden, sizes.Dimension),
            ModalityKind.Frames => new SpeechLstm(width, sizes.Hidden, sizes.SpeechLayers, sizes.Dimension),
            _ => new Mlp(width, sizes.FeatureHidden, sizes.Dimension),
        };
    }

    private static Decoder CreateDecoder(TrainingConfiguration configuration, ModalityData modality)
    {
        var (sizes, width) = (configuration.Encoders, new SampleReader(modality, configuration.Input).Width);
        return modality.Kind switch
        {
            ModalityKind.Frames => new SequenceDecoder(sizes.Dimension, sizes.Hidden, width),
            ModalityKind.Features => new VectorDecoder(sizes.Dimension, sizes.FeatureHidden, width),
            _ => throw new CromaException($"Reconstruction by mean squared error needs frames or feature vectors in the target modality; '{modality.Name}' holds {modality.Kind}: choose another method."),
        };
    }
}
