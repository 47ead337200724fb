using Croma.Alignment;
using Croma.Configuration;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>The networks of a method, as its row, the configuration and the data set's modalities say.</summary>
public static class Networks
{
    /// <summary>Encoders that fit the modalities (one of both for the `shared` rows), classifier and loss.</summary>
    public static Network Create(string method, TrainingConfiguration configuration, CrossModalDataset dataset)
    {
        var (options, dimension) = (configuration.Training, configuration.Encoders.Dimension);
        var (source, target) = method.StartsWith("shared", StringComparison.Ordinal)
            ? CreateShared(configuration, dataset)
            : (CreateEncoder(configuration, dataset.Source), CreateEncoder(configuration, dataset.Target));
        var loss = new AlignmentLossOptions { Margin = options.Margin, Temperature = options.Temperature, Dimension = dimension };
        return new Network(source, target, new Classifier(dimension, options.Ways), AlignmentLoss.Create(Methods.LossOf(method) ?? options.AlignmentLoss, loss));
    }

    /// <summary>A decoder that reconstructs a modality's samples.</summary>
    /// <exception cref="CromaException">The modality's samples are text.</exception>
    public static Decoder CreateDecoder(TrainingConfiguration configuration, ModalityData modality)
    {
        var (sizes, width) = (configuration.Encoders, Width(configuration, modality));
        return modality.Kind switch
        {
            ModalityKind.Frames => new SequenceDecoder(sizes.Dimension, sizes.Hidden, width),
            ModalityKind.Features => new VectorDecoder(sizes.Dimension, sizes.FeatureHidden, width),
            _ => throw new CromaException($"Reconstruction by mean squared error needs frames or feature vectors in the target modality; '{modality.Name}' holds {modality.Kind}: choose another method."),
        };
    }

    private static Encoder CreateEncoder(TrainingConfiguration configuration, ModalityData modality)
    {
        var (sizes, width) = (configuration.Encoders, Width(configuration, modality));
        return modality.Kind switch
        {
            ModalityKind.Bytes => new TextLstm(sizes.TextEmbedding, sizes.Hidden, sizes.Dimension),
            ModalityKind.Frames => new SpeechLstm(width, sizes.Hidden, sizes.SpeechLayers, sizes.Dimension),
            _ => new Mlp(width, sizes.FeatureHidden, sizes.Dimension),
        };
    }

    private static (Encoder Source, Encoder Target) CreateShared(TrainingConfiguration configuration, CrossModalDataset dataset)
    {
        var sequences = dataset.Source.Kind != ModalityKind.Features || dataset.Target.Kind != ModalityKind.Features;
        return SharedEncoder.Create(Width(configuration, dataset.Source), Width(configuration, dataset.Target), sequences, configuration.Encoders);
    }

    private static int Width(TrainingConfiguration configuration, ModalityData modality) => new SampleReader(modality.Contents, configuration.Input).Width;
}
