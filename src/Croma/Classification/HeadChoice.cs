using Croma.Checkpoints;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Heads;
using Croma.Method;

namespace Croma.Classification;

/// <summary>What a way to a classifier scored in the cross-validation of a support.</summary>
/// <param name="Head">A head's name, or "fine-tuning".</param>
/// <param name="Estimate">How often it was right.</param>
public sealed record HeadEstimate(string Head, AccuracyEstimate Estimate);

/// <summary>What a classifier is made of.</summary>
/// <param name="Encoder">Its own copy of e_t.</param>
/// <param name="Parts">The rest.</param>
/// <param name="Compared">What cross-validation chose among; empty where there was no choice.</param>
internal sealed record MadeClassifier(ParameterVector Encoder, ClassifierParts Parts, IReadOnlyList<HeadEstimate> Compared);

/// <summary>A classifier in the making: by a head on the encoder as it stands, by fine-tuning, or by what cross-validation prefers.</summary>
internal sealed class HeadChoice
{
    public const string Auto = "auto";

    private static readonly LinearHead[] s_heads = [.. Head.All.OfType<LinearHead>().Where(h => !h.ReadsSource)];

    private readonly MetaParameters _meta;
    private readonly ModelInfo _info;
    private readonly IReadOnlyList<int> _labels;
    private readonly IReadOnlyList<string> _classes;
    private readonly int _threads;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly Lazy<double[][]> _rows;

    public HeadChoice(MetaParameters meta, ModelInfo info, SampleContents support, IReadOnlyList<int> labels, IReadOnlyList<string> classes, int threads, IProgress<double>? progress, CancellationToken cancellation, SupportSamples? source = null)
    {
        (_meta, _info, _labels, _classes, _threads, _progress, _cancellation) = (meta, info, labels, classes, threads, progress, cancellation);
        _rows = new(() => new Embedder(meta.Network.TargetEncoder, meta.TargetEncoder, info.Configuration.Input).Embed(support, [.. Enumerable.Range(0, support.Count)], threads, cancellation));
        FineTuning = new FineTuning(meta, info, support, labels, classes.Count, source == null ? null : (source.Contents, [.. source.Labels.Select(label => Position(source.Classes[label]))]));

        int Position(string name) => classes.TakeWhile(c => c != name).Count();
    }

    /// <summary>Names that <see cref="Make"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [Auto, FineTuning.Name, .. s_heads.Select(h => h.Name)];

    /// <summary>Makes classifiers by fine-tuning.</summary>
    public FineTuning FineTuning { get; }

    /// <summary>Makes the classifier.</summary>
    /// <param name="head">One of <see cref="Names"/>.</param>
    public MadeClassifier Make(string head)
    {
        if (head != Auto) return By(head);
        // on the same folds; the first stays where others are no better
        var candidates = Candidates(_info);
        var folds = LeftOut.Folds(_labels, 0, FineTuning.Folds);
        if (folds.Count == 0) return By(candidates[0]);
        var (tuned, parts) = FineTuning.Run(_classes, folds, _threads, _progress, _cancellation);
        HeadEstimate[] compared = [.. candidates.Select(name => new HeadEstimate(name, (name == FineTuning.Name ? parts.Estimate
            : ClassifierParts.LeaveOut(_rows.Value, _labels, _classes.Count, Find(name), folds, _cancellation).Estimate)!))];
        var best = compared.MaxBy(c => c.Estimate.Right)!.Head;
        if (best == FineTuning.Name) return new MadeClassifier(tuned, parts, compared);
        tuned.Dispose();
        return By(best) with { Compared = compared };
    }

    /// <summary>
    /// What is tried, the likeliest first: what the training's choice says; otherwise fine-tuning where the encoder learnt from
    /// raw samples, and ridge regression where it only projects features.
    /// </summary>
    public static IReadOnlyList<string> Candidates(ModelInfo info)
    {
        string[] usual = info.Target!.Kind == ModalityKind.Features ? [new RidgeHead().Name, FineTuning.Name] : [FineTuning.Name, new RidgeHead().Name];
        return info.Head is { } chosen && Names.Contains(chosen) ? [chosen, .. usual.Where(name => name != chosen)] : usual;
    }

    private MadeClassifier By(string name)
    {
        if (name != FineTuning.Name) return new MadeClassifier(_meta.TargetEncoder.Clone(), ClassifierParts.Fit(_rows.Value, _labels, _classes, Find(name), _cancellation), []);
        var (encoder, parts) = FineTuning.Run(_classes, LeftOut.Folds(_labels, 0, FineTuning.Folds), _threads, _progress, _cancellation);
        return new MadeClassifier(encoder, parts, []);
    }

    private static LinearHead Find(string name) => Array.Find(s_heads, h => h.Name == name) ?? throw new CromaException($"There is no head '{name}'{Closest.Hint(name, Names)}");
}
