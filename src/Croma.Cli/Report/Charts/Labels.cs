namespace Croma.Cli.Report.Charts;

/// <summary>Finds places for names in a plot: near what they name, off each other, off the large marks and, if possible, off the points.</summary>
/// <param name="width">The plot's right end.</param>
/// <param name="top">Its upper end.</param>
/// <param name="bottom">Its lower end.</param>
/// <param name="marks">Large marks, to be kept free.</param>
/// <param name="points">Points, better kept free.</param>
internal sealed class Labels(double width, double top, double bottom, IReadOnlyList<(double X, double Y)> marks, IReadOnlyList<(double X, double Y)> points)
{
    private const double CharacterWidth = 7.2, Height = 15, Edge = 4, MarkRadius = 9, PointRadius = 3;
    private const double LabelCost = 1000, MarkCost = 40, PointCost = 4, DistanceCost = 0.5;

    private readonly List<(double X, double Y, double Half)> _taken = [];

    /// <summary>The middle of the best place for a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="near">The places it may stand for.</param>
    public (double X, double Y) Place(string name, params ReadOnlySpan<(double X, double Y)> near)
    {
        var half = Math.Min(name.Length * CharacterWidth / 2, width / 2 - Edge);
        var (best, bestCost) = ((X: near[0].X, Y: near[0].Y), double.PositiveInfinity);
        foreach (var (x, y) in near)
            for (var row = -8; row <= 8; row++)
                foreach (var side in (ReadOnlySpan<double>)[0, 1, -1])
                {
                    var at = (X: Math.Clamp(x + side * (half + MarkRadius), half + Edge, width - half - Edge), Y: y + row * Height);
                    if (at.Y - Height / 2 < top + Edge || at.Y + Height / 2 > bottom - Edge) continue;
                    var cost = Cost(at.X, at.Y, half) + DistanceCost * (Math.Abs(row) * Height + Math.Max(0, Math.Abs(at.X - x) - half));
                    if (cost < bestCost) (best, bestCost) = (at, cost);
                }
        _taken.Add((best.X, best.Y, half));
        return best;
    }

    private double Cost(double x, double y, double half)
    {
        return LabelCost * _taken.Count(t => Math.Abs(t.Y - y) < Height && Math.Abs(t.X - x) < t.Half + half)
            + MarkCost * Covered(marks, MarkRadius) + PointCost * Covered(points, PointRadius);

        int Covered(IReadOnlyList<(double X, double Y)> places, double radius) =>
            places.Count(p => Math.Abs(p.X - x) < half + radius && Math.Abs(p.Y - y) < Height / 2 + radius);
    }
}
