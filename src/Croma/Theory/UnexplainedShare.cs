using Croma.Compute;

namespace Croma.Theory;

/// <summary>A share of variance, from sums over samples; samples of one unit (a task, a class, a set) are resampled together.</summary>
internal sealed class UnexplainedShare
{
    private readonly (double Left, double Whole)[] _units;

    /// <param name="samples">Of each sample what is left and what there is.</param>
    /// <param name="unitOf">The unit of each.</param>
    /// <param name="drawn">Units of a resample, where several share what they are made of; null: all.</param>
    public UnexplainedShare(IReadOnlyList<(double Left, double Whole)> samples, IReadOnlyList<int> unitOf, int? drawn = null)
    {
        _units = [.. Enumerable.Range(0, samples.Count).GroupBy(i => unitOf[i]).Select(g => (g.Sum(i => samples[i].Left), g.Sum(i => samples[i].Whole)))];
        Drawn = drawn ?? _units.Length;
    }

    /// <summary>Units of a resample.</summary>
    public int Drawn { get; }

    public double Unexplained() => Ratio(_units);

    public double Unexplained(CounterRandom random) => Ratio([.. Enumerable.Range(0, Drawn).Select(_ => _units[random.Next(_units.Length)])]);

    private static double Ratio((double Left, double Whole)[] units) => units.Sum(u => u.Whole) is > 0 and var whole ? units.Sum(u => u.Left) / whole : 1;
}
