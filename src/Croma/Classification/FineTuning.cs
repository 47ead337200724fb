using Croma.Checkpoints;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Evaluation;
using Croma.Heads;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Classification;

/// <summary>A target encoder and phi after fine-tuning.</summary>
/// <param name="Encoder">e_t; belongs to the caller.</param>
/// <param name="Scores">phi's linear layer.</param>
internal sealed record FineTuned(ParameterVector Encoder, LinearScores Scores);

/// <summary>
/// The paper's <see cref="Adaptation"/> (section 4.2) as a way to a classifier: e_t and phi learn the support together, as
/// they do at meta-test. Class c starts from output c of the model's phi, modulo their number: with as many classes as the
/// model was trained for that is meta-test's start, and with more of them classes of one start part by their labels.
/// </summary>
/// <param name="meta">The model; read only.</param>
/// <param name="info">How it adapts and reads samples.</param>
/// <param name="support">Labelled samples.</param>
/// <param name="labels">Their classes.</param>
/// <param name="ways">Classes.</param>
/// <param name="source">Labelled source samples that phi learns from too; null: none.</param>
internal sealed class FineTuning(MetaParameters meta, ModelInfo info, SampleContents support, IReadOnlyList<int> labels, int ways, (SampleContents Contents, int[] Labels)? source = null)
{
    /// <summary>Its name beside the heads'.</summary>
    public const string Name = "fine-tuning";

    /// <summary>Parts of the cross-validation: each costs an adaptation.</summary>
    public const int Folds = 5;

    // supports of up to so many shots take the model's number of steps; larger ones more, so that a sample is seen as often
    private const int UsualShots = 10, MostTimesTheSteps = 10;

    // phi was trained on softmax: without a second sample of any class nothing better is known
    private const double UncalibratedTemperature = 1;

    private readonly Network _network = meta.Network with { Classifier = new Classifier(meta.Network.TargetEncoder.Dimension, ways) };
    private long _steps;

    /// <summary>Gradient steps taken so far.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>max(0, x), which is what phi's linear layer sees.</summary>
    public static double[] Rectify(double[] embedding) => [.. embedding.Select(x => Math.Max(0, x))];

    /// <summary>Fine-tunes on the whole support, and on all but each fold to see how well that does.</summary>
    /// <param name="classes">The classes' names.</param>
    /// <param name="folds">Samples that are left out together.</param>
    /// <param name="threads">Adaptations side by side; the result does not depend on it.</param>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops between adaptations.</param>
    public (ParameterVector Encoder, ClassifierParts Parts) Run(IReadOnlyList<string> classes, IReadOnlyList<int[]> folds, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (left, done) = (new LeftOut[folds.Count], 0);
        FineTuned? whole = null;
        Workers.Run(folds.Count + 1, threads, job =>
        {
            // the longest first
            if (job == 0) whole = Tune([.. Enumerable.Range(0, labels.Count)], Random(job));
            else left[job - 1] = LeaveOut(folds[job - 1], Random(job));
            progress?.Report((double)Interlocked.Increment(ref done) / (folds.Count + 1));
        }, cancellation);
        var all = new LeftOut();
        foreach (var part in left) all.Add(part);
        var rows = Embed(whole!.Encoder, [.. Enumerable.Range(0, labels.Count)], threads, cancellation);
        var (centre, placed) = ClassifierParts.Placed(rows, labels, ways);
        return (whole.Encoder, new ClassifierParts(classes, Name, centre, whole.Scores, placed.Means(), all.Temperature(UncalibratedTemperature), all.Estimate, all.Strangeness));

        CounterRandom Random(int job) => new(info.Seed, CounterRandom.Stream("adaptation", job));
    }

    /// <summary>Fine-tunes on some samples of the support.</summary>
    /// <param name="samples">Their numbers.</param>
    /// <param name="random">Draws batches and windows.</param>
    public FineTuned Tune(int[] samples, CounterRandom random)
    {
        var options = info.Configuration.Adaptation with { Steps = StepsOn(samples.Length) };
        using var start = Start();
        using var adaptation = new Adaptation(_network, options, new SampleReader(support, info.Configuration.Input));
        adaptation.Adapt(meta, start, samples, [.. samples.Select(s => labels[s])], SourceShots(random), random);
        Interlocked.Add(ref _steps, options.Steps);
        return new FineTuned(adaptation.Encoder.Clone(), ScoresOf(adaptation.Classifier));
    }

    private SourceShots? SourceShots(CounterRandom random) => source is not var (contents, classes) ? null
        : new SourceShots(new SampleReader(contents, info.Configuration.Input), [.. Enumerable.Range(0, classes.Length)], classes, new CounterRandom(random.NextUInt64(), CounterRandom.Stream("source shots")));

    private LeftOut LeaveOut(int[] fold, CounterRandom random)
    {
        int[] kept = [.. Enumerable.Range(0, labels.Count).Except(fold)];
        var tuned = Tune(kept, random);
        using var encoder = tuned.Encoder;
        var rows = Embed(encoder, [.. kept, .. fold], threads: 1, CancellationToken.None);
        var (centre, placed) = ClassifierParts.Placed(rows[..kept.Length], [.. kept.Select(i => labels[i])], ways);
        var (means, left) = (placed.Means(), new LeftOut());
        foreach (var (i, sample) in fold.Index())
        {
            var x = rows[kept.Length + i];
            left.Add(tuned.Scores.Of(Rectify(x)), labels[sample], ClassifierParts.StrangenessOf(Centred.Normalise(x, centre), means));
        }
        return left;
    }

    private double[][] Embed(ParameterVector encoder, int[] samples, int threads, CancellationToken cancellation) =>
        new Embedder(_network.TargetEncoder, encoder, info.Configuration.Input).Embed(support, samples, threads, cancellation);

    private int StepsOn(int samples) => (int)(info.Configuration.Adaptation.Steps * Math.Clamp((double)samples / (UsualShots * meta.Network.Classifier.Ways), 1, MostTimesTheSteps));

    /// <summary>phi's start for this number of classes.</summary>
    private ParameterVector Start()
    {
        var start = new ParameterVector(_network.Classifier.Layout);
        foreach (var (from, to) in meta.Classifier.Layout.Blocks.Zip(start.Layout.Blocks))
        {
            var values = meta.Classifier.Read(from);
            start.Write(to, [.. Enumerable.Range(0, to.Rows * to.Columns).Select(i => values[i / to.Columns * from.Columns + i % to.Columns % from.Columns])]);
        }
        return start;
    }

    private LinearScores ScoresOf(ParameterVector classifier)
    {
        var (weight, bias) = (classifier.Read(classifier.Layout.Blocks[0]), classifier.Read(classifier.Layout.Blocks[1]));
        return new LinearScores([.. Enumerable.Range(0, ways).Select(way => Enumerable.Range(0, weight.Length / ways).Select(d => (double)weight[d * ways + way]).ToArray())], [.. bias.Select(b => (double)b)]);
    }
}
