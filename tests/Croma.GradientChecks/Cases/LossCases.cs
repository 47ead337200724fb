using Croma.Alignment;
using Croma.Compute;

namespace Croma.GradientChecks.Cases;

/// <summary>Every alignment loss there is, by its name: a new one is checked without a new line here.</summary>
internal static class LossCases
{
    private static readonly (string Name, int[] Groups)[] s_groups =
    [
        ("one pair", [3]),
        ("all groups different", [4, 0, 2, 9, 1]),
        ("several pairs a group", [1, 5, 1, 1, 5, 0, 7]),
        ("one group", [2, 2, 2]),
    ];

    public static IEnumerable<GradientCase> All => Free.Concat(Repeated).Concat(OneSided).Concat(Own);

    private static IEnumerable<GradientCase> Free =>
        from name in AlignmentLoss.Names
        from groups in s_groups
        from columns in (int[])[5, 17, 70]
        select new GradientCase($"{name}, {groups.Name}, {columns} columns", () => Make(name, groups.Groups, columns, (_, loss) => loss));

    /// <summary>A loss that counts twice must move everything twice as far, its own parameters too.</summary>
    private static IEnumerable<GradientCase> Repeated =>
        from name in AlignmentLoss.Names
        select new GradientCase($"{name} added to itself", () => Make(name, [1, 5, 1, 0], 5, (tape, loss) => tape.Add(loss, loss)));

    private static IEnumerable<GradientCase> OneSided =>
        from name in AlignmentLoss.Names
        from constantSource in (bool[])[false, true]
        select new GradientCase($"{name} with a constant {(constantSource ? "source" : "target")}", () =>
        {
            var loss = Create(name);
            var problem = new Problem(31).Variable(4, 17);
            var parameters = problem.Add(loss.Layout);
            var constant = problem.Normal(4 * 17);
            return problem.Of((tape, x) =>
            {
                var other = tape.Input(constant, 4, 17);
                return constantSource ? loss.Forward(tape, parameters, other, x[0], [1, 2, 1, 3]) : loss.Forward(tape, parameters, x[0], other, [1, 2, 1, 3]);
            });
        });

    /// <summary>The loss's own parameters, where no encoder is trained.</summary>
    private static IEnumerable<GradientCase> Own =>
        from name in AlignmentLoss.Names
        where Create(name).Layout.Blocks.Count > 0
        select new GradientCase($"{name} of constants", () =>
        {
            var (loss, problem) = (Create(name), new Problem(32));
            var parameters = problem.Add(loss.Layout);
            var (source, target) = (problem.Normal(4 * 5), problem.Normal(4 * 5));
            return problem.Of((tape, _) => loss.Forward(tape, parameters, tape.Input(source, 4, 5), tape.Input(target, 4, 5), [1, 2, 1, 3]));
        });

    private static Problem Make(string name, int[] groups, int columns, Func<Tape, Tensor, Tensor> then)
    {
        var loss = Create(name);
        var problem = new Problem(30).Variable(groups.Length, columns).Variable(groups.Length, columns);
        var parameters = problem.Add(loss.Layout);
        return problem.Of((tape, x) => then(tape, loss.Forward(tape, parameters, x[0], x[1], groups)));
    }

    private static AlignmentLoss Create(string name) => AlignmentLoss.Create(name, new AlignmentLossOptions { Margin = 0.3, Temperature = 0.4 });
}
