using System.Runtime.Intrinsics;

namespace Croma.Compute.Kernels;

internal static unsafe partial class Tiles
{
    /// <summary>Adam's step of C[rows, width] from the gradient A B; moments lie <paramref name="toFirst"/> (0: no momentum) and <paramref name="toSecond"/> bytes behind C.</summary>
    public static void CoverWithSteps(in TileOperands operands, nint toFirst, nint toSecond, in AdamRates rates, int rows, int width)
    {
        switch (Simd.Active)
        {
            case InstructionSet.Avx512:
                CoverWithSteps<Simd512, Vector512<Real>>(operands, toFirst, toSecond, rates, rows, width);
                break;
            case InstructionSet.Avx2:
                CoverWithSteps<Simd256, Vector256<Real>>(operands, toFirst, toSecond, rates, rows, width);
                break;
            default:
                CoverWithSteps<Simd128, Vector128<Real>>(operands, toFirst, toSecond, rates, rows, width);
                break;
        }
    }

    /// <summary>Whole rows of a panel, where registers hold four: parameters and moments are then walked through without gaps.</summary>
    private static void CoverWithSteps<TSimd, TVector>(in TileOperands operands, nint toFirst, nint toSecond, in AdamRates rates, int rows, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        var at = operands;
        var most = TSimd.Registers >= 32 ? 4 : 2;
        for (var vectors = width / TSimd.Count; vectors > 0;)
        {
            var across = Math.Min(vectors, most);
            switch (across, toFirst)
            {
                case (4, 0): StepRows<TSimd, TVector, Four, No>(at, toFirst, toSecond, rates, rows); break;
                case (4, _): StepRows<TSimd, TVector, Four, Yes>(at, toFirst, toSecond, rates, rows); break;
                case (3, 0): StepRows<TSimd, TVector, Three, No>(at, toFirst, toSecond, rates, rows); break;
                case (3, _): StepRows<TSimd, TVector, Three, Yes>(at, toFirst, toSecond, rates, rows); break;
                case (2, 0): StepRows<TSimd, TVector, Two, No>(at, toFirst, toSecond, rates, rows); break;
                case (2, _): StepRows<TSimd, TVector, Two, Yes>(at, toFirst, toSecond, rates, rows); break;
                case (_, 0): StepRows<TSimd, TVector, One, No>(at, toFirst, toSecond, rates, rows); break;
                default: StepRows<TSimd, TVector, One, Yes>(at, toFirst, toSecond, rates, rows); break;
            }
            at.B += across * TSimd.Count;
            at.C += across * TSimd.Count;
            vectors -= across;
        }
    }

    private static void StepRows<TSimd, TVector, TWidth, TMomentum>(TileOperands at, nint toFirst, nint toSecond, in AdamRates rates, int rows)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TWidth : IConstant
        where TMomentum : IConstant
    {
        var most = TSimd.Registers >= 32 && TWidth.Value <= 2 ? 8 : 4;
        for (var left = rows; left > 0;)
        {
            var taken = Math.Min(left, most);
            switch (taken)
            {
                case 8: StepTile<TSimd, TVector, Eight, TWidth, TMomentum>.Step(at, toFirst, toSecond, rates); break;
                case 7: StepTile<TSimd, TVector, Seven, TWidth, TMomentum>.Step(at, toFirst, toSecond, rates); break;
                case 6: StepTile<TSimd, TVector, Six, TWidth, TMomentum>.Step(at, toFirst, toSecond, rates); break;
                case 5: StepTile<TSimd, TVector, Five, TWidth, TMomentum>.Step(at, toFirst, toSecond, rates); break;
                case 4: StepTile<TSimd, TVector, Four, TWidth, TMomentum>.Step(at, toFirst, toSecond, rates); break;
                case 3: StepTile<TSimd, TVector, Three, TWidth, TMomentum>.Step(at, toFirst, toSecond, rates); break;
                case 2: StepTile<TSimd, TVector, Two, TWidth, TMomentum>.Step(at, toFirst, toSecond, rates); break;
                default: StepTile<TSimd, TVector, One, TWidth, TMomentum>.Step(at, toFirst, toSecond, rates); break;
            }
            at.A += taken * at.ARow;
            at.C += taken * at.CRow;
            left -= taken;
        }
    }
}
