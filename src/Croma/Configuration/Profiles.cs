using Croma.Baselines;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Configuration;

/// <summary>Named starting points. <c>REPRODUCING.md</c> lists where they differ and why.</summary>
public static class Profiles
{
    /// <summary>Numbers that features are projected to where no shared space is needed.</summary>
    public const int WideProjection = 512;

    public static IReadOnlyList<string> Names { get; } = ["paper", "released-code", "small", "paper-images", "small-images", "features"];

    /// <summary>The configuration of a profile for a method: in `small` each method has the values tuned for it.</summary>
    /// <exception cref="CromaException">There is no such profile.</exception>
    public static TrainingConfiguration Get(string name, string method = "croma")
    {
        var profile = name switch
        {
            "paper" => Paper,
            "released-code" => ReleasedCode,
            "small" => Small(method),
            "paper-images" => PaperImages,
            "small-images" => SmallImages(method),
            "features" => Features(method),
            _ => throw new CromaException($"There is no profile '{name}'{Closest.Hint(name, Names)}"),
        };
        return Methods.LossOf(method) is { } loss ? profile with { Training = profile.Training with { AlignmentLoss = loss } } : profile;
    }

    /// <summary>Section 4 and Table 7: Eq. 2, epsilon 0.1, only phi moves in classification, 10 ms frames one by one.</summary>
    private static TrainingConfiguration Paper => new()
    {
        Profile = "paper",
        Input = new InputOptions { MaxTextLength = 128, MaxSteps = 300, FrameStacking = 1 },
        Adaptation = new AdaptationOptions { ClassifierLearningRate = 1e-4 },
    };

    /// <summary>Table 6, image to audio: as speech but for phi's rate. Encoders are convolutional and start at random, not pretrained.</summary>
    private static TrainingConfiguration PaperImages => Paper with
    {
        Profile = "paper-images",
        Training = new MetaOptions { ClassifierLearningRate = 1e-3 },
        Adaptation = new AdaptationOptions(),
    };

    /// <summary>What the authors' code does where it differs from the text.</summary>
    private static TrainingConfiguration ReleasedCode => Paper with
    {
        Profile = "released-code",
        Encoders = new EncoderOptions { Dimension = 128 },
        Training = new MetaOptions
        {
            AlignmentLoss = "margin",
            MetaOptimizer = MetaOptimizer.Adam,
            MetaStepSize = 1e-3,
            ClassifierMovesEncoder = true,
            CarryOptimizer = true,
        },
    };

    /// <summary>
    /// Narrower and shorter, for a laptop's few minutes: eight frames stacked to a step, half the width. Each method has
    /// its own values, chosen on meta-validation of udhr-speech. CroMA's search ended at the edge it was allowed
    /// (epsilon 1, optimiser carried from task to task); REPRODUCING.md says what that means.
    /// </summary>
    private static TrainingConfiguration Small(string method) => new()
    {
        Profile = "small",
        Encoders = new EncoderOptions { Dimension = 128, Hidden = 128, TextEmbedding = 64, FeatureHidden = [128] },
        Input = new InputOptions { MaxTextLength = 64, MaxSteps = 50, FrameStacking = 8 },
        Training = method switch
        {
            "oracle" or "unsupervised-meta-weak-labels" => SmallWithinModality,
            "unsupervised-meta-reconstruct" => SmallReconstruction,
            _ => SmallCrossModal,
        },
        Adaptation = new AdaptationOptions
        {
            Steps = 60,
            Batch = 16,
            Beta1 = 0.9,
            EncoderLearningRate = IsCrossModal(method) ? 1e-3 : 2e-3,
            ClassifierLearningRate = IsCrossModal(method) ? 1e-2 : 2e-3,
        },
        Selection = new SelectionOptions { Every = method is "oracle" or "unsupervised-meta-weak-labels" ? 47 : 125, Tasks = 4 },
    };

    /// <summary>
    /// Images and clips in the same spirit: 16 filters in the first block. Values tried by hand on meta-validation of
    /// cifar-esc50, not searched: REPRODUCING.md has what was seen. All rows see as many clips: 500 steps of 32, 1000 of 16.
    /// </summary>
    private static TrainingConfiguration SmallImages(string method)
    {
        var small = Small(method);
        var withinModality = method is "oracle" or "unsupervised-meta-weak-labels";
        return small with
        {
            Profile = "small-images",
            Encoders = small.Encoders with { Convolution = new ConvOptions { ImageFilters = 16, ClipFilters = 16 } },
            Input = new InputOptions { MaxSteps = 124, FrameStacking = 1 },
            Training = small.Training with
            {
                Iterations = withinModality ? 25 : 100,
                MetaStepSize = withinModality ? 0.3 : small.Training.MetaStepSize,
                AlignmentBatch = 32,
                SamplesOfSet = 4,
                AlignmentLearningRate = method == "croma-weak" ? 3e-4 : 3e-3,
                EncoderLearningRate = withinModality ? 4e-3 : small.Training.EncoderLearningRate,
                ClassifierLearningRate = withinModality ? 1e-2 : small.Training.ClassifierLearningRate,
            },
            Adaptation = small.Adaptation with { EncoderLearningRate = 1e-3, ClassifierLearningRate = 1e-2 },
            Selection = small.Selection with { Every = withinModality ? 12 : 50, Tasks = 8 },
        };
    }

    /// <summary>
    /// Vectors of encoders trained elsewhere, which stand still, with weak pairs: e is a trained projection, linear and as
    /// wide as the shared space; without alignment nothing ties it to one, and 128 numbers drawn at random lose a little of what
    /// the features say. A step costs a fraction of a millisecond, so nothing is cut short.
    /// </summary>
    private static TrainingConfiguration Features(string method)
    {
        var small = Small(method);
        return small with
        {
            Profile = "features",
            Encoders = small.Encoders with { FeatureHidden = [], Dimension = method == "unimodal-pretraining" ? WideProjection : small.Encoders.Dimension },
            Training = small.Training with { AlignmentLoss = "weak-nce", AlignmentBatch = 32, SamplesOfSet = 4 },
            Selection = small.Selection with { Tasks = 16 },
        };
    }

    /// <summary>Whether a method brings e_t near a space in which phi has learned; otherwise both have everything to learn at meta-test.</summary>
    private static bool IsCrossModal(string method) =>
        method is not ("oracle" or "unimodal-pretraining" or "no-align" or "unsupervised-meta-reconstruct" or "unsupervised-meta-weak-labels");

    /// <summary>One kind of task instead of two, hence twice as many steps of it, as many in all as CroMA's.</summary>
    private static MetaOptions SmallReconstruction => SmallCrossModal with { InnerSteps = 10, EncoderLearningRate = 1e-3, ClassifierBatch = 16 };

    private static MetaOptions SmallCrossModal => new()
    {
        Iterations = 250,
        AlignmentLoss = "info-nce",
        MetaStepSize = 1,
        CarryOptimizer = true,
        Beta1 = 0.9,
        AlignmentBatch = 16,
        EncoderLearningRate = 1e-3,
        ClassifierLearningRate = 1e-3,
    };

    /// <summary>A task must first learn the numbers of its classes, hence few tasks of many steps; as many steps in all as CroMA's encoders make.</summary>
    private static MetaOptions SmallWithinModality => new()
    {
        Iterations = 94,
        InnerSteps = 40,
        MetaStepSize = 0.5,
        CarryOptimizer = true,
        Beta1 = 0.9,
        ClassifierBatch = 16,
        EncoderLearningRate = 1e-3,
        ClassifierLearningRate = 5e-3,
    };
}
