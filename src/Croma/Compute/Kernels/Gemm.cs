namespace Croma.Compute.Kernels;

/// <summary>What a product does with what is already in the output.</summary>
internal enum Epilogue
{
    /// <summary>C = A W (+ bias).</summary>
    Store,

    /// <summary>C += A W (+ bias).</summary>
    Add,

    /// <summary>C = max(0, A W + bias).</summary>
    Relu,
}

/// <summary>Matrix products with weights in panels (see <see cref="Panels"/>).</summary>
internal static unsafe class Gemm
{
    /// <summary>C[m, n] = A[m, k] W[k, n] (+ bias[n]). Rows of A and C are <paramref name="lda"/> and <paramref name="ldc"/> apart; writes all padded columns.</summary>
    public static void Multiply(Real* a, int lda, Real* panels, Real* bias, Real* c, int ldc, int m, int n, int k, Epilogue epilogue)
    {
        for (var i = 0; i < m; i++)
            for (var j = 0; j < Panels.Padded(n); j++)
            {
                var sum = bias == null ? 0 : bias[j];
                if (epilogue == Epilogue.Add) sum += c[i * ldc + j];
                for (var p = 0; p < k; p++) sum += a[i * lda + p] * panels[Panels.Offset(p, j, k, n)];
                c[i * ldc + j] = epilogue == Epilogue.Relu ? Math.Max(sum, 0) : sum;
            }
    }

    /// <summary>dA[m, k] (+)= dC[m, n] W[k, n]^T, with W in panels of [k, n].</summary>
    public static void InputGradient(Real* dc, int ldc, Real* panels, Real* da, int lda, int m, int n, int k, bool add)
    {
        for (var i = 0; i < m; i++)
            for (var p = 0; p < k; p++)
            {
                Real sum = add ? da[i * lda + p] : 0;
                for (var j = 0; j < n; j++) sum += dc[i * ldc + j] * panels[Panels.Offset(p, j, k, n)];
                da[i * lda + p] = sum;
            }
    }

    /// <summary>dW[k, n] += A[m, k]^T dC[m, n] in panels; dBias[n] += the column sums of dC (null: no bias).</summary>
    public static void WeightGradient(Real* a, int lda, Real* dc, int ldc, Real* dPanels, Real* dBias, int m, int n, int k)
    {
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
            {
                var d = dc[i * ldc + j];
                if (dBias != null) dBias[j] += d;
                for (var p = 0; p < k; p++) dPanels[Panels.Offset(p, j, k, n)] += a[i * lda + p] * d;
            }
    }

    /// <summary>The panels of W[k, n]^T, that is of a matrix [n, k].</summary>
    public static void Transpose(Real* panels, Real* transposed, int n, int k)
    {
        for (var p = 0; p < k; p++)
            for (var j = 0; j < n; j++)
                transposed[Panels.Offset(j, p, n, k)] = panels[Panels.Offset(p, j, k, n)];
    }
}
