using System.Security.Cryptography;
using System.Text;
using Croma.Checkpoints;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Monitoring;
using Croma.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Croma.Method;

/// <summary>How far a training run is.</summary>
/// <param name="Iteration">Iterations done.</param>
/// <param name="Iterations">Iterations in all.</param>
/// <param name="Latest">The learning curve's last point, if there is one.</param>
public readonly record struct TrainingProgress(int Iteration, int Iterations, CurvePoint? Latest);

/// <summary>What a training run ends with.</summary>
/// <param name="Best">The meta-parameters that were best on meta-validation. Belongs to the caller.</param>
/// <param name="BestIteration">Their iteration; 0 is the untrained start.</param>
/// <param name="BestAccuracy">Their accuracy on meta-validation in per cent; NaN for a method that does not train.</param>
/// <param name="Curve">The learning curve.</param>
public sealed record TrainingOutcome(MetaParameters Best, int BestIteration, double BestAccuracy, IReadOnlyList<CurvePoint> Curve)
{
    /// <summary>95 % confidence interval of <see cref="BestAccuracy"/> over the tasks of meta-validation, Student's t; null for a single task or none.</summary>
    public double[]? BestCi95 { get; init; }
}

/// <summary>
/// Runs a method's meta-iterations; looks at meta-validation at intervals and keeps the best; writes a checkpoint at
/// each look and when it is stopped. Meta-test concepts are not within its reach: the plan is made of meta-validation.
/// </summary>
public sealed class TrainingRun(FewShotMethod method, TrainingConfiguration configuration, CrossModalDataset dataset, ulong seed, int threads)
{
    /// <summary>Where the checkpoint is written and, if it is of this very run, taken up from; null: none.</summary>
    public string? CheckpointFile { get; init; }

    /// <summary>Where losses and accuracies are logged as they come (log.csv and event files for TensorBoard); null: nowhere.</summary>
    public string? LogFolder { get; init; }

    /// <summary>How often the rates of the method have been halved, as the checkpoint says. Default 0.</summary>
    public int Halvings { get; init; }

    /// <summary>Told of start, looks at meta-validation and end; null: nobody.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>A hash of all that determines the outcome: method, seed, data set, configuration.</summary>
    public string Identity { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{method.Name}\n{seed}\n{dataset.Sha256}\n{ConfigurationFile.ToJson(configuration)}")));

    /// <summary>Trains to the end.</summary>
    /// <param name="progress">Told after every iteration.</param>
    /// <param name="cancellation">Stops between iterations, after a checkpoint.</param>
    /// <exception cref="OperationCanceledException">It was stopped; the checkpoint is there.</exception>
    /// <exception cref="DivergedException">A loss or a parameter is not finite any more; the checkpoint is of an iteration before.</exception>
    public TrainingOutcome Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var best = method.Meta.Clone();
        if (method.Iterations == 0) return new TrainingOutcome(best, 0, double.NaN, []);
        var selection = configuration.Selection;
        var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaValidation, selection.Tasks, configuration.Training.Ways, selection.Shots, selection.Queries, seed);
        var (resumed, logger) = (Resume(best), Logger ?? NullLogger.Instance);
        var (state, every) = (resumed ?? new RunState(), method.IteratesCandidates ? 1 : selection.Every);
        TrainingLog.Started(logger, method.Name, dataset.Name, seed, method.Iterations);
        if (resumed != null) TrainingLog.Resumed(logger, CheckpointFile!, state.Iteration);

