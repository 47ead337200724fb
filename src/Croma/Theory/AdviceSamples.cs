using Croma.Data;
using Croma.Evaluation;
using Croma.Search;

namespace Croma.Theory;

/// <summary>Samples of one modality as vectors, with their classes.</summary>
internal sealed record ClassedRows(IReadOnlyList<double[]> Rows, IReadOnlyList<int> Classes);

/// <summary>
/// What advice is estimated from: samples of concepts that training may see. Without a model these are of meta-train; a model has seen those,
/// so that with one they are of meta-validation. Nothing of meta-test is read, be it content or label.
/// </summary>
internal sealed class AdviceSamples
{
    // more say little more
    private const int MostOfAKind = 4000;

    private readonly CrossModalDataset _dataset;
    private readonly SearchModel? _model;
    private readonly ConceptSplit _split;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;

    public AdviceSamples(CrossModalDataset dataset, SearchModel? model, int threads, CancellationToken cancellation)
    {
        (_dataset, _model, _threads, _cancellation) = (dataset, model, threads, cancellation);
        _split = model is null ? ConceptSplit.MetaTrain : ConceptSplit.MetaValidation;
        SourceLabelled = Labelled(ModalityRole.Source, Part.Source);
        TargetLabelled = Labelled(ModalityRole.Target, Part.Target);
        IsWeak = dataset.StrongPairs.Count == 0;
        if (IsWeak)
        {
            var samples = Some(Of(dataset.Source, Part.Alignment, _split).Where(i => ClusterOf(dataset.Source, i) is not null));
            string[] clusters = [.. samples.Select(i => ClusterOf(dataset.Source, i)!)];
            Groups = [.. clusters.Select(c => Array.IndexOf(clusters, c))];
            PairSources = Rows(ModalityRole.Source, samples);
            PairTargets = Rows(ModalityRole.Target, Some(Of(dataset.Target, Part.Alignment, _split)));
            Sets = clusters.Distinct(StringComparer.Ordinal).Count();
            KnownSets = Of(dataset.Source, Part.Alignment, ConceptSplit.MetaTrain).Select(i => ClusterOf(dataset.Source, i)).OfType<string>().Distinct(StringComparer.Ordinal).Count();
            KnownPairs = Math.Min(Of(dataset.Source, Part.Alignment, ConceptSplit.MetaTrain).Count(), Of(dataset.Target, Part.Alignment, ConceptSplit.MetaTrain).Count());
        }
        else
        {
            var pairs = Some(dataset.StrongPairs.Where(p => SplitOf(dataset.Source, p.Source) == _split && SplitOf(dataset.Target, p.Target) == _split));
            Groups = [.. pairs.Select(p => dataset.Source.Concept(p.Source))];
            (PairSources, PairTargets) = (Rows(ModalityRole.Source, [.. pairs.Select(p => p.Source)]), Rows(ModalityRole.Target, [.. pairs.Select(p => p.Target)]));
            Sets = Groups.Distinct().Count();
            KnownPairs = dataset.StrongPairs.Count(p => SplitOf(dataset.Source, p.Source) == ConceptSplit.MetaTrain);
        }
        var perClass = Of(dataset.Source, Part.Source, ConceptSplit.MetaTrain).GroupBy(dataset.Source.Concept).Select(g => g.Count()).ToList();
        SourcePerClass = perClass.Count == 0 ? 0 : perClass.Average();
    }

    public ClassedRows SourceLabelled { get; }

    public ClassedRows TargetLabelled { get; }

    /// <summary>x_s of the pairs, or of the sets where pairs are weak.</summary>
    public IReadOnlyList<double[]> PairSources { get; }

    /// <summary>x_t of the pairs; of weak ones all alignment samples, in no order of pairs.</summary>
    public IReadOnlyList<double[]> PairTargets { get; }

    /// <summary>The concept of each pair, or the cluster of each sample of a set.</summary>
    public IReadOnlyList<int> Groups { get; }

    /// <summary>Whether only sets of pairs are known.</summary>
    public bool IsWeak { get; }

    /// <summary>Sets among these.</summary>
    public int Sets { get; }

    /// <summary>Sets that training has; 0 where pairs are strong.</summary>
    public int KnownSets { get; }

    /// <summary>Pairs that training has (weak: of the scarcer side's samples).</summary>
    public int KnownPairs { get; }

    /// <summary>Labelled source samples of a class that training has, on average.</summary>
    public double SourcePerClass { get; }

    private ClassedRows Labelled(ModalityRole role, Part part)
    {
        var data = role == ModalityRole.Source ? _dataset.Source : _dataset.Target;
        var samples = Some(Of(data, part, _split));
        return new ClassedRows(Rows(role, samples), [.. samples.Select(data.Concept)]);
    }

    private double[][] Rows(ModalityRole role, int[] samples)
    {
        var contents = (role == ModalityRole.Source ? _dataset.Source : _dataset.Target).Contents;
        if (_model is not null) return _model.Embed(role, contents, samples, _threads, _cancellation);
        var rows = new double[samples.Length][];
        Workers.Run(samples.Length, _threads, i => rows[i] = SampleDescriptions.Of(contents, samples[i]), _cancellation);
        return rows;
    }

    private IEnumerable<int> Of(ModalityData data, Part part, ConceptSplit split) => Enumerable.Range(0, data.Count).Where(i => data.Part(i) == part && SplitOf(data, i) == split);

    private ConceptSplit SplitOf(ModalityData data, int sample) => _dataset.Concepts[data.Concept(sample)].Split;

    private string? ClusterOf(ModalityData data, int sample) => _dataset.Concepts[data.Concept(sample)].Cluster;

    /// <summary>All, or evenly some of too many.</summary>
    private static T[] Some<T>(IEnumerable<T> items)
    {
        T[] all = [.. items];
        return all.Length <= MostOfAKind ? all : [.. Enumerable.Range(0, MostOfAKind).Select(i => all[(int)((long)i * all.Length / MostOfAKind)])];
    }
}
