using Croma.Tasks;

namespace Croma.Method;

/// <summary>What moves the meta-parameters towards a task's solution.</summary>
public enum MetaOptimizer
{
    /// <summary>meta += epsilon (adapted - meta): the paper's, Reptile's.</summary>
    Sgd,

    /// <summary>Adam on (meta - adapted) as if it were a gradient: the released code's.</summary>
    Adam,
}

/// <summary>Meta-training. Defaults are the paper's (Table 7, text to speech) where it gives them.</summary>
public sealed record MetaOptions
{
    /// <summary>Meta-iterations. Default 800.</summary>
    public int Iterations { get; init; } = 800;

    /// <summary>n: inner gradient steps a task. Default 5 (released code).</summary>
    public int InnerSteps { get; init; } = 5;

    /// <summary>epsilon. Default 0.1.</summary>
    public double MetaStepSize { get; init; } = 0.1;

    /// <summary>Default Sgd.</summary>
    public MetaOptimizer MetaOptimizer { get; init; }

    /// <summary>
    /// The alignment loss by its name: nce, margin, info-nce, cosine, ... Default nce (Eq. 2). Rows that are defined by
    /// a loss (adversarial, cycle, domain confusion, weak pairs) have that one, whatever is said here.
    /// </summary>
    public string AlignmentLoss { get; init; } = "nce";

    /// <summary>The margin of `margin`. Default 0.1.</summary>
    public double Margin { get; init; } = 0.1;

    /// <summary>The temperature `info-nce` starts from. Default 0.1.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>Adam's step on the alignment loss. Default 1e-3.</summary>
    public double AlignmentLearningRate { get; init; } = 1e-3;

    /// <summary>Adam's step of phi on the cross-entropy. Default 1e-4.</summary>
    public double ClassifierLearningRate { get; init; } = 1e-4;

    /// <summary>Adam's step of an encoder on the cross-entropy, where that moves one (Reptile in one modality, shared encoders, Align + Classify, released code), or on reconstruction. Default 1e-4.</summary>
    public double EncoderLearningRate { get; init; } = 1e-4;

    /// <summary>Adam's decay of the first moment. Default 0 (released code).</summary>
    public double Beta1 { get; init; }

    /// <summary>Pairs a batch of alignment; fewer where there are fewer concepts. Default 8.</summary>
    public int AlignmentBatch { get; init; } = 8;

    /// <summary>How pairs are drawn. Default by the label of their source side.</summary>
    public PairDrawing PairDrawing { get; init; }

    /// <summary>Samples of one weak pair's sets in a batch of alignment. Default 2.</summary>
    public int SamplesOfSet { get; init; } = 2;

    /// <summary>N: classes of a classification task. Default 5.</summary>
    public int Ways { get; init; } = 5;

    /// <summary>K: samples a class of a source classification task. Default 5.</summary>
    public int Shots { get; init; } = 5;

    /// <summary>Samples a batch of classification. Default 8 (the paper's for 5 shots; 4 and 16 for 1 and 10).</summary>
    public int ClassifierBatch { get; init; } = 8;

    /// <summary>
    /// Whether the inner classification steps move e_s too (released code) or only phi (the paper's text). Default false.
    /// </summary>
    public bool ClassifierMovesEncoder { get; init; }

    /// <summary>Whether the inner optimisers keep their state from task to task (released code). Default false: fresh.</summary>
    public bool CarryOptimizer { get; init; }
}
