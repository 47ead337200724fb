using System.Runtime.InteropServices;
using Croma.Compute;

namespace Croma.Tests.Kernels;

/// <summary>Pinned numbers for kernels, and matrices in the engine's layouts.</summary>
internal static unsafe class Matrices
{
    /// <summary>Random numbers in [-1, 1), in memory that does not move.</summary>
    public static float[] Random(CounterRandom random, int count)
    {
        var numbers = GC.AllocateUninitializedArray<float>(count, pinned: true);
        for (var i = 0; i < count; i++) numbers[i] = (float)random.Next(-1, 1);
        return numbers;
    }

    public static float[] Filled(int count, float value)
    {
        var numbers = GC.AllocateUninitializedArray<float>(count, pinned: true);
        numbers.AsSpan().Fill(value);
        return numbers;
    }

    public static float[] Copy(float[] numbers)
    {
        var copy = GC.AllocateUninitializedArray<float>(numbers.Length, pinned: true);
        numbers.CopyTo(copy, 0);
        return copy;
    }

    public static float* Pointer(this float[] pinned) => (float*)Unsafe(pinned);

    /// <summary>[rows, columns], each row padded with zeros as the engine pads it.</summary>
    public static float[] RandomRows(CounterRandom random, int rows, int columns)
    {
        var stride = Panels.Padded(columns);
        var numbers = Random(random, rows * stride);
        for (var r = 0; r < rows; r++) numbers.AsSpan(r * stride + columns, stride - columns).Clear();
        return numbers;
    }

    /// <summary>A weight matrix [rows, columns] in panels.</summary>
    public static float[] RandomPanels(CounterRandom random, int rows, int columns)
    {
        var numbers = Filled(Panels.Size(rows, columns), 0);
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                numbers[Panels.Offset(r, c, rows, columns)] = (float)random.Next(-1, 1);
        return numbers;
    }

    /// <summary>Fails unless they agree to 4e-6 of <paramref name="scale"/>: for a sum, the root of its number of terms.</summary>
    public static void AssertClose(double expected, float actual, double scale, string what)
    {
        if (!(Math.Abs(expected - actual) <= 4e-6 * scale))
            Assert.Fail($"{what}: expected {expected}, got {actual}.");
    }

    private static void* Unsafe(float[] pinned) => System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
