using Croma.Onnx.Preprocessing;

namespace Croma.Onnx.Features;

/// <summary>A model of pictures, or of patches of sound: rows of numbers, several at a time.</summary>
internal sealed class RowFeatures
{
    private readonly OnnxModel _model;
    private readonly AudioPreprocessing? _audio;
    private readonly string _output;
    private readonly long[] _rowShape;
    private readonly int _rowSize, _batch;
    private readonly bool _fixedBatch;

    /// <summary>Runs the model once, on zeros.</summary>
    /// <exception cref="CromaException">Model and preprocessing do not fit.</exception>
    public RowFeatures(OnnxModel model, EncoderPreprocessing preprocessing, int batch)
    {
        (_model, _audio) = (model, preprocessing.Audio);
        _output = ModelOutput.Choose(model, preprocessing.Output, "embedding");
        _rowShape = preprocessing.Image?.Shape ?? PatchShape(model, preprocessing.Audio!.Shape);
        _rowSize = checked((int)_rowShape.Aggregate(1L, (product, d) => checked(product * d)));
        _fixedBatch = model.Inputs is [{ Shape: { Count: > 0 } own }] && own[0] > 0;
        _batch = _fixedBatch ? checked((int)model.Inputs[0].Shape[0]) : batch;
        Dimension = Run(new float[_rowSize], 1).Length;
    }

    /// <summary>Numbers a vector has.</summary>
    public int Dimension { get; }

    /// <summary>Begins with some samples, of one or more rows each.</summary>
    public Batch Begin(int samples, CancellationToken cancellation) => new(this, samples, cancellation);

    /// <summary>The model's answer to the first rows, row after row.</summary>
    private float[] Run(float[] rows, int count)
    {
        var given = _fixedBatch ? _batch : count;
        if (rows.Length < given * _rowSize) Array.Resize(ref rows, given * _rowSize);
        var (values, shape) = _model.Run(rows.AsSpan(0, given * _rowSize), [given, .. _rowShape], _output);
        return values[..(ModelOutput.RequireVectors(_output, values, shape, given) * count)];
    }

    /// <summary>A patch as the model wants it: alone, or as a picture with one channel, first or last.</summary>
    private static long[] PatchShape(OnnxModel model, long[] patch)
    {
        if (model.Inputs is not [var input] || input.Shape.Count != patch.Length + 2) return patch;
        return input.Shape[^1] == 1 ? [.. patch, 1] : [1, .. patch];
    }

    /// <summary>Collects rows until the model is worth running, and adds up its answers sample by sample.</summary>
    public sealed class Batch(RowFeatures encoder, int samples, CancellationToken cancellation)
    {
        private readonly float[] _rows = new float[encoder._batch * encoder._rowSize];
        private readonly int[] _owners = new int[encoder._batch];
        private readonly double[]?[] _pools = new double[]?[samples];
        private readonly int[] _counts = new int[samples];
        private readonly string?[] _reasons = new string?[samples];
        private int _used;

        public void Add(int sample, string? reason, Func<IEnumerable<ReadOnlyMemory<float>>> rows)
        {
            _reasons[sample] = reason;
            if (reason != null) return;
            try
            {
                foreach (var row in rows())
                {
                    row.Span.CopyTo(_rows.AsSpan(_used * encoder._rowSize));
                    _owners[_used++] = sample;
                    if (_used == _owners.Length) Flush();
                }
            }
            catch (CromaException e) when (e is not OnnxException)
            {
                _reasons[sample] = e.Message;
            }
        }

        public EncodedFile[] Finish()
        {
            Flush();
            return [.. Enumerable.Range(0, samples).Select(Result)];
        }

        private EncodedFile Result(int sample)
        {
            if (_reasons[sample] is { } reason) return new EncodedFile(null, reason);
            var count = encoder._audio?.Pooling == TimePooling.Max ? 1 : _counts[sample];
            return EncodedFile.Of([.. _pools[sample]!.Select(v => (float)(v / count))]);
        }

        private void Flush()
        {
            cancellation.ThrowIfCancellationRequested();
            if (_used == 0) return;
            var (answers, width, isMax) = (encoder.Run(_rows, _used), encoder.Dimension, encoder._audio?.Pooling == TimePooling.Max);
            if (answers.Length != _used * width) throw new OnnxException($"The model's vectors had {width} numbers and now have {answers.Length / _used}: it cannot be used here.");
            for (var row = 0; row < _used; row++)
            {
                var sample = _owners[row];
                var answer = answers.AsSpan(row * width, width);
                var isFirst = _counts[sample]++ == 0;
                var pool = _pools[sample] ??= new double[width];
                for (var i = 0; i < width; i++) pool[i] = isFirst ? answer[i] : isMax ? Math.Max(pool[i], answer[i]) : pool[i] + answer[i];
            }
            _used = 0;
        }
    }
}
