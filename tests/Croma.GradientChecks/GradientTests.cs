using System.Runtime.CompilerServices;
using Croma.Compute;
using Croma.GradientChecks.Cases;

namespace Croma.GradientChecks;

public sealed class GradientTests
{
    public static TheoryData<string> Names => [.. GradientCase.All.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Backward_pass_agrees_with_differences_of_the_forward_pass(string name)
    {
        using var problem = GradientCase.All[name].Make();
        GradientCheck.Run(problem, GradientCase.All[name].Limit);
    }

    [Fact]
    public void Every_operation_that_can_be_recorded_is_in_some_check()
    {
        var operations = typeof(Node).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Node)) && !t.IsAbstract && t.Namespace!.StartsWith("Croma.", StringComparison.Ordinal) && t.Namespace != typeof(GradientTests).Namespace);
        var recorded = new HashSet<Type>();
        using var tape = new Tape();
        foreach (var gradientCase in GradientCase.All.Values)
        {
            using var problem = gradientCase.Make();
            problem.Run(tape);
            recorded.UnionWith(Nodes(tape).Select(n => n.GetType()));
        }
        Assert.Empty(operations.Except(recorded).Select(t => t.FullName));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nodes")]
    private static extern ref List<Node> Nodes(Tape tape);
}
