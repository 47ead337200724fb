using System.Runtime.CompilerServices;

namespace Croma.Compute.Kernels;

/// <summary>2 x 2 maximum pooling of one image [height * width, stride], on its own.</summary>
internal static unsafe class ImageOperations
{
    public static void RequirePoolable(ImageBatch x)
    {
        if (x.Height < 2 || x.Width < 2) throw new ArgumentException($"Images of {x.Height} x {x.Width} pixels are too small for windows of 2 x 2.", nameof(x));
    }

    /// <summary>y = each window's maximum; winners says which pixel of it that is, the first of equals: 0 to 3.</summary>
    public static void MaxPool(Real* x, Real* y, Real* winners, int height, int width, int stride) => Simd.Run(new Maxima(x, y, winners, height, width, stride));

    /// <summary>dx += dy at the winners.</summary>
    public static void MaxPoolGradient(Real* dy, Real* winners, Real* dx, int height, int width, int stride) => Simd.Run(new Gradient(dy, winners, dx, height, width, stride));

    private readonly struct Maxima(Real* x, Real* y, Real* winners, int height, int width, int stride) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var to = y;
            var number = winners;
            nint row = stride;
            var line = width * row;
            for (var top = 0; top + 1 < height; top += 2)
                for (var left = 0; left + 1 < width; left += 2, to += row, number += row)
                    for (nint c = 0; c < row; c += TSimd.Count)
                    {
                        var window = x + top * line + left * row + c;
                        var (best, winner) = (TSimd.Load(window), TSimd.Broadcast(0));
                        Compare<TSimd, TVector>(TSimd.Load(window + row), 1, ref best, ref winner);
                        Compare<TSimd, TVector>(TSimd.Load(window + line), 2, ref best, ref winner);
                        Compare<TSimd, TVector>(TSimd.Load(window + line + row), 3, ref best, ref winner);
                        TSimd.Store(best, to + c);
                        TSimd.Store(winner, number + c);
                    }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Compare<TSimd, TVector>(TVector value, Real number, ref TVector best, ref TVector winner)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            winner = TSimd.WhereGreaterOrNaN(value, best, TSimd.Broadcast(number), winner);
            best = TSimd.WhereGreaterOrNaN(value, best, value, best);
        }
    }

    private readonly struct Gradient(Real* dy, Real* winners, Real* dx, int height, int width, int stride) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            var from = dy;
            var number = winners;
            nint row = stride;
            var line = width * row;
            for (var top = 0; top + 1 < height; top += 2)
                for (var left = 0; left + 1 < width; left += 2, from += row, number += row)
                    for (nint c = 0; c < row; c += TSimd.Count)
                    {
                        var window = dx + top * line + left * row + c;
                        var (gradient, winner) = (TSimd.Load(from + c), TSimd.Load(number + c));
                        Add<TSimd, TVector>(window, TSimd.WhereEqual(winner, TSimd.Broadcast(0), gradient));
                        Add<TSimd, TVector>(window + row, TSimd.WhereEqual(winner, TSimd.Broadcast(1), gradient));
                        Add<TSimd, TVector>(window + line, TSimd.WhereEqual(winner, TSimd.Broadcast(2), gradient));
                        Add<TSimd, TVector>(window + line + row, TSimd.WhereEqual(winner, TSimd.Broadcast(3), gradient));
                    }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<TSimd, TVector>(Real* to, TVector gradient)
            where TSimd : ISimd<TVector>
            where TVector : struct => TSimd.Store(TSimd.Add(TSimd.Load(to), gradient), to);
    }
}
