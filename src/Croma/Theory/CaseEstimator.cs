using Croma.Compute;
using Croma.Data;
using Croma.Search;

namespace Croma.Theory;

/// <summary>
/// Estimates a case of section 5.5 from a data set. d is the effective dimension of the target samples, at most 64; everything else is seen in as many
/// leading principal components of either modality. sigma comes from what linear regression leaves of the class indicators of tasks, sigma_W from what
/// it leaves of x_1 given x_2 over pairs, both as ratios of the unexplained to the explained variance (the theory's signals have variance d and 1). Of weak
/// pairs the width of the sets is measured, and bounds sigma_W. Intervals come from resampling tasks, classes or sets, and samples.
/// </summary>
public static class CaseEstimator
{
    private const int MostComponents = 64, SamplesPerInput = 3, Partitions = 4;

    // no share of variance that can be measured on hundreds of samples is surely 0
    private const double LeastExplained = 0.01;

    /// <summary>Estimates.</summary>
    /// <param name="dataset">The data set; nothing of its meta-test concepts is read.</param>
    /// <param name="options">The task.</param>
    /// <param name="model">Whose embeddings stand for the samples; null: simple descriptions of them.</param>
    /// <param name="threads">Threads; the result does not depend on it. Default 1.</param>
    /// <param name="progress">Told the finished share.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">There are too few samples, classes or pairs.</exception>
    public static CaseEstimate Run(CrossModalDataset dataset, CaseOptions options, SearchModel? model = null, int threads = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var samples = new AdviceSamples(dataset, model, threads, cancellation);
        progress?.Report(0.4);
        var where = model is null ? "meta-train" : "meta-validation (the model has seen meta-train)";
        if (samples.PairSources.Count < 2 * SamplesPerInput || samples.Sets < 2) throw new CromaException($"'{dataset.Name}' has {samples.PairSources.Count} pairs in {samples.Sets} classes or clusters of {where}: too few to estimate anything from.");
        var (source, target) = (new FeatureSpace([.. samples.PairSources, .. samples.SourceLabelled.Rows]), new FeatureSpace([.. samples.PairTargets, .. samples.TargetLabelled.Rows]));
        cancellation.ThrowIfCancellationRequested();
        var most = Math.Min(MostComponents, Math.Min(Math.Min(source.Samples, target.Samples) - 1, samples.PairSources.Count / SamplesPerInput));
        var dimension = Math.Min(most, target.EffectiveDimension());
        var components = (int)Math.Round(dimension);
        var (intoSource, intoTarget) = (source.Projection(components), target.Projection(components));
        progress?.Report(0.7);

        var (sourceLabels, targetLabels) = (LabelNoise(samples.SourceLabelled, intoSource, options), LabelNoise(samples.TargetLabelled, intoTarget, options));
        if ((sourceLabels ?? targetLabels) is null)
            throw new CromaException($"'{dataset.Name}' has no {options.Ways} classes with two labelled samples or more of {where} in either modality, from which the noise of labels could be estimated: ask for fewer --ways.");
        (sourceLabels, targetLabels) = ((sourceLabels ?? targetLabels)!, (targetLabels ?? sourceLabels)!);
        double[][] pairSources = [.. samples.PairSources.Select(intoSource)];
        var left = samples.IsWeak ? null : Explained.Of([.. samples.PairTargets.Select(intoTarget)], pairSources);
        var pairs = new UnexplainedShare(left ?? Explained.ByGroup(pairSources, samples.Groups), samples.Groups);
        var widths = new UnexplainedShare(Explained.ByGroup(pairSources, samples.Groups), samples.Groups);
        var known = new SupervisionCase
        {
            Dimension = 1, LabelNoise = 1, PairNoise = 1,
            SourceSamples = options.SourceSamples ?? options.Ways * Math.Max(1, samples.SourcePerClass),
            TargetSamples = options.TargetSamples ?? options.Ways * options.Shots,
            Pairs = options.Pairs ?? Math.Max(1, samples.KnownPairs),
            Sets = samples.IsWeak ? Math.Max(1, Math.Min(samples.KnownSets, options.Pairs ?? samples.KnownPairs)) : null,
        };
        var best = Case(dimension, targetLabels.Unexplained(), sourceLabels.Unexplained(), pairs.Unexplained(), widths.Unexplained());
        var resampled = new SupervisionCase[options.Resamples];
        for (var b = 0; b < resampled.Length; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new CounterRandom(options.Seed, CounterRandom.Stream("advise", b));
            var counts = new int[target.Samples];
            for (var i = 0; i < counts.Length; i++) counts[random.Next(counts.Length)]++;
            resampled[b] = Case(Math.Min(most, target.EffectiveDimension(counts)), targetLabels.Unexplained(random), sourceLabels.Unexplained(random), pairs.Unexplained(random), widths.Unexplained(random));
            progress?.Report(0.7 + 0.3 * (b + 1) / resampled.Length);
        }
        var (errors, others) = (SupervisionTheory.Limit(best), resampled.Select(SupervisionTheory.Limit).ToList());
        return new CaseEstimate(best, Of(c => c.Dimension), Of(c => c.LabelNoise), Of(c => c.SourceLabelNoise!.Value), Of(c => c.PairNoise),
            Estimate.Of(errors.Label, others.Select(e => e.Label)), Estimate.Of(errors.Aligned, others.Select(e => e.Aligned)),
            resampled.Average(c => SupervisionTheory.PrefersAlignment(c) ? 1.0 : 0), components, targetLabels.Drawn, sourceLabels.Drawn, samples.PairSources.Count);

        Estimate Of(Func<SupervisionCase, double> number) => Estimate.Of(number(best), resampled.Select(number));

        SupervisionCase Case(double d, double targetLeft, double sourceLeft, double pairLeft, double width) => known with
        {
            Dimension = d,
            LabelNoise = Math.Sqrt(d * Ratio(targetLeft)),
            SourceLabelNoise = Math.Sqrt(d * Ratio(sourceLeft)),
            // what is in a set beside its centre may be noise or width: at most this
            PairNoise = Math.Sqrt(samples.IsWeak ? Math.Min(1, pairLeft) : Ratio(pairLeft)),
            SetWidth = Math.Min(1, width) * samples.Sets,
        };
    }

