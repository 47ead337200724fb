using Croma.Datasets.Media;
using Croma.Onnx.Preprocessing;

namespace Croma.Onnx.Features;

/// <summary>What became of an input: its features, or why it has none.</summary>
/// <param name="Features">A vector; null where it has none.</param>
/// <param name="Reason">Why not, in a line; null where it has.</param>
public readonly record struct EncodedFile(float[]? Features, string? Reason)
{
    /// <summary>Features, if they are numbers.</summary>
    internal static EncodedFile Of(float[] features) =>
        Array.TrueForAll(features, float.IsFinite) ? new EncodedFile(features, null) : new EncodedFile(null, "the model answers with numbers that are not finite");
}

/// <summary>
/// Files and texts to feature vectors: decoded, prepared, and given to a model, several inputs at a time. Safe to use from
/// many threads.
/// </summary>
public sealed class FeatureEncoder
{
    private readonly EncoderPreprocessing _preprocessing;
    private readonly MediaLimits _limits;
    private readonly RowFeatures? _rows;
    private readonly TextFeatures? _texts;

    /// <summary>Runs the model once, on zeros or a text without words: what does not fit is an error here, before any file is read.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="preprocessing">What it is given.</param>
    /// <param name="batch">Inputs (pictures, texts, or patches of sound) given to it at a time; a model that takes another number gets that.</param>
    /// <exception cref="CromaException">Model and preprocessing do not fit.</exception>
    public FeatureEncoder(OnnxModel model, EncoderPreprocessing preprocessing, int batch)
    {
        _preprocessing = preprocessing;
        _limits = new MediaLimits { Seconds = preprocessing.Audio?.MostSeconds ?? new MediaLimits().Seconds };
        if (preprocessing.Text is { } text) _texts = new TextFeatures(model, text, preprocessing.Output, batch);
        else _rows = new RowFeatures(model, preprocessing, batch);
        Dimension = _texts?.Dimension ?? _rows!.Dimension;
    }

    /// <summary>Numbers a vector has.</summary>
    public int Dimension { get; }

    /// <summary>The features of inputs, in their order.</summary>
    /// <param name="inputs">Files, or texts.</param>
    /// <param name="scratch">A folder for this call alone, made and removed by it.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">ffmpeg is missing, or the model fails.</exception>
    public IReadOnlyList<EncodedFile> Encode(IReadOnlyList<EncodingInput> inputs, string scratch, CancellationToken cancellation)
    {
        if (_texts != null) return _texts.Encode(inputs, cancellation);
        var (batch, decoder) = (_rows!.Begin(inputs.Count, cancellation), new MediaDecoder(scratch, _limits));
        string[] files = [.. inputs.Select(input => input.Name)];
        if (_preprocessing.Image is { } image)
            foreach (var (index, picture, reason) in decoder.Pictures(files, cancellation))
                batch.Add(index, reason, () => [image.Apply(picture!.Pixels, picture.Width, picture.Height)]);
        else
            foreach (var (index, samples, reason) in decoder.Sounds(files, Rate, cancellation))
                batch.Add(index, reason, () => _preprocessing.Audio!.Apply(samples));
        return batch.Finish();
    }

    /// <summary>The features of pictures in memory: RGB, pixel by pixel, row after row.</summary>
    /// <exception cref="CromaException">The encoder is not of pictures, or the model fails.</exception>
    public IReadOnlyList<float[]> Pictures(IReadOnlyList<byte[]> pictures, int width, int height, CancellationToken cancellation)
    {
        var image = _preprocessing.Image ?? throw new CromaException($"The preprocessing '{_preprocessing.Name}' is not of pictures; it was given some.");
        return InMemory(pictures.Count, i => [image.Apply(pictures[i], width, height)], cancellation);
    }

    /// <summary>The features of sounds in memory: samples in [-1, 1], as many a second as <see cref="Rate"/> says.</summary>
    /// <exception cref="CromaException">The encoder is not of sounds, or the model fails.</exception>
    public IReadOnlyList<float[]> Sounds(IReadOnlyList<float[]> sounds, CancellationToken cancellation)
    {
        var audio = _preprocessing.Audio ?? throw new CromaException($"The preprocessing '{_preprocessing.Name}' is not of sounds; it was given some.");
        return InMemory(sounds.Count, i => audio.Apply(sounds[i]), cancellation);
    }

    /// <summary>Samples a second that sounds must have; 0 where it encodes none.</summary>
    public int Rate => _preprocessing.Audio?.Frames.Rate ?? 0;

    private List<float[]> InMemory(int count, Func<int, IEnumerable<ReadOnlyMemory<float>>> rows, CancellationToken cancellation)
    {
        var batch = _rows!.Begin(count, cancellation);
        for (var i = 0; i < count; i++) batch.Add(i, null, () => rows(i));
        return [.. batch.Finish().Select((file, i) => file.Features ?? throw new CromaException($"Sample {i}: {file.Reason}."))];
    }
}
