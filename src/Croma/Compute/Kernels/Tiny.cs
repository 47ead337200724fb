namespace Croma.Compute.Kernels;

/// <summary>
/// Numbers so small that a product of two would leave the range of normal floats (1.2e-38), where a processor takes some
/// hundred times as long for it. A recurrent network with saturated gates makes them in great numbers, and every product
/// of matrices that meets them slows down with them: training took ten times as long. They are taken for 0 where they
/// arise. Nothing is lost: beside Adam's epsilon of 1e-8 such a gradient moves nothing.
/// </summary>
internal static class Tiny
{
    public const float Below = 1e-18f;

    public static Real Drop(Real x) => Math.Abs(x) < Below ? 0 : x;
}