    /// <summary>Unexplained over explained variance.</summary>
    private static double Ratio(double unexplained)
    {
        var share = Math.Clamp(unexplained, 0, 1 - LeastExplained);
        return share / (1 - share);
    }

    /// <summary>What regression leaves of the class indicators of tasks, whose classes are drawn without overlap, several times over; null where there are too few classes.</summary>
    private static UnexplainedShare? LabelNoise(ClassedRows labelled, Func<double[], double[]> project, CaseOptions options)
    {
        int[][] classes = [.. Enumerable.Range(0, labelled.Rows.Count).GroupBy(i => labelled.Classes[i]).Where(g => g.Count() > 1).OrderBy(g => g.Key).Select(g => g.ToArray())];
        if (classes.Length < options.Ways) return null;
        double[][] rows = [.. labelled.Rows.Select(project)];
        var (shares, tasks, random) = (new List<(double, double)>(), new List<int>(), new CounterRandom(options.Seed, CounterRandom.Stream("advise tasks")));
        var task = 0;
        for (var partition = 0; partition < Partitions; partition++)
        {
            random.Shuffle(classes.AsSpan());
            foreach (var drawn in classes.Chunk(options.Ways).Where(t => t.Length == options.Ways))
            {
                int[] members = [.. drawn.SelectMany(c => c)];
                var inputs = Math.Min(rows[0].Length, members.Length / SamplesPerInput);
                // one indicator follows from the others
                double[][] indicators = [.. drawn.SelectMany((c, way) => c.Select(_ => Enumerable.Range(0, options.Ways - 1).Select(w => w == way ? 1.0 : 0).ToArray()))];
                shares.AddRange(Explained.Of([.. members.Select(i => rows[i][..inputs])], indicators));
                tasks.AddRange(Enumerable.Repeat(task++, members.Length));
            }
        }
        return new UnexplainedShare(shares, tasks, classes.Length / options.Ways);
    }
}
