#if REAL_IS_DOUBLE
namespace Croma.Compute.Kernels;

/// <summary>The elementary functions for gradient checks in double precision: number by number, exact, not fast.</summary>
internal static unsafe class Elementary<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public static TVector Exp(TVector x) => Map(x, &Math.Exp);

    public static TVector Sigmoid(TVector x) => Map(x, &Sigmoid);

    public static TVector Tanh(TVector x) => Map(x, &Math.Tanh);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static TVector Map(TVector x, delegate*<double, double> function)
    {
        var numbers = stackalloc double[TSimd.Count];
        TSimd.Store(x, numbers);
        for (var i = 0; i < TSimd.Count; i++) numbers[i] = function(numbers[i]);
        return TSimd.Load(numbers);
    }
}
#endif
