using System.Diagnostics;
using Croma.Baselines;
using Croma.Checkpoints;
using Croma.Classification;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;
using Croma.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Croma;

/// <summary>
/// A trained model: what training ends with and a folder keeps, of which classifiers are made. Using it is safe from many threads until
/// <see cref="Dispose"/>; classifiers that were made of it live on.
/// </summary>
public sealed class TrainedModel : IDisposable
{
    private readonly SampleEncoder? _source, _target;

    internal TrainedModel(MetaParameters best, ModelInfo info, TrainingRecord? training = null)
    {
        (Best, Info, Training) = (best, info, training);
        if (info.Source is { } source) _source = new SampleEncoder(source, best.Network.SourceEncoder, best.SourceEncoder, info.Configuration.Input);
        if (info.Target is { } target) _target = new SampleEncoder(target, best.Network.TargetEncoder, best.TargetEncoder, info.Configuration.Input);
    }

    /// <summary>The meta-parameters that were best on meta-validation; disposed with the model.</summary>
    public MetaParameters Best { get; }

    /// <summary>Method, data, configuration, seed, and what its samples look like.</summary>
    public ModelInfo Info { get; }

    /// <summary>The learning curve and the time it took; null where the model was loaded from a folder, which does not keep them.</summary>
    public TrainingRecord? Training { get; }

    /// <summary>The source modality's way into the shared space.</summary>
    /// <exception cref="CromaException">The model is of an earlier version, which did not say what its samples are.</exception>
    public SampleEncoder Source => _source ?? throw Unsaid();

    /// <summary>The target modality's way into the shared space.</summary>
    /// <exception cref="CromaException">The model is of an earlier version, which did not say what its samples are.</exception>
    public SampleEncoder Target => _target ?? throw Unsaid();

    /// <summary>Trains a model. The same data, method, configuration and seed give the same bytes.</summary>
    /// <param name="dataset">What is learned from.</param>
    /// <param name="options">What is trained, and how; null: CroMA as in the paper.</param>
    /// <param name="progress">Told after every iteration.</param>
    /// <param name="cancellation">Stops between iterations, after a checkpoint where one was asked for.</param>
    /// <exception cref="CromaException">There is no such method, or the data set lacks what it reads.</exception>
    /// <exception cref="DivergedException">A loss or a parameter is not finite any more, also after <see cref="TrainingOptions.Rollbacks"/>.</exception>
    public static TrainedModel Train(CrossModalDataset dataset, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new TrainingOptions();
        var configuration = options.Configuration ?? Profiles.Get("paper", options.Method);
        if (options.Rollbacks > 0 && options.CheckpointFile == null) throw new CromaException("To go back after numbers went wrong, a training needs a checkpoint file.");
        var clock = Stopwatch.StartNew();
        using var duet = new Duet(options.Threads);
        for (var halvings = TrainingCheckpoint.Halvings(options.CheckpointFile); ; halvings++)
        {
            try
            {
                return TrainOnce(dataset, options, configuration, halvings, duet, clock, progress, cancellation);
            }
            catch (DivergedException e) when (e.MayBeRetried && halvings < options.Rollbacks)
            {
                TrainingLog.WentBack(options.Logger ?? NullLogger.Instance, halvings + 1, e.Message);
            }
        }
    }

    private static TrainedModel TrainOnce(CrossModalDataset dataset, TrainingOptions options, TrainingConfiguration configuration, int halvings, Duet duet, Stopwatch clock,
        IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var method = Methods.Create(options.Method, Slower(configuration, halvings), dataset, options.Seed, duet, options.LabelNoise);
        using var start = method.Meta;
        var run = new TrainingRun(method, configuration, dataset, options.Seed, options.Threads) { CheckpointFile = options.CheckpointFile, Logger = options.Logger, Halvings = halvings, LogFolder = options.LogFolder };
        var outcome = run.Run(progress, cancellation);
        return new TrainedModel(outcome.Best, ModelInfo.Of(method, configuration, dataset, options.Seed, outcome) with { Halvings = halvings }, new TrainingRecord(clock.Elapsed.TotalSeconds, outcome.Curve)
        {
            Candidate = method.Candidate(outcome.BestIteration),
            Halvings = halvings,
        });
    }

    private static TrainingConfiguration Slower(TrainingConfiguration configuration, int halvings)
    {
        var (training, factor) = (configuration.Training, Math.ScaleB(1, -halvings));
        return configuration with
        {
            Training = training with
            {
                MetaStepSize = training.MetaStepSize * factor,
                AlignmentLearningRate = training.AlignmentLearningRate * factor,
                ClassifierLearningRate = training.ClassifierLearningRate * factor,
                EncoderLearningRate = training.EncoderLearningRate * factor,
            },
        };
    }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">Where <see cref="Save"/> or `croma train` put it.</param>
    /// <param name="dataset">Its data set: only models of earlier versions, which did not say what their samples are, need it.</param>
    /// <exception cref="CromaException">There is no model, or it is not sound.</exception>
    public static TrainedModel Load(string folder, CrossModalDataset? dataset = null)
    {
        var (meta, info) = ModelFolder.Load(folder, dataset);
        return new TrainedModel(meta, info);
    }

    /// <summary>Writes model.safetensors and model.json, each whole or not at all.</summary>
    /// <param name="folder">Made where it is missing.</param>
    public void Save(string folder) => ModelFolder.Save(folder, Best, Info);

    /// <summary>Makes a classifier of concepts from a few labelled samples of each.</summary>
    /// <param name="support">Samples of the target modality, from 1 a class, 2 to 100 classes.</param>
    /// <param name="head">
    /// One of <see cref="FewShotClassifier.Heads"/>: "fine-tuning", a head on the encoder as it stands, or "auto" (the default), which takes the
    /// better of fine-tuning and ridge regression in a cross-validation of five parts. Where no class has two samples it takes
    /// what the model's training chose, otherwise fine-tuning for an encoder of raw samples and ridge regression for one of features.
    /// </param>
    /// <param name="threads">Threads; the classifier does not depend on it. Default 1.</param>
    /// <param name="progress">Told the finished share of fine-tuning.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">There is no such head, or the support is not what it must be.</exception>
    public FewShotClassifier Adapt(SupportSamples support, string head = HeadChoice.Auto, int threads = 1, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        FewShotClassifier.Adapt(this, support, head, threads, progress, cancellation);

    /// <summary>Scores the model on planned tasks, fine-tuning a copy to each (the paper's meta-test).</summary>
    /// <param name="dataset">The data set it was trained on: its concepts of meta-test are unseen.</param>
    /// <param name="plan">The tasks.</param>
    /// <param name="shots">Labelled samples a class, at most the plan's.</param>
    /// <param name="threads">Tasks side by side; the result does not depend on it. Default 1.</param>
    /// <param name="cancellation">Stops between tasks.</param>
    public EvaluationResult Evaluate(CrossModalDataset dataset, EpisodePlan plan, int shots, int threads = 1, CancellationToken cancellation = default) =>
        FewShotEvaluation.Run(Best, Info.Configuration.Adaptation, dataset.Target, Info.Configuration.Input, plan, shots, Info.Seed, threads, cancellation);

    public void Dispose() => Best.Dispose();

    private CromaException Unsaid() => new($"This model of '{Info.Dataset}' was trained by an earlier version, which did not keep what its samples look like: train it again.");
}