        using var log = LogFolder == null ? null : new ScalarLog(LogFolder, resumed?.Iteration, method.Options, TimeProvider.System);
        var (finiteness, saved) = (new Finiteness(method, dataset), resumed != null ? state.Iteration : -1);
        if (state.Curve.Count == 0) Look(0);
        while (state.Iteration < method.Iterations)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                TrainingLog.Stopped(logger, state.Iteration);
                cancellation.ThrowIfCancellationRequested();
            }
            var losses = method.Iterate(state.Iteration);
            if (finiteness.Find(losses) is var (what, isData)) throw Diverged(what, isData, state.Iteration + 1, saved);
            state.Add(losses);
            log?.Iterated(state.Iteration, losses);
            if (state.Iteration % every == 0 || state.Iteration == method.Iterations) Look(state.Iteration);
            progress?.Report(new TrainingProgress(state.Iteration, method.Iterations, state.Curve[^1]));
        }
        TrainingLog.Ended(logger, state.BestIteration, state.BestAccuracy);
        return new TrainingOutcome(best, state.BestIteration, state.BestAccuracy, state.Curve) { BestCi95 = state.BestCi95 };

        void Look(int iteration)
        {
            var result = FewShotEvaluation.Run(method.Meta, configuration.Adaptation, dataset.Target, configuration.Input, plan, selection.Shots, seed, threads, CancellationToken.None);
            var accuracy = result.Accuracy;
            if (accuracy > state.BestAccuracy)
            {
                (state.BestAccuracy, state.BestIteration) = (accuracy, iteration);
                state.BestCi95 = Summary.Of(result.TaskAccuracies) is { Repeats: > 1 } tasks ? [tasks.Low, tasks.High] : null;
                best.CopyFrom(method.Meta);
            }
            state.Close(accuracy);
            log?.Looked(iteration, accuracy);
            TrainingLog.Looked(logger, iteration, method.Iterations, accuracy);
            Save();
        }

        void Save()
        {
            log?.Flush();
            SaveCheckpoint(best, state);
            saved = state.Iteration;
        }
    }

    private RunState? Resume(MetaParameters best)
    {
        if (CheckpointFile == null || !File.Exists(CheckpointFile)) return null;
        var position = TrainingCheckpoint.Load(CheckpointFile, Identity, method, best)
            ?? throw new CromaException($"'{CheckpointFile}' is of another run (method, seed, data or configuration differ): choose another folder or remove it.");
        return new RunState(position);
    }

    private void SaveCheckpoint(MetaParameters best, RunState state)
    {
        if (CheckpointFile == null) return;
        var steps = method.Optimizers.ToDictionary(o => o.Name, o => o.Optimizer.Steps);
        TrainingCheckpoint.Save(CheckpointFile, method, best, state.ToPosition(Identity, steps) with { Halvings = Halvings });
    }

    private DivergedException Diverged(string what, bool isData, int iteration, int saved)
    {
        var last = CheckpointFile == null || saved < 0 ? "there is no checkpoint before it" : $"the last good checkpoint, of iteration {saved}, is '{CheckpointFile}'";
        return new DivergedException($"The training of '{method.Name}' went wrong at iteration {iteration}: {what}; {last}{(isData ? "." : "; lower the learning rates.")}") { Iteration = iteration, MayBeRetried = !isData };
    }

    private sealed class RunState
    {
        private double _alignment, _classification;
        private int _summed;

        public RunState() { }

        public RunState(TrainingPosition position)
        {
            (Iteration, BestIteration, BestAccuracy) = (position.Iteration, position.BestIteration, position.BestAccuracy);
            BestCi95 = position.BestCi95;
            (_alignment, _classification, _summed) = (position.AlignmentSum, position.ClassificationSum, position.Summed);
            Curve.AddRange(position.Curve);
        }

        public int Iteration { get; private set; }

        public int BestIteration { get; set; }

        public double BestAccuracy { get; set; } = double.NegativeInfinity;

        public double[]? BestCi95 { get; set; }

        public List<CurvePoint> Curve { get; } = [];

        public void Add(IterationLosses losses)
        {
            (_alignment, _classification) = (_alignment + losses.Alignment, _classification + losses.Classification);
            _summed++;
            Iteration++;
        }

        public void Close(double accuracy)
        {
            Curve.Add(new CurvePoint(Iteration, Mean(_alignment), Mean(_classification), accuracy));
            (_alignment, _classification, _summed) = (0, 0, 0);
        }

        public TrainingPosition ToPosition(string identity, Dictionary<string, int> optimizerSteps) => new()
        {
            Identity = identity,
            Iteration = Iteration,
            BestIteration = BestIteration,
            BestAccuracy = BestAccuracy,
            BestCi95 = BestCi95,
            Curve = Curve,
            AlignmentSum = _alignment,
            ClassificationSum = _classification,
            Summed = _summed,
            OptimizerSteps = optimizerSteps,
        };

        private double? Mean(double sum) => _summed == 0 || double.IsNaN(sum) ? null : sum / _summed;
    }
}
