using MathNet.Numerics.LinearAlgebra;

namespace Croma.Cli.Report;

/// <summary>An orthogonal projection to the two directions in which some points vary most.</summary>
internal sealed class PlaneProjection
{
    private readonly Vector<double> _centre;
    private readonly Matrix<double> _directions;

    private PlaneProjection(Vector<double> centre, Matrix<double> directions) => (_centre, _directions) = (centre, directions);

    /// <summary>The first two principal components of the rows.</summary>
    public static PlaneProjection Fit(Matrix<double> rows) => Fit(rows, Mean(rows));

    /// <summary>The first two principal components of the means of the rows with the same label.</summary>
    public static PlaneProjection FitMeans(Matrix<double> rows, int[] labels) => Fit(Means(rows, labels), Mean(rows));

    /// <summary>Each row's place in the plane [rows, 2].</summary>
    public Matrix<double> Project(Matrix<double> rows) => Centred(rows, _centre) * _directions;

    /// <summary>The share of the rows' variance that lies between the labels' means, 0 ... 1.</summary>
    public static double ShareBetween(Matrix<double> rows, int[] labels)
    {
        var centre = Mean(rows);
        var total = Centred(rows, centre).RowNorms(2).PointwisePower(2).Sum();
        if (total == 0) return 0;
        var sizes = labels.GroupBy(l => l).Select(g => g.Count());
        return Centred(Means(rows, labels), centre).RowNorms(2).Zip(sizes, (distance, size) => size * distance * distance).Sum() / total;
    }

    private static PlaneProjection Fit(Matrix<double> rows, Vector<double> centre)
    {
        // the small Gram matrix has the covariance's eigenvectors, mapped by the rows
        var centred = Centred(rows, Mean(rows));
        var eigen = (centred * centred.Transpose()).Evd(Symmetricity.Symmetric);
        var strongest = Enumerable.Range(0, rows.RowCount).OrderByDescending(i => eigen.EigenValues[i].Real).Take(2);
        return new PlaneProjection(centre, Matrix<double>.Build.DenseOfColumnVectors(strongest.Select(i => Directed(centred.TransposeThisAndMultiply(eigen.EigenVectors.Column(i))))));
    }

    /// <summary>At length 1 with its greatest part positive, so that a map is never mirrored by chance; zero stays zero.</summary>
    private static Vector<double> Directed(Vector<double> direction)
    {
        var length = direction.L2Norm();
        if (length < 1e-12) return direction.Map(_ => 0.0);
        return direction / (direction[direction.AbsoluteMaximumIndex()] < 0 ? -length : length);
    }

    private static Vector<double> Mean(Matrix<double> rows) => rows.ColumnSums() / rows.RowCount;

    private static Matrix<double> Means(Matrix<double> rows, int[] labels) =>
        Matrix<double>.Build.DenseOfRowVectors(labels.Index().GroupBy(l => l.Item, l => l.Index).Select(own => own.Select(rows.Row).Aggregate((a, b) => a + b) / own.Count()));

    private static Matrix<double> Centred(Matrix<double> rows, Vector<double> centre) =>
        Matrix<double>.Build.DenseOfRowVectors(rows.EnumerateRows().Select(row => row - centre));
}
