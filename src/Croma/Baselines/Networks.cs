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
    public static Network Create(string method, TrainingConfiguration configuration, CrossModalDataset dataset) =>
        Create(method, configuration, dataset.Source.Contents.Shape, dataset.Target.Contents.Shape);

    /// <summary>The same for modalities whose samples are not at hand.</summary>
    public static Network Create(string method, TrainingConfiguration configuration, SampleShape sourceShape, SampleShape targetShape)
    {
        var (options, dimension) = (configuration.Training, configuration.Encoders.Dimension);
        if (Methods.IsClosedForm(method)) configuration = Linear(configuration);
        var (source, target) = method.StartsWith("shared", StringComparison.Ordinal)
            ? CreateShared(configuration, sourceShape, targetShape)
            : (CreateEncoder(configuration, sourceShape), CreateEncoder(configuration, targetShape));
        var loss = new AlignmentLossOptions { Margin = options.Margin, Temperature = options.Temperature, Dimension = dimension };
        return new Network(source, target, new Classifier(dimension, options.Ways), AlignmentLoss.Create(Methods.LossOf(method) ?? options.AlignmentLoss, loss));
    }

    /// <summary>A decoder that reconstructs a modality's samples.</summary>
    /// <exception cref="CromaException">The modality's samples are text.</exception>
    public static Decoder CreateDecoder(TrainingConfiguration configuration, ModalityData samples)
    {
        var modality = samples.Contents.Shape;
        var (sizes, width) = (configuration.Encoders, Width(configuration, modality));
        return modality.Kind switch
        {
            ModalityKind.Images => new ConvDecoder(sizes.Dimension, Shape(configuration, modality), Conv(sizes).ImageFilters, Conv(sizes).ImageBlocks),
            ModalityKind.Frames when AreClips(configuration, modality) => new ConvDecoder(sizes.Dimension, Shape(configuration, modality), Conv(sizes).ClipFilters, Conv(sizes).ClipBlocks),
            ModalityKind.Frames => new SequenceDecoder(sizes.Dimension, sizes.Hidden, width),
            ModalityKind.Features => new VectorDecoder(sizes.Dimension, sizes.FeatureHidden, width),
            _ => throw new CromaException($"Reconstruction by mean squared error needs frames, feature vectors or images in the target modality; '{modality.Name}' holds {modality.Kind}: choose another method."),
        };
    }

    /// <summary>A modality's encoder in a closed-form method, with a shared space of another dimension.</summary>
    internal static Encoder CreateLinear(TrainingConfiguration configuration, SampleShape modality, int dimension) =>
        CreateEncoder(Linear(configuration) with { Encoders = Linear(configuration).Encoders with { Dimension = dimension } }, modality);

    /// <summary>Features go to the shared space at once: a hidden layer that nothing has trained would only lose what they say.</summary>
    private static TrainingConfiguration Linear(TrainingConfiguration configuration) => configuration with { Encoders = configuration.Encoders with { FeatureHidden = [] } };

    private static Encoder CreateEncoder(TrainingConfiguration configuration, SampleShape modality)
    {
        var (sizes, width) = (configuration.Encoders, Width(configuration, modality));
        return modality.Kind switch
        {
            ModalityKind.Bytes => new TextLstm(sizes.TextEmbedding, sizes.Hidden, sizes.Dimension),
            ModalityKind.Images => new ConvEncoder(Shape(configuration, modality), Conv(sizes).ImageFilters, Conv(sizes).ImageBlocks, sizes.Dimension, pyramid: true, residual: true, Conv(sizes).Dropout),
            ModalityKind.Frames when AreClips(configuration, modality) =>
                new ConvEncoder(Shape(configuration, modality), Conv(sizes).ClipFilters, Conv(sizes).ClipBlocks, sizes.Dimension, pyramid: true, residual: false, Conv(sizes).Dropout),
            ModalityKind.Frames => new SpeechLstm(width, sizes.Hidden, sizes.SpeechLayers, sizes.Dimension),
            _ => new Mlp(width, sizes.FeatureHidden, sizes.Dimension),
        };
    }

    private static (Encoder Source, Encoder Target) CreateShared(TrainingConfiguration configuration, SampleShape source, SampleShape target)
    {
        foreach (var modality in new[] { source, target })
            if (modality.Kind == ModalityKind.Images || AreClips(configuration, modality))
                throw new CromaException($"The `shared` rows have text, speech or feature vectors; '{modality.Name}' has a convolutional encoder, and the paper has no such row for it: choose another method.");
        var sequences = source.Kind != ModalityKind.Features || target.Kind != ModalityKind.Features;
        return SharedEncoder.Create(Width(configuration, source), Width(configuration, target), sequences, configuration.Encoders);
    }

    /// <summary>Whether a modality's frames have a convolutional encoder.</summary>
    private static bool AreClips(TrainingConfiguration configuration, SampleShape modality) => modality.Kind == ModalityKind.Frames && Conv(configuration.Encoders).Frames switch
    {
        FrameEncoder.ByLength => modality.FramesOfEach != null && Takes(ClipShape(configuration, modality), Conv(configuration.Encoders).ClipBlocks),
        FrameEncoder.Convolution => true,
        _ => false,
    };

    /// <summary>Whether there is something left after blocks that each halve it: windows of a few channels are too small.</summary>
    private static bool Takes(PixelShape shape, int blocks) => shape.Height >> blocks > 0 && shape.Width >> blocks > 0;

    private static PixelShape ClipShape(TrainingConfiguration configuration, SampleShape modality) =>
        new(Math.Min(configuration.Input.MaxSteps, (modality.FramesOfEach ?? int.MaxValue) / configuration.Input.FrameStacking), modality.Width, configuration.Input.FrameStacking, IsClip: true);

    private static PixelShape Shape(TrainingConfiguration configuration, SampleShape modality)
    {
        var sizes = Conv(configuration.Encoders);
        var isImage = modality.Kind == ModalityKind.Images;
        var shape = isImage
            ? new PixelShape(modality.ImageHeight, modality.ImageWidth, ModalityDescription.Colours)
            : ClipShape(configuration, modality);
        var (filters, blocks, names) = isImage ? (sizes.ImageFilters, sizes.ImageBlocks, "imageFilters, imageBlocks") : (sizes.ClipFilters, sizes.ClipBlocks, "clipFilters, clipBlocks");
        if (filters < 16 || filters % 16 != 0 || blocks is < 1 or > 8 || filters << (blocks - 1) > 4096 || !Takes(shape, blocks))
            throw new CromaException($"'{modality.Name}' is seen as {shape.Height} x {shape.Width} pixels, which {blocks} blocks from {filters} filters cannot take: each block halves them and doubles the filters, a multiple of 16, up to 4096; change encoders.convolution ({names}) or input (maxSteps, frameStacking).");
        if (sizes.Dropout is not (>= 0 and < 1)) throw new CromaException($"encoders.convolution.dropout is a share from 0 to below 1, not {sizes.Dropout}.");
        return shape;
    }

    private static ConvOptions Conv(EncoderOptions sizes) => sizes.Convolution ?? new ConvOptions();

    private static int Width(TrainingConfiguration configuration, SampleShape modality) => SampleReader.WidthOf(modality, configuration.Input);
}
