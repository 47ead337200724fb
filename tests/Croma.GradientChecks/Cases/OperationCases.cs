using Croma.Compute;

namespace Croma.GradientChecks.Cases;

internal static class OperationCases
{
    private static readonly (int Rows, int Columns)[] s_shapes = [(1, 1), (3, 5), (2, 17), (4, 70)];

    public static IEnumerable<GradientCase> All => Elementwise.Concat(Sequences).Concat(Products).Concat(Sums);

    private static IEnumerable<GradientCase> Elementwise
    {
        get
        {
            foreach (var (rows, columns) in s_shapes)
            {
                yield return Unary($"relu {rows} x {columns}", rows, columns, (tape, x) => tape.Relu(x));
                yield return Unary($"normalize {rows} x {columns}", rows, columns, (tape, x) => tape.Normalize(x));
                yield return Unary($"dropout {rows} x {columns}", rows, columns, (tape, x) => tape.Dropout(x, 0.3, 5));
                yield return Unary($"relu of normalize of relu {rows} x {columns}", rows, columns + 1, (tape, x) => tape.Relu(tape.Normalize(tape.Relu(x))));
                yield return new($"uniform cross-entropy {rows} x {columns}", () => new Problem(2).Variable(rows, columns).Of((tape, x) => tape.UniformCrossEntropy(x[0])));
                yield return new($"cross-entropy {rows} x {columns}", () =>
                {
                    var problem = new Problem(2).Variable(rows, columns);
                    var labels = problem.Tokens(rows, columns);
                    return problem.Of((tape, x) => tape.CrossEntropy(x[0], labels));
                });
            }
        }
    }

    private static IEnumerable<GradientCase> Sequences =>
        from columns in (int[])[5, 17, 70]
        from lengths in (int[][])[[1], [4], [2, 4, 1]]
        select Unary($"max over time, {columns} columns, lengths {string.Join(' ', lengths)}", 4 * lengths.Length, columns, (tape, x) => tape.MaxOverTime(x, lengths));

    private static IEnumerable<GradientCase> Products
    {
        get
        {
            foreach (var columns in (int[])[5, 17, 70])
            {
                yield return Binary($"inner products of {columns} columns", (3, columns), (5, columns), (tape, a, b) => tape.InnerProducts(a, b));
                yield return Unary($"inner products of a constant's {columns} columns", 3, columns, (tape, x) => tape.InnerProducts(Constant(tape, 5, columns), x));
                yield return Unary($"inner products with a constant's {columns} columns", 3, columns, (tape, x) => tape.InnerProducts(x, Constant(tape, 5, columns)));
            }
            yield return Unary("inner products of a matrix with itself", 4, 17, (tape, x) => tape.InnerProducts(x, x));
            yield return Binary("5 columns beside 17", (3, 5), (3, 17), (tape, a, b) => tape.Concatenate(a, b));
            yield return Binary("70 columns beside 16", (2, 70), (2, 16), (tape, a, b) => tape.Concatenate(a, b));
            yield return Unary("columns beside a constant's", 3, 5, (tape, x) => tape.Concatenate(x, Constant(tape, 3, 17)));
            yield return Unary("columns behind a constant's", 3, 5, (tape, x) => tape.Concatenate(Constant(tape, 3, 17), x));
            yield return Unary("a matrix beside itself", 3, 17, (tape, x) => tape.Concatenate(x, x));
        }
    }

    private static IEnumerable<GradientCase> Sums
    {
        get
        {
            yield return Binary("mean squared error", (3, 17), (3, 17), (tape, a, b) => tape.MeanSquaredError(a, b, [1, 1, 1]));
            yield return Binary("mean squared error of sequences", (12, 5), (12, 5), (tape, a, b) => tape.MeanSquaredError(a, b, [2, 4, 1]));
            yield return Unary("mean squared error from a constant", 8, 70, (tape, x) => tape.MeanSquaredError(x, Constant(tape, 8, 70), [3, 4]));
            yield return Unary("mean squared error of a constant", 8, 70, (tape, x) => tape.MeanSquaredError(Constant(tape, 8, 70), x, [3, 4]));
            yield return Binary("add", (3, 17), (3, 17), (tape, a, b) => tape.Add(a, b));
            yield return Unary("add a constant", 3, 5, (tape, x) => tape.Add(x, Constant(tape, 3, 5)));
            yield return Unary("add to a constant", 3, 5, (tape, x) => tape.Add(Constant(tape, 3, 5), x));
            yield return Unary("add a matrix to itself", 3, 5, (tape, x) => tape.Add(x, x));
            foreach (var columns in (int[])[5, 17, 70])
            {
                yield return Unary($"group means of {columns} columns", 7, columns, (tape, x) => tape.GroupMeans(x, [9, 1, 9, 9, 2, 1, 0]));
                yield return Unary($"mean of one group of {columns} columns", 3, columns, (tape, x) => tape.GroupMeans(x, [4, 4, 4]));
            }
        }
    }

    private static GradientCase Unary(string name, int rows, int columns, Func<Tape, Tensor, Tensor> operation) => new(name, () =>
        new Problem(3).Variable(rows, columns).Of((tape, x) => tape.WeightedSum(operation(tape, x[0]))));

    private static GradientCase Binary(string name, (int Rows, int Columns) a, (int Rows, int Columns) b, Func<Tape, Tensor, Tensor, Tensor> operation) => new(name, () =>
        new Problem(4).Variable(a.Rows, a.Columns).Variable(b.Rows, b.Columns).Of((tape, x) => tape.WeightedSum(operation(tape, x[0], x[1]))));

    private static Tensor Constant(Tape tape, int rows, int columns)
    {
        var random = new CounterRandom(5, 6);
        return tape.Input([.. Enumerable.Range(0, rows * columns).Select(_ => random.NextNormal())], rows, columns);
    }
}
