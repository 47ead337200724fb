using Croma.Compute;
using Croma.Compute.Layers;

namespace Croma.GradientChecks.Cases;

internal static class LayerCases
{
    /// <summary>What of a layer is differentiated.</summary>
    private enum Trained { ParametersOnly, InputOnly, Both }

    public static IEnumerable<GradientCase> All => Linears.Concat(Lstms).Concat(Decoders).Concat(Embeddings).Concat(Reused);

    private static IEnumerable<GradientCase> Linears =>
        from shape in ((int Rows, int Inputs, int Outputs)[])[(1, 1, 1), (3, 5, 17), (1, 17, 5), (7, 70, 5), (4, 5, 70), (9, 16, 64), (6, 17, 130)]
        from relu in (bool[])[false, true]
        from trained in Enum.GetValues<Trained>()
        select LinearCase(shape.Rows, shape.Inputs, shape.Outputs, relu, trained);

    private static IEnumerable<GradientCase> Lstms =>
        from shape in ((int Steps, int Batch, int Inputs, int Hidden)[])[(1, 1, 5, 16), (4, 1, 5, 16), (1, 3, 17, 16), (4, 3, 5, 16), (3, 7, 70, 16), (3, 2, 5, 32), (2, 2, 16, 48)]
        from trained in Enum.GetValues<Trained>()
        select LstmCase(shape.Steps, shape.Batch, shape.Inputs, shape.Hidden, trained);

    private static IEnumerable<GradientCase> Decoders =>
        from shape in ((int Batch, int Hidden, int Outputs)[])[(1, 16, 5), (3, 16, 17), (2, 32, 70)]
        from forced in (int[][])[[1], [0, 1, 1, 1], [0, 0, 0], [0, 0, 1, 0, 1]]
        from trained in Enum.GetValues<Trained>()
        select DecoderCase(shape.Batch, shape.Hidden, shape.Outputs, forced, trained);

    private static IEnumerable<GradientCase> Embeddings =>
        from width in (int[])[5, 17, 70]
        select EmbeddingCase(width);

    /// <summary>The same parameters at several places of one tape: their gradients add up.</summary>
    private static IEnumerable<GradientCase> Reused
    {
        get
        {
            yield return new("a linear layer twice in a row", () =>
            {
                var layout = new ParameterLayout();
                var layer = new Linear(layout, "linear", 17, 17, relu: true);
                var problem = new Problem(20).Variable(3, 17);
                var parameters = problem.Add(layout);
                return problem.Of((tape, x) => tape.WeightedSum(layer.Forward(tape, parameters, layer.Forward(tape, parameters, x[0]))));
            });
            yield return new("an LSTM twice in a row", () =>
            {
                var layout = new ParameterLayout();
                var layer = new Lstm(layout, "lstm", 16, 16);
                var problem = new Problem(21).Variable(6, 16);
                var parameters = problem.Add(layout);
                return problem.Of((tape, x) => tape.WeightedSum(layer.Forward(tape, parameters, layer.Forward(tape, parameters, x[0], 2), 2)));
            });
            yield return new("an embedding looked up twice", () =>
            {
                var layout = new ParameterLayout();
                var layer = new Embedding(layout, "embedding", 6, 5);
                var problem = new Problem(22);
                var parameters = problem.Add(layout);
                return problem.Of((tape, _) => tape.WeightedSum(tape.Concatenate(layer.Forward(tape, parameters, [1, 2, 1]), layer.Forward(tape, parameters, [0, 2, 2]))));
            });
        }
    }

    private static GradientCase LinearCase(int rows, int inputs, int outputs, bool relu, Trained trained) =>
        new($"linear{(relu ? " with ReLU" : "")}, {rows} rows, {inputs} to {outputs}, {trained}", () =>
        {
            var layout = new ParameterLayout();
            var layer = new Linear(layout, "linear", inputs, outputs, relu);
            return Over(layout, rows, inputs, trained, layer.Forward);
        });

    private static GradientCase LstmCase(int steps, int batch, int inputs, int hidden, Trained trained) =>
        new($"LSTM, {steps} steps of {batch}, {inputs} to {hidden}, {trained}", () =>
        {
            var layout = new ParameterLayout();
            var layer = new Lstm(layout, "lstm", inputs, hidden);
            return Over(layout, steps * batch, inputs, trained, (tape, parameters, x) => layer.Forward(tape, parameters, x, batch));
        });

    private static GradientCase DecoderCase(int batch, int hidden, int outputs, int[] forced, Trained trained) =>
        new($"LSTM decoder, {batch} of {outputs}, {hidden} units, forced {string.Join("", forced)}, {trained}", () =>
        {
            var layout = new ParameterLayout();
            var layer = new LstmDecoder(layout, "decoder", hidden, outputs);
            var truth = new Problem(25).Normal(forced.Length * batch * outputs);
            return Over(layout, batch, hidden, trained, (tape, parameters, x) => layer.Forward(tape, parameters, x, tape.Input(truth, forced.Length * batch, outputs), forced));
        }, Limit: 40);

    private static GradientCase EmbeddingCase(int width) => new($"embedding, width {width}", () =>
    {
        var layout = new ParameterLayout();
        var layer = new Embedding(layout, "embedding", 6, width);
        var problem = new Problem(23);
        var parameters = problem.Add(layout);
        return problem.Of((tape, _) => tape.WeightedSum(layer.Forward(tape, parameters, [5, 0, 2, 2, 0, 2])));
    });

    private static Problem Over(ParameterLayout layout, int rows, int columns, Trained trained, Func<Tape, ParameterVector, Tensor, Tensor> layer)
    {
        var problem = new Problem(24);
        var parameters = problem.Add(layout, trained != Trained.InputOnly);
        if (trained == Trained.ParametersOnly)
        {
            var input = problem.Normal(rows * columns);
            return problem.Of((tape, _) => tape.WeightedSum(layer(tape, parameters, tape.Input(input, rows, columns))));
        }
        return problem.Variable(rows, columns).Of((tape, x) => tape.WeightedSum(layer(tape, parameters, x[0])));
    }
}
