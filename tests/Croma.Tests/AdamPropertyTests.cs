using Croma.Compute;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests;

public sealed class AdamPropertyTests
{
    private const int Count = 48;

    private static readonly Arbitrary<int> s_seeds = ArbMap.Default.ArbFor<int>();

    [Theory, InlineData(0), InlineData(0.9)]
    public void Scale_of_the_gradients_does_not_matter(double beta1) => Prop.ForAll(s_seeds, Gen.Choose(-12, 12).ToArbitrary(), (seed, exponent) =>
    {
        var options = new AdamOptions { Beta1 = beta1, Epsilon = 0 };
        return Same(Train(options, Gradients(seed)), Train(options, Gradients(seed), g => MathF.ScaleB(g, exponent)));
    }).QuickCheckThrowOnFailure();

    [Theory, InlineData(0), InlineData(0.9)]
    public void Each_parameter_is_on_its_own(double beta1) => Prop.ForAll(s_seeds, seed =>
    {
        var options = new AdamOptions { Beta1 = beta1 };
        var gradients = Gradients(seed);
        var reversed = gradients.Select(g => g.Reverse().ToArray()).ToArray();
        return Same(Train(options, gradients), Train(options, reversed, reverseStart: true).Reverse());
    }).QuickCheckThrowOnFailure();

    [Theory, InlineData(0), InlineData(0.9)]
    public void Optimiser_that_was_reset_is_as_good_as_new(double beta1) => Prop.ForAll(s_seeds, seed =>
    {
        using var layout = new Block();
        using var adam = new Adam(layout.Layout, new AdamOptions { Beta1 = beta1 });
        var first = layout.Train(adam, Gradients(seed));
        adam.Reset();
        return Same(first, layout.Train(adam, Gradients(seed)));
    }).QuickCheckThrowOnFailure();

    [Theory, InlineData(0), InlineData(0.9)]
    public void First_step_goes_against_the_gradient_by_the_learning_rate(double beta1)
    {
        using var block = new Block();
        using var adam = new Adam(block.Layout, new AdamOptions { Beta1 = beta1, LearningRate = 0.25 });
        var gradients = Gradients(5)[0];
        var moved = block.Train(adam, [gradients]);
        for (var i = 0; i < Count; i++) Assert.Equal(Start(i) - 0.25 * Math.Sign(gradients[i]), moved[i], 1e-5);
    }

    [Theory, InlineData(0), InlineData(0.9)]
    public void Without_a_gradient_nothing_moves(double beta1) =>
        Assert.Equal(Enumerable.Range(0, Count).Select(Start), Train(new AdamOptions { Beta1 = beta1 }, [new float[Count], new float[Count]]));

    private static bool Same(IEnumerable<float> a, IEnumerable<float> b) => a.Select(BitConverter.SingleToInt32Bits).SequenceEqual(b.Select(BitConverter.SingleToInt32Bits));

    private static float Start(int i) => 1 + i / 64f;

    private static float[][] Gradients(int seed)
    {
        var random = new CounterRandom((ulong)seed, 1);
        return [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, Count).Select(_ => (float)random.NextNormal()).ToArray())];
    }

    private static float[] Train(AdamOptions options, float[][] gradients, Func<float, float>? map = null, bool reverseStart = false)
    {
        using var block = new Block();
        using var adam = new Adam(block.Layout, options);
        return block.Train(adam, map == null ? gradients : [.. gradients.Select(g => g.Select(map).ToArray())], reverseStart);
    }

    /// <summary>One block without padding, so that an epsilon of zero divides nothing by zero.</summary>
    private sealed class Block : IDisposable
    {
        private readonly ParameterBlock _block;
        private readonly ParameterVector _parameters;

        public Block()
        {
            _block = Layout.Add("block", 1, Count, BlockForm.Vector, 0);
            _parameters = new ParameterVector(Layout, trainable: true);
        }

        public ParameterLayout Layout { get; } = new();

        public float[] Train(Adam adam, float[][] gradients, bool reverseStart = false)
        {
            _parameters.Write(_block, [.. Enumerable.Range(0, Count).Select(i => Start(reverseStart ? Count - 1 - i : i))]);
            foreach (var gradient in gradients)
            {
                gradient.CopyTo(_parameters.RawGradients);
                adam.Step(_parameters);
            }
            return _parameters.Read(_block);
        }

        public void Dispose() => _parameters.Dispose();
    }
}
