using Croma.Alignment;
using Croma.Compute;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests;

public sealed class AlignmentLossPropertyTests
{
    private const int Columns = 17;

    /// <summary>1 to 12 pairs in up to 5 groups.</summary>
    private static readonly Arbitrary<int[]> s_groups = Arb.From(from groups in Gen.Choose(0, 4).NonEmptyListOf() select groups.Take(12).ToArray());

    private static readonly Arbitrary<int> s_seeds = ArbMap.Default.ArbFor<int>();

    public static TheoryData<string> Names => [.. AlignmentLoss.Names];

    [Theory, MemberData(nameof(Names))]
    public void Order_of_the_pairs_does_not_matter(string name) => Prop.ForAll(s_groups, s_seeds, (groups, seed) =>
    {
        var order = Enumerable.Range(0, groups.Length).ToArray();
        new CounterRandom((ulong)seed, 2).Shuffle(order.AsSpan());
        var (source, target) = Embeddings(groups.Length, seed);
        var loss = Loss(name, source, target, groups);
        var permuted = Loss(name, Pick(source, order), Pick(target, order), Pick(groups, order));
        return Math.Abs(loss - permuted) <= 1e-5f * (1 + Math.Abs(loss));
    }).QuickCheckThrowOnFailure();

    [Theory, MemberData(nameof(Names))]
    public void Names_of_the_groups_do_not_matter(string name) => Prop.ForAll(s_groups, s_seeds, (groups, seed) =>
    {
        var (source, target) = Embeddings(groups.Length, seed);
        return Loss(name, source, target, groups) == Loss(name, source, target, [.. groups.Select(g => 100 - 7 * g)]);
    }).QuickCheckThrowOnFailure();

    [Theory, MemberData(nameof(Names))]
    public void Only_directions_count_where_groups_have_one_pair(string name) => Prop.ForAll(Gen.Choose(1, 9).ToArbitrary(), s_seeds, (pairs, seed) =>
    {
        var groups = Enumerable.Range(0, pairs).ToArray();
        var (source, target) = Embeddings(pairs, seed);
        var longer = source.Select((row, i) => row.Select(v => MathF.ScaleB(v, i - 4)).ToArray()).ToArray();
        return Loss(name, source, target, groups) == Loss(name, longer, target, groups);
    }).QuickCheckThrowOnFailure();

    [Theory, InlineData("info-nce"), InlineData("cosine")]
    public void Symmetric_losses_do_not_tell_source_from_target(string name) => Prop.ForAll(s_groups, s_seeds, (groups, seed) =>
    {
        var (source, target) = Embeddings(groups.Length, seed);
        return Math.Abs(Loss(name, source, target, groups) - Loss(name, target, source, groups)) <= 1e-5f;
    }).QuickCheckThrowOnFailure();

    private static float Loss(string name, float[][] source, float[][] target, int[] groups)
    {
        var loss = AlignmentLoss.Create(name, new AlignmentLossOptions { Dimension = Columns });
        using var tape = new Tape();
        using var parameters = new ParameterVector(loss.Layout);
        parameters.Initialize(new CounterRandom(0, 0));
        return loss.Forward(tape, parameters, Input(tape, source), Input(tape, target), groups).Scalar;
    }

    private static Tensor Input(Tape tape, float[][] rows) => tape.Input(rows.SelectMany(r => r).ToArray(), rows.Length, Columns);

    private static (float[][] Source, float[][] Target) Embeddings(int pairs, int seed)
    {
        var random = new CounterRandom((ulong)seed, 3);
        float[][] Rows() => [.. Enumerable.Range(0, pairs).Select(_ => Enumerable.Range(0, Columns).Select(_ => (float)random.NextNormal()).ToArray())];
        return (Rows(), Rows());
    }

    private static T[] Pick<T>(T[] items, int[] order) => [.. order.Select(i => items[i])];
}
