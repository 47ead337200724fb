using Croma.Alignment.ClosedForm;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Baselines;

/// <summary>All methods by the names of their rows. What a method may read is decided here and enforced by its data's type.</summary>
public static class Methods
{
    /// <summary>CroMA, then the rows of Tables 2, 4, 8 and 9 in the order of the tables.</summary>
    public static IReadOnlyList<string> OfThePaper { get; } =
    [
        "croma", "croma-weak", "unimodal-pretraining", "unsupervised-meta-reconstruct", "unsupervised-meta-weak-labels",
        "shared", "shared-align", "shared-domain-confusion", "shared-target-labels",
        "align-classify", "align-classify-adversarial", "align-classify-cycle", "align-meta-classify", "oracle", "no-align",
    ];

    /// <summary>Alignment in closed form, beyond the paper.</summary>
    public static IReadOnlyList<string> InClosedForm { get; } = ["align-procrustes", "align-regression", "align-correlation"];

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. OfThePaper, .. InClosedForm];

    /// <summary>Whether a method aligns in closed form.</summary>
    public static bool IsClosedForm(string name) => InClosedForm.Contains(name);

    /// <summary>The alignment loss that defines a row; null where the configuration chooses.</summary>
    public static string? LossOf(string name) => name switch
    {
        "croma-weak" => "weak-nce",
        "shared-domain-confusion" => "domain-confusion",
        "align-classify-adversarial" => "adversarial",
        "align-classify-cycle" => "cycle",
        _ => null,
    };

    /// <summary>Whether a method reads target labels in meta-training, which is what noise of labels does to its training.</summary>
    public static bool ReadsTargetLabels(string name) => name is "oracle" or "shared-target-labels";

    /// <summary>Whether a method needs concepts with clusters.</summary>
    public static bool ReadsClusters(string name) => name is "croma-weak" or "unsupervised-meta-weak-labels";

    /// <summary>A method ready to train on a data set's meta-train concepts.</summary>
    /// <param name="name">The row's name.</param>
    /// <param name="configuration">Sizes and hyperparameters.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="seed">Draws initial values and tasks.</param>
    /// <param name="duet">The threads of one training.</param>
    /// <param name="labelNoise">The rate at which target labels are wrong, for methods that read them (section 5.4).</param>
    /// <exception cref="CromaException">There is no such method, or the data set lacks what it reads.</exception>
    public static FewShotMethod Create(string name, TrainingConfiguration configuration, CrossModalDataset dataset, ulong seed, Duet duet, double labelNoise = 0)
    {
        if (!Names.Contains(name)) throw new CromaException($"There is no method '{name}'{Closest.Hint(name, Names)}");
        var (options, input) = (configuration.Training, configuration.Input);
        var meta = new MetaParameters(Networks.Create(name, configuration, dataset), seed);
        FewShotMethod method = name switch
        {
            "croma" => new MetaTraining(name, meta, options, Handed(PairedTrainingData.Of(dataset)), input, duet, seed),
            "croma-weak" => new MetaTraining(name, meta, options, Handed(new WeaklyPairedTrainingData(dataset)), input, duet, seed),
            "unimodal-pretraining" => new UnimodalPretraining(meta, options, seed),
            "unsupervised-meta-reconstruct" => new UnsupervisedReconstruction(meta, options, Handed(new UnlabelledTrainingData(dataset)), Networks.CreateDecoder(configuration, dataset.Target), input, seed),
            "unsupervised-meta-weak-labels" => new UnsupervisedWeakLabels(meta, options, Handed(new WeaklyLabelledTrainingData(dataset)), input, duet, seed),
            "shared" => new Shared(meta, options, Handed(new SourceTrainingData(dataset)), input, seed),
            "shared-align" => new SharedAlign(meta, options, Handed(new MetaTrainingData(dataset)), input, seed),
            "shared-domain-confusion" => new SharedDomainConfusion(meta, options, Handed(new UnpairedTrainingData(dataset)), input, seed),
            "shared-target-labels" => new SharedTargetLabels(meta, options, Handed(new TargetLabelledTrainingData(dataset, labelNoise, seed)), input, seed),
            "align-classify" or "align-classify-adversarial" or "align-classify-cycle" => new AlignClassify(name, meta, options, Handed(PairedTrainingData.Of(dataset)), input, duet, seed),
            "align-meta-classify" => new AlignMetaClassify(meta, options, Handed(PairedTrainingData.Of(dataset)), input, duet, seed),
            "oracle" => new Oracle(meta, options, Handed(new TargetLabelledTrainingData(dataset, labelNoise, seed)), input, duet, seed),
            "align-procrustes" => ClosedForm(LinearAlignmentKind.Procrustes),
            "align-regression" => ClosedForm(LinearAlignmentKind.Regression),
            "align-correlation" => ClosedForm(LinearAlignmentKind.Correlation),
            _ => new NoAlign(meta, options, seed),
        };
        return method;

        T Handed<T>(T data) where T : TrainingData
        {
            StartingScale.Apply(meta, data, input, seed);
            return data;
        }

        ClosedFormAlignment ClosedForm(LinearAlignmentKind kind)
        {
            var (source, target) = (meta.Network.SourceEncoder, meta.Network.TargetEncoder);
            return new ClosedFormAlignment(name, kind, meta, options, new PairsTrainingData(dataset),
                Networks.CreateLinear(configuration, dataset.Source.Contents.Shape, ClosedFormAlignment.InputsOf(source)),
                Networks.CreateLinear(configuration, dataset.Target.Contents.Shape, ClosedFormAlignment.InputsOf(target)), input, seed);
        }
    }

    /// <summary>Batches through an encoder in a whole training: how long methods take beside each other.</summary>
    internal static long TrainingWork(string name, TrainingConfiguration configuration)
    {
        var steps = (long)configuration.Training.Iterations * configuration.Training.InnerSteps;
        return name switch
        {
            "unimodal-pretraining" or "no-align" => 0,
            _ when IsClosedForm(name) => 0,
            "oracle" or "shared" or "unsupervised-meta-weak-labels" => steps,
            "shared-target-labels" or "unsupervised-meta-reconstruct" => 2 * steps,
            _ => 3 * steps,
        };
    }
}
