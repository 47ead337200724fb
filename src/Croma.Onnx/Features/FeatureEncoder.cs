using Croma.Datasets.Media;
using Croma.Onnx.Preprocessing;

namespace Croma.Onnx.Features;

/// <summary>What became of a file: its features, or why it has none.</summary>
/// <param name="Features">A vector; null where it has none.</param>
/// <param name="Reason">Why not, in a line; null where it has.</param>
public readonly record struct EncodedFile(float[]? Features, string? Reason);

/// <summary>
/// Files to feature vectors: decoded, prepared, and given to a model, several inputs at a time. Safe to use from many
/// threads.
/// </summary>
public sealed class FeatureEncoder
{
    private const string UsualOutput = "embedding";

    private readonly OnnxModel _model;
    private readonly EncoderPreprocessing _preprocessing;
    private readonly MediaLimits _limits;
    private readonly string _output;
    private readonly long[] _rowShape;
    private readonly int _rowSize, _batch;
    private readonly bool _fixedBatch;

    /// <summary>Runs the model once, on zeros: what does not fit is an error here, before any file is read.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="preprocessing">What it is given.</param>
    /// <param name="batch">Inputs (pictures, or patches of sound) given to it at a time; a model that takes another number gets that.</param>
    /// <exception cref="CromaException">Model and preprocessing do not fit.</exception>
    public FeatureEncoder(OnnxModel model, EncoderPreprocessing preprocessing, int batch)
    {
        (_model, _preprocessing) = (model, preprocessing);
        _limits = new MediaLimits { Seconds = preprocessing.Audio?.MostSeconds ?? new MediaLimits().Seconds };
        _output = Output(model, preprocessing);
        _rowShape = preprocessing.Image?.Shape ?? PatchShape(model, preprocessing.Audio!.Shape);
        _rowSize = checked((int)_rowShape.Aggregate(1L, (product, d) => checked(product * d)));
        _fixedBatch = model.Inputs is [{ Shape: { Count: > 0 } own }] && own[0] > 0;
        _batch = _fixedBatch ? checked((int)model.Inputs[0].Shape[0]) : batch;
        Dimension = Run(new float[_rowSize], 1).Length;
    }

    /// <summary>Numbers a vector has.</summary>
    public int Dimension { get; }

    /// <summary>The features of files, in their order.</summary>
    /// <param name="files">Paths.</param>
    /// <param name="scratch">A folder for this call alone, made and removed by it.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">ffmpeg is missing, or the model fails.</exception>
    public IReadOnlyList<EncodedFile> Encode(IReadOnlyList<string> files, string scratch, CancellationToken cancellation)
    {
        var (batch, decoder) = (new Batch(this, files.Count, cancellation), new MediaDecoder(scratch, _limits));
        if (_preprocessing.Image is { } image)
            foreach (var (index, picture, reason) in decoder.Pictures(files, cancellation))
                batch.Add(index, reason, () => [image.Apply(picture!.Pixels, picture.Width, picture.Height)]);
        else
            foreach (var (index, samples, reason) in decoder.Sounds(files, _preprocessing.Audio!.Frames.Rate, cancellation))
                batch.Add(index, reason, () => _preprocessing.Audio.Apply(samples));
        return batch.Finish();
    }

    /// <summary>The model's answer to the first rows, row after row.</summary>
    private float[] Run(float[] rows, int count)
    {
        var given = _fixedBatch ? _batch : count;
        if (rows.Length < given * _rowSize) Array.Resize(ref rows, given * _rowSize);
        var (values, shape) = _model.Run(rows.AsSpan(0, given * _rowSize), [given, .. _rowShape], _output);
        if (shape is not [var answers, ..] || answers != given || values.Length == 0 || shape.Skip(1).Count(d => d != 1) > 1)
            throw new OnnxException($"The output '{_output}' is [{string.Join(", ", shape)}] for {given} inputs, which is not one vector each: name another with \"output\" in the preprocessing.");
        return values[..(values.Length / given * count)];
    }

    private static string Output(OnnxModel model, EncoderPreprocessing preprocessing)
    {
        if (preprocessing.Output != null) return preprocessing.Output;
        if (model.Outputs.Any(o => o.Name == UsualOutput)) return UsualOutput;
        return model.Outputs is [var only] ? only.Name
            : throw new OnnxException($"The model has several outputs ({string.Join(", ", model.Outputs.Select(o => o.Name))}): name one with \"output\" in the preprocessing.");
    }

    /// <summary>A patch as the model wants it: alone, or as a picture with one channel, first or last.</summary>
    private static long[] PatchShape(OnnxModel model, long[] patch)
    {
        if (model.Inputs is not [var input] || input.Shape.Count != patch.Length + 2) return patch;
        return input.Shape[^1] == 1 ? [.. patch, 1] : [1, .. patch];
    }

    /// <summary>Collects rows until the model is worth running, and adds up its answers file by file.</summary>
    private sealed class Batch(FeatureEncoder encoder, int files, CancellationToken cancellation)
    {
        private readonly float[] _rows = new float[encoder._batch * encoder._rowSize];
        private readonly int[] _owners = new int[encoder._batch];
        private readonly double[]?[] _pools = new double[]?[files];
        private readonly int[] _counts = new int[files];
        private readonly string?[] _reasons = new string?[files];
        private int _used;

        public void Add(int file, string? reason, Func<IEnumerable<ReadOnlyMemory<float>>> rows)
        {
            _reasons[file] = reason;
            if (reason != null) return;
            try
            {
                foreach (var row in rows())
                {
                    row.Span.CopyTo(_rows.AsSpan(_used * encoder._rowSize));
                    _owners[_used++] = file;
                    if (_used == _owners.Length) Flush();
                }
            }
            catch (CromaException e) when (e is not OnnxException)
            {
                _reasons[file] = e.Message;
            }
        }

        public EncodedFile[] Finish()
        {
            Flush();
            return [.. Enumerable.Range(0, files).Select(Result)];
        }

        private EncodedFile Result(int file)
        {
            if (_reasons[file] is { } reason) return new EncodedFile(null, reason);
            var count = encoder._preprocessing.Audio?.Pooling == TimePooling.Max ? 1 : _counts[file];
            float[] features = [.. _pools[file]!.Select(v => (float)(v / count))];
            return Array.TrueForAll(features, float.IsFinite) ? new EncodedFile(features, null) : new EncodedFile(null, "the model answers with numbers that are not finite");
        }

        private void Flush()
        {
            cancellation.ThrowIfCancellationRequested();
            if (_used == 0) return;
            var (answers, width, isMax) = (encoder.Run(_rows, _used), encoder.Dimension, encoder._preprocessing.Audio?.Pooling == TimePooling.Max);
            if (answers.Length != _used * width) throw new OnnxException($"The model's vectors had {width} numbers and now have {answers.Length / _used}: it cannot be used here.");
            for (var row = 0; row < _used; row++)
            {
                var file = _owners[row];
                var answer = answers.AsSpan(row * width, width);
                var isFirst = _counts[file]++ == 0;
                var pool = _pools[file] ??= new double[width];
                for (var i = 0; i < width; i++) pool[i] = isFirst ? answer[i] : isMax ? Math.Max(pool[i], answer[i]) : pool[i] + answer[i];
            }
            _used = 0;
        }
    }
}
