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

    /// <summary>Losses that hold a part of themselves constant are no function whose gradient could be compared: their parts are checked.</summary>
    private static readonly string[] s_names = [.. AlignmentLoss.Names.Where(name => Create(name, 1) is not (DomainLoss or CycleLoss))];

    public static IEnumerable<GradientCase> All => Free.Concat(Repeated).Concat(OneSided).Concat(Own).Concat(Domains).Concat(Cycles);

    private static IEnumerable<GradientCase> Domains =>
        from side in ((string Name, Func<DomainClassifier, Tape, ParameterVector, Tensor, Tensor, Tensor> Loss)[])
        [
            ("telling domains apart", (d, tape, p, s, t) => d.Tell(tape, p, s, t)),
            ("deceiving about domains", (d, tape, p, s, t) => d.Deceive(tape, p, s, t)),
            ("confusing domains", (d, tape, p, s, t) => d.Confuse(tape, p, s, t)),
        ]
        from columns in (int[])[5, 17]
        select new GradientCase($"{side.Name}, {columns} columns", () =>
        {
            var (loss, problem) = (new AdversarialLoss(columns), new Problem(33).Variable(4, columns).Variable(3, columns));
            var parameters = problem.Add(loss.Layout);
            return problem.Of((tape, x) => side.Loss(loss.Classifier, tape, parameters, x[0], x[1]));
        });

    private static IEnumerable<GradientCase> Cycles =>
        from columns in (int[])[5, 17]
        select new GradientCase($"cycle reconstruction, {columns} columns", () =>
        {
            var (loss, problem) = (new CycleLoss(columns), new Problem(34).Variable(4, columns).Variable(4, columns));
            var parameters = problem.Add(loss.Layout);
            var (source, target) = (problem.Normal(4 * columns), problem.Normal(4 * columns));
            return problem.Of((tape, x) => loss.Between(tape, parameters, x[0], x[1], tape.Input(source, 4, columns), tape.Input(target, 4, columns)));
        });

    private static IEnumerable<GradientCase> Free =>
        from name in s_names
        from groups in s_groups
        from columns in (int[])[5, 17, 70]
        select new GradientCase($"{name}, {groups.Name}, {columns} columns", () => Make(name, groups.Groups, columns, (_, loss) => loss));

    /// <summary>A loss that counts twice must move everything twice as far, its own parameters too.</summary>
    private static IEnumerable<GradientCase> Repeated =>
        from name in s_names
        select new GradientCase($"{name} added to itself", () => Make(name, [1, 5, 1, 0], 5, (tape, loss) => tape.Add(loss, loss)));

    private static IEnumerable<GradientCase> OneSided =>
        from name in s_names
        from constantSource in (bool[])[false, true]
        select new GradientCase($"{name} with a constant {(constantSource ? "source" : "target")}", () =>
        {
            var loss = Create(name, 17);
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
        from name in s_names
        where Create(name, 5).Layout.Blocks.Count > 0
        select new GradientCase($"{name} of constants", () =>
        {
            var (loss, problem) = (Create(name, 5), new Problem(32));
            var parameters = problem.Add(loss.Layout);
            var (source, target) = (problem.Normal(4 * 5), problem.Normal(4 * 5));
            return problem.Of((tape, _) => loss.Forward(tape, parameters, tape.Input(source, 4, 5), tape.Input(target, 4, 5), [1, 2, 1, 3]));
        });

    private static Problem Make(string name, int[] groups, int columns, Func<Tape, Tensor, Tensor> then)
    {
        var loss = Create(name, columns);
        var problem = new Problem(30).Variable(groups.Length, columns).Variable(groups.Length, columns);
        var parameters = problem.Add(loss.Layout);
        return problem.Of((tape, x) => then(tape, loss.Forward(tape, parameters, x[0], x[1], groups)));
    }

    private static AlignmentLoss Create(string name, int dimension) =>
        AlignmentLoss.Create(name, new AlignmentLossOptions { Margin = 0.3, Temperature = 0.4, Dimension = dimension });
}
