using Croma.Compute;
using Croma.Encoders;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests;

/// <summary>A sample whose content is a function of its number.</summary>
internal readonly record struct Sample(int Id, int Length);

/// <summary>A small encoder of each kind with parameters, and batches for it.</summary>
internal sealed class EncoderSamples : IDisposable
{
    private static readonly EncoderOptions s_shared = new() { Dimension = 5, Hidden = 16, TextEmbedding = 5 };

    private readonly int _width;

    public EncoderSamples(string kind)
    {
        (Encoder, _width) = kind switch
        {
            "text" => ((Encoder)new TextLstm(5, 16, 17), 0),
            "speech" => (new SpeechLstm(7, 32, 2, 5), 7),
            "shared-text" => (SharedEncoder.Create(0, 7, true, s_shared).Source, 0),
            "shared-speech" => (SharedEncoder.Create(0, 7, true, s_shared).Target, 7),
            "image" => (new ConvEncoder(6, 5, 3, 32, 2, 17), 90),
            "residual-image" => (new ConvEncoder(new PixelShape(6, 5, 3), 16, 2, 17, pyramid: true, residual: true), 90),
            "clip" => (new ConvEncoder(new PixelShape(5, 4, 2, IsClip: true), 16, 2, 17, pyramid: true, residual: false), 8),
            _ => (new Mlp(70, [33, 5], 17), 70),
        };
        Parameters = new ParameterVector(Encoder.Layout, trainable: true);
        Parameters.Initialize(new CounterRandom(11, 0));
    }

    public static TheoryData<string> Kinds => ["text", "speech", "shared-text", "shared-speech", "image", "residual-image", "clip", "mlp"];

    /// <summary>1 to 12 samples of 1 to 6 steps; shrinks to fewer and shorter ones.</summary>
    public static Arbitrary<Sample[]> Some { get; } = Arb.From(
        from lengths in Gen.Choose(1, 6).NonEmptyListOf()
        select lengths.Take(12).Select((length, i) => new Sample(i, length)).ToArray(),
        samples => Enumerable.Range(0, samples.Length).Where(_ => samples.Length > 1).Select(i => samples.Where((_, j) => j != i).ToArray())
            .Concat(Enumerable.Range(0, samples.Length).Where(i => samples[i].Length > 1)
                .Select(i => samples.Select((s, j) => j == i ? s with { Length = s.Length - 1 } : s).ToArray())));

    public Encoder Encoder { get; }

    public ParameterVector Parameters { get; }

    /// <summary>Samples side by side; all behind a sample's end is filled by a number's stream, not with zeros.</summary>
    public InputBatch Batch(IReadOnlyList<Sample> samples, int extraSteps = 0, int junk = -1)
    {
        var batch = new InputBatch();
        var sequence = Encoder is not (Mlp or ConvEncoder { TakesClips: false });
        var steps = sequence ? samples.Max(s => s.Length) + extraSteps : 1;
        batch.Resize(samples.Count, steps, _width);
        for (var b = 0; b < samples.Count; b++)
        {
            batch.Lengths[b] = sequence ? samples[b].Length : 1;
            for (var t = 0; t < steps; t++)
            {
                var random = new CounterRandom((ulong)t, CounterRandom.Stream("sample", t < batch.Lengths[b] ? samples[b].Id : junk));
                if (_width == 0) batch.Tokens[t * samples.Count + b] = random.Next(TextLstm.Tokens);
                else foreach (ref var value in batch.Values.Slice((t * samples.Count + b) * _width, _width)) value = (float)random.NextNormal();
            }
        }
        return batch;
    }

    /// <summary>The embeddings, one array a sample.</summary>
    public float[][] Encode(InputBatch batch)
    {
        using var tape = new Tape();
        return Rows(Encoder.Encode(tape, Parameters, batch));
    }

    /// <summary>The gradients, padding included, of a cross-entropy over the embeddings as logits.</summary>
    public float[] Gradients(Tape tape, InputBatch batch)
    {
        tape.Clear();
        Parameters.ClearGradients();
        var labels = Enumerable.Range(0, batch.Count).Select(i => i % Encoder.Dimension).ToArray();
        tape.Backward(tape.CrossEntropy(Encoder.Encode(tape, Parameters, batch), labels));
        return Parameters.RawGradients.ToArray();
    }

    public void Dispose() => Parameters.Dispose();

    private static float[][] Rows(Tensor tensor) => [.. Enumerable.Range(0, tensor.Rows).Select(r => tensor.Row(r).ToArray())];
}
