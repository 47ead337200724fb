using Croma.Compute;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>
/// Unsupervised meta-learning by reconstruction (Hsu et al. 2019, as the paper adapts it): Reptile on autoencoder
/// tasks of unlabelled target samples. e_t and a decoder are the meta-parameters; only e_t goes to meta-test, where phi
/// is fresh. #Target: all (0).
/// </summary>
public sealed class UnsupervisedReconstruction : FewShotMethod
{
    private readonly UnlabelledTrainingData _data;
    private readonly Decoder _decoder;
    private readonly ParameterVector _metaDecoder;
    private readonly SampleReader _reader;
    private readonly InnerLearner _encoderLearner, _decoderLearner;
    private readonly Reptile _encoderUpdate, _decoderUpdate;
    private readonly Tape _tape = new();
    private readonly InputBatch _batch = new();

    public UnsupervisedReconstruction(MetaParameters meta, MetaOptions options, UnlabelledTrainingData data, Decoder decoder, InputOptions input, ulong seed)
        : base(meta, options, data, seed)
    {
        (_data, _decoder, _reader) = (data, decoder, new SampleReader(data.Target, input));
        _metaDecoder = Fresh(decoder.Layout, "decoder");
        var adam = new AdamOptions { LearningRate = options.EncoderLearningRate, Beta1 = options.Beta1 };
        (_encoderLearner, _encoderUpdate) = Learner(meta.TargetEncoder.Layout);
        (_decoderLearner, _decoderUpdate) = Learner(decoder.Layout);

        (InnerLearner, Reptile) Learner(ParameterLayout layout) => (new(layout, adam, options.CarryOptimizer), new(layout, options));
    }

    public override string Name => "unsupervised-meta-reconstruct";

    public override IEnumerable<(string Name, ParameterVector Values)> TrainingParts => [("decoder", _metaDecoder)];

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers => TrainingState.Of(Options,
        ("target_encoder", _encoderLearner, _encoderUpdate), ("decoder", _decoderLearner, _decoderUpdate));

    public override IterationLosses Iterate(int iteration)
    {
        _encoderLearner.StartFrom(Meta.TargetEncoder);
        _decoderLearner.StartFrom(_metaDecoder);
        var (samples, random) = (DrawTask(iteration), Random("batches of T_r", iteration));
        var order = new BatchOrder(samples.Length, Options.ClassifierBatch, random);
        var total = 0.0;
        for (var step = 0; step < Options.InnerSteps; step++)
        {
            Read(samples, order.Next(), random);
            _tape.Clear();
            var embeddings = Meta.Network.TargetEncoder.Encode(_tape, _encoderLearner.Parameters, _batch);
            var loss = _decoder.Loss(_tape, _decoderLearner.Parameters, embeddings, _batch, random);
            _tape.Backward(loss);
            _encoderLearner.Step();
            _decoderLearner.Step();
            total += loss.Scalar;
        }
        _encoderUpdate.Update(Meta.TargetEncoder, _encoderLearner.Parameters);
        _decoderUpdate.Update(_metaDecoder, _decoderLearner.Parameters);
        return new IterationLosses(total / Options.InnerSteps, double.NaN);
    }

    public override void Dispose()
    {
        foreach (var part in new IDisposable[] { _metaDecoder, _encoderLearner, _decoderLearner, _encoderUpdate, _decoderUpdate, _tape }) part.Dispose();
        base.Dispose();
    }

    /// <summary>T_r: as many samples as a classification task has, whatever they are of.</summary>
    private int[] DrawTask(int iteration)
    {
        int[] samples = [.. _data.Samples];
        Random("T_r", iteration).Shuffle(samples);
        return samples[..Math.Min(samples.Length, Options.Ways * Options.Shots)];
    }

    private void Read(int[] samples, ReadOnlySpan<int> positions, CounterRandom random)
    {
        Span<int> chosen = stackalloc int[positions.Length];
        for (var i = 0; i < chosen.Length; i++) chosen[i] = samples[positions[i]];
        _reader.Read(_batch, chosen, random);
        _batch.DrawNoise(Meta.Network.TargetEncoder, random);
    }
}
