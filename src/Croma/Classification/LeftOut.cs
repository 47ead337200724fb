namespace Croma.Classification;

/// <summary>What cross-validation of a support saw: samples classified by what the others teach.</summary>
internal sealed class LeftOut
{
    private readonly List<float[]> _logits = [];
    private readonly List<int> _truths = [];
    private readonly List<double> _strangeness = [];

    /// <summary>Each sample's strangeness, for the novelty test.</summary>
    public IReadOnlyList<double> Strangeness => _strangeness;

    /// <summary>How often it was right; null where nothing could be left out.</summary>
    public AccuracyEstimate? Estimate => _truths.Count == 0 ? null : new AccuracyEstimate(_logits.Zip(_truths).Count(p => Array.IndexOf(p.First, p.First.Max()) == p.Second), _truths.Count);

    /// <summary>Adds a sample.</summary>
    /// <param name="logits">One a class.</param>
    /// <param name="truth">Its class.</param>
    /// <param name="strangeness">How little it is like any class.</param>
    public void Add(double[] logits, int truth, double strangeness)
    {
        _logits.Add([.. logits.Select(l => (float)l)]);
        _truths.Add(truth);
        _strangeness.Add(strangeness);
    }

    /// <summary>Adds what another part of the cross-validation saw.</summary>
    public void Add(LeftOut other)
    {
        _logits.AddRange(other._logits);
        _truths.AddRange(other._truths);
        _strangeness.AddRange(other._strangeness);
    }

    /// <summary>The temperature at which the truths are likeliest.</summary>
    /// <param name="unknown">Where nothing could be left out.</param>
    public double Temperature(double unknown) => _truths.Count == 0 ? unknown : TemperatureScaling.Fit(_logits, _truths);

    /// <summary>Samples that are left out together, spread evenly over the classes; never the only one of a class, nor all of one.</summary>
    /// <param name="labels">The support's classes.</param>
    /// <param name="mostOneByOne">Up to so many samples each is left out by itself.</param>
    /// <param name="folds">Parts where there are more, two or more.</param>
    public static IReadOnlyList<int[]> Folds(IReadOnlyList<int> labels, int mostOneByOne, int folds)
    {
        var classes = Enumerable.Range(0, labels.Count).GroupBy(i => labels[i]).Where(g => g.Count() > 1).Select(g => g.ToArray()).ToList();
        if (classes.Sum(c => c.Length) <= mostOneByOne) return [.. classes.SelectMany(c => c.Select(i => (int[])[i]))];
        // every class is spread over the folds; one that is smaller than their number has a sample in some
        var next = 0;
        return [.. classes.SelectMany(c => c.Select(i => (Fold: next++ % folds, Sample: i))).GroupBy(f => f.Fold).OrderBy(g => g.Key).Select(g => g.Select(f => f.Sample).ToArray())];
    }
}
