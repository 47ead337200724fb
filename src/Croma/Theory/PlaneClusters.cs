using Croma.Compute;

namespace Croma.Theory;

/// <summary>k-means (Lloyd 1982) of points in the plane.</summary>
internal sealed class PlaneClusters
{
    private const int Rounds = 12;

    private readonly double[] _x, _y;

    /// <param name="points">Two or more points.</param>
    /// <param name="sets">S, at most as many as there are points.</param>
    /// <param name="random">Draws the points that are centres at first.</param>
    public PlaneClusters((double X, double Y)[] points, int sets, CounterRandom random)
    {
        int[] order = [.. Enumerable.Range(0, points.Length)];
        random.Shuffle(order.AsSpan());
        (_x, _y) = ([.. order.Take(sets).Select(i => points[i].X)], [.. order.Take(sets).Select(i => points[i].Y)]);
        Members = new int[points.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < points.Length; i++) Members[i] = Nearest(points[i]);
            var means = Means(points);
            for (var s = 0; s < sets; s++) (_x[s], _y[s]) = means[s] ?? (_x[s], _y[s]);
        }
        for (var i = 0; i < points.Length; i++) Members[i] = Nearest(points[i]);
    }

    /// <summary>Each point's set.</summary>
    public int[] Members { get; }

    /// <summary>The centre of a set.</summary>
    public (double X, double Y) Centre(int set) => (_x[set], _y[set]);

    /// <summary>The set whose centre is nearest.</summary>
    public int Nearest((double X, double Y) point)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var s = 0; s < _x.Length; s++)
        {
            var (dx, dy) = (point.X - _x[s], point.Y - _y[s]);
            if (dx * dx + dy * dy is var distance && distance < least) (best, least) = (s, distance);
        }
        return best;
    }

    /// <summary>The mean of each set's values, which come in the order of the points; null for an empty set.</summary>
    public (double X, double Y)?[] Means(ReadOnlySpan<(double X, double Y)> values)
    {
        var sums = new (double X, double Y, int Count)[_x.Length];
        for (var i = 0; i < values.Length; i++)
        {
            ref var sum = ref sums[Members[i]];
            sum = (sum.X + values[i].X, sum.Y + values[i].Y, sum.Count + 1);
        }
        return [.. sums.Select(s => s.Count == 0 ? ((double, double)?)null : (s.X / s.Count, s.Y / s.Count))];
    }
}
