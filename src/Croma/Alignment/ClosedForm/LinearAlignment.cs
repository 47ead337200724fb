using Croma.Algebra;

namespace Croma.Alignment.ClosedForm;

/// <summary>How a linear map of each side is made from pairs.</summary>
public enum LinearAlignmentKind
{
    /// <summary>Orthogonal regression: rotations of the two sides' principal components (Schoenemann 1966).</summary>
    Procrustes,

    /// <summary>Ridge regression of the source on the target, of low rank (Izenman 1975; Mukherjee and Zhu 2011).</summary>
    Regression,

    /// <summary>Canonical correlation, regularised (Hotelling 1936; Vinod 1976).</summary>
    Correlation,
}

/// <summary>Two linear maps into one space: e_s(x) = Source (x - mean), e_t(y) = Target (y - mean).</summary>
/// <param name="Source">[rank][p].</param>
/// <param name="Target">[rank][q].</param>
/// <param name="Strengths">What each dimension's singular value is: a correlation where the kind is <see cref="LinearAlignmentKind.Correlation"/>.</param>
internal sealed record LinearMaps(double[][] Source, double[][] Target, double[] Strengths);

/// <summary>
/// Alignment in closed form. Each side is seen in its principal components, of which 256 at most are kept; there all three
/// kinds are one singular value decomposition of a C b, the cross-covariance C with its rows and columns scaled.
/// </summary>
internal sealed class LinearAlignment
{
    private const int MostComponents = 256;

    // a component with less of the greatest variance is rounding
    private const double LeastVariance = 1e-10;

    private readonly Side _source, _target;
    private readonly double[][] _cross;

    /// <param name="moments">Of the pairs.</param>
    public LinearAlignment(PairMoments moments)
    {
        (_source, _target) = (Side.Of(moments.Source), Side.Of(moments.Target));
        _cross = Vectors.Product(Vectors.Product(_source.Components, moments.Cross), Vectors.Transposed(_target.Components));
        MostRank = Math.Min(_source.Variances.Length, _target.Variances.Length);
    }

    /// <summary>The greatest rank there is.</summary>
    public int MostRank { get; }

    /// <summary>Makes the maps; they may have fewer dimensions than asked for where pairs say no more.</summary>
    /// <param name="kind">How.</param>
    /// <param name="rank">Dimensions of the space, up to <see cref="MostRank"/>.</param>
    /// <param name="strength">Of the ridge, in mean variances of a component; not read for <see cref="LinearAlignmentKind.Procrustes"/>.</param>
    public LinearMaps Solve(LinearAlignmentKind kind, int rank, double strength)
    {
        if (kind == LinearAlignmentKind.Procrustes)
        {
            // a rotation has two sides of one dimension: the first components of each
            var turned = SingularValues.Of([.. _cross[..rank].Select(row => row[..rank])]);
            return new LinearMaps(Vectors.Product(turned.Left, _source.Components[..rank]), Vectors.Product(turned.Right, _target.Components[..rank]), turned.Values);
        }
        var target = _target.Roots(strength);
        var source = kind == LinearAlignmentKind.Correlation ? _source.Roots(strength) : [.. _source.Variances.Select(_ => 1.0)];
        var decomposed = SingularValues.Of([.. _cross.Index().Select(row => row.Item.Zip(target, (c, b) => source[row.Index] * c * b).ToArray())]);
        rank = Math.Min(rank, decomposed.Rank);
        // the regression's fitted values carry the singular values, correlations do not
        double[][] right = [.. decomposed.Right[..rank].Index().Select(v => Scaled(v.Item, target, kind == LinearAlignmentKind.Regression ? decomposed.Values[v.Index] : 1))];
        double[][] left = [.. decomposed.Left[..rank].Select(u => Scaled(u, source, 1))];
        return new LinearMaps(Vectors.Product(left, _source.Components), Vectors.Product(right, _target.Components), decomposed.Values[..rank]);
    }

    private static double[] Scaled(double[] row, double[] by, double factor) => [.. row.Zip(by, (x, b) => factor * x * b)];

    /// <summary>One side's principal components.</summary>
    private sealed record Side(double[][] Components, double[] Variances)
    {
        public static Side Of(double[][] covariance)
        {
            var eigen = SymmetricEigen.Of(covariance);
            var kept = Math.Clamp(eigen.Values.Count(v => v > LeastVariance * eigen.Values[0]), 1, MostComponents);
            return new Side(eigen.Directions[..kept], eigen.Values[..kept]);
        }

        /// <summary>(variance + ridge)^-1/2 of each component.</summary>
        public double[] Roots(double strength) => [.. Variances.Select(v => 1 / Math.Sqrt(Math.Max(v + strength * Variances.Average(), double.Epsilon)))];
    }
}
