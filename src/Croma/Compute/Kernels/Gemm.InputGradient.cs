using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Croma.Compute.Kernels;

internal static unsafe partial class Gemm
{
    /// <summary>dA[m, k] (+)= dC[m, n] W[k, n]^T, with W in panels of [k, n]. Reads dC's padding, which must be zero.</summary>
    public static void InputGradient(Real* dc, int ldc, Real* panels, Real* da, int lda, int m, int n, int k, bool add)
    {
        if (!add)
            for (var i = 0; i < m; i++) NativeMemory.Clear(da + (long)i * lda, (nuint)k * sizeof(Real));
        switch (Simd.Active)
        {
            case InstructionSet.Avx512:
                InputGradient<Simd512, Vector512<Real>>(dc, ldc, panels, da, lda, m, n, k);
                break;
            case InstructionSet.Avx2:
                InputGradient<Simd256, Vector256<Real>>(dc, ldc, panels, da, lda, m, n, k);
                break;
            default:
                InputGradient<Simd128, Vector128<Real>>(dc, ldc, panels, da, lda, m, n, k);
                break;
        }
    }

    private static void InputGradient<TSimd, TVector>(Real* dc, nint ldc, Real* panels, Real* da, nint lda, int m, int n, int k)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        const int across = 4;
        var last = stackalloc Real[Tiles.MostRows * across];
        for (var left = m; left > 0;)
        {
            var rows = TSimd.Registers >= 32 ? Tiles.NextRows(left) : Math.Min(left, 2);
            var p = 0;
            for (; p + across <= k; p += across)
                AddProducts<TSimd, TVector>(dc, ldc, panels, p, 1, da + p, lda, rows, n, k);
            for (; p < k; p++)
            {
                new Span<Real>(last, rows * across).Clear();
                AddProducts<TSimd, TVector>(dc, ldc, panels, p, 0, last, across, rows, n, k);
                for (var i = 0; i < rows; i++) da[i * lda + p] += last[i * across];
            }
            dc += rows * ldc;
            da += rows * lda;
            left -= rows;
        }
    }

    private static void AddProducts<TSimd, TVector>(Real* dc, nint ldc, Real* panels, int p, nint next, Real* da, nint lda, int rows, int n, int k)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        switch (rows)
        {
            case 6: DotTile<TSimd, TVector, Six>.AddProducts(dc, ldc, panels, p, next, da, lda, n, k); break;
            case 5: DotTile<TSimd, TVector, Five>.AddProducts(dc, ldc, panels, p, next, da, lda, n, k); break;
            case 4: DotTile<TSimd, TVector, Four>.AddProducts(dc, ldc, panels, p, next, da, lda, n, k); break;
            case 3: DotTile<TSimd, TVector, Three>.AddProducts(dc, ldc, panels, p, next, da, lda, n, k); break;
            case 2: DotTile<TSimd, TVector, Two>.AddProducts(dc, ldc, panels, p, next, da, lda, n, k); break;
            default: DotTile<TSimd, TVector, One>.AddProducts(dc, ldc, panels, p, next, da, lda, n, k); break;
        }
    }
}
