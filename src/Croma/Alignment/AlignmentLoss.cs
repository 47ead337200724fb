using Croma.Compute;

namespace Croma.Alignment;

/// <summary>
/// How far a batch of pairs is from being aligned. Row i of both embeddings is pair i; pairs of one concept carry the
/// same group number. All losses compare directions: embeddings are divided by their length first.
/// </summary>
public abstract class AlignmentLoss
{
    /// <summary>The name in configurations.</summary>
    public abstract string Name { get; }

    /// <summary>The loss's own learned parameters; most have none.</summary>
    public ParameterLayout Layout { get; } = new();

    /// <summary>The loss of a batch: source and target embeddings [pairs, dimension], groups [pairs], to 1 x 1.</summary>
    /// <param name="tape">Where it is recorded.</param>
    /// <param name="parameters">A vector of <see cref="Layout"/>.</param>
    /// <param name="source">e_s(x_s), one row a pair.</param>
    /// <param name="target">e_t(x_t), one row a pair.</param>
    /// <param name="groups">Which pairs belong together; with strong pairs of different concepts all differ.</param>
    public abstract Tensor Forward(Tape tape, ParameterVector parameters, Tensor source, Tensor target, ReadOnlySpan<int> groups);

    /// <summary>The loss of a name, one of <see cref="Names"/>.</summary>
    /// <exception cref="ArgumentException">There is no such loss.</exception>
    public static AlignmentLoss Create(string name, AlignmentLossOptions? options = null)
    {
        options ??= new AlignmentLossOptions();
        return name switch
        {
            "nce" => new NceLoss(),
            "weak-nce" => new WeakNceLoss(),
            "margin" => new MarginLoss(options.Margin),
            "info-nce" => new InfoNceLoss(options.Temperature),
            "cosine" => new CosineLoss(),
            "adversarial" => new AdversarialLoss(options.Dimension),
            "domain-confusion" => new DomainConfusionLoss(options.Dimension),
            "cycle" => new CycleLoss(options.Dimension),
            _ => throw new ArgumentException($"There is no alignment loss '{name}': it is one of {string.Join(", ", Names)}.", nameof(name)),
        };
    }

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["nce", "weak-nce", "margin", "info-nce", "cosine", "adversarial", "domain-confusion", "cycle"];

    private protected static void RequirePairs(Tensor source, Tensor target, ReadOnlySpan<int> groups)
    {
        if (source.Rows != target.Rows || source.Columns != target.Columns || groups.Length != source.Rows)
            throw new ArgumentException($"Pairs need as many source as target rows and groups: {source.Rows} x {source.Columns}, {target.Rows} x {target.Columns}, {groups.Length}.");
    }
}

/// <summary>Settings of the losses that have one.</summary>
public sealed record AlignmentLossOptions
{
    /// <summary>The margin of `margin`. Default 0.1 (Tables 5 to 7).</summary>
    public double Margin { get; init; } = 0.1;

    /// <summary>Dimension of the shared space, for losses that have networks of their own. Default 256.</summary>
    public int Dimension { get; init; } = 256;

    /// <summary>The temperature that `info-nce` starts from; it is learned. Default 0.1.</summary>
    public double Temperature { get; init; } = 0.1;
}
