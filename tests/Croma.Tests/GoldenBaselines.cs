using System.Text.Json;
using Croma.Alignment;
using Croma.Baselines;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>
/// What tests/golden/make_baselines.py trains, on the data set of <see cref="GoldenMethod"/>: its methods, and which
/// samples Croma draws for them, played again from the same random streams without any training.
/// </summary>
internal static class GoldenBaselines
{
    public const string FileName = "baseline-draws.json";
    public const int Iterations = 2;

    private const int SourceFeatures = 12, TargetFeatures = 9, Hidden = 17, Dimension = 8, Ways = 5;

    private static readonly MetaOptions s_options = new()
    {
        InnerSteps = 4, MetaStepSize = 0.5, Beta1 = 0.9, AlignmentLearningRate = 0.03125, ClassifierLearningRate = 0.015625,
        EncoderLearningRate = 0.0078125, AlignmentBatch = 6, Ways = Ways, Shots = 3, ClassifierBatch = 6,
    };

    public static IReadOnlyList<string> Names { get; } = ["shared-domain-confusion", "align-classify-adversarial", "unsupervised-meta-reconstruct"];

    /// <summary>A method whose parameters start as the script's do.</summary>
    public static FewShotMethod Create(string name, CrossModalDataset dataset)
    {
        var input = new InputOptions();
        var (seed, duet) = (GoldenMethod.Seed, new Duet(1));
        FewShotMethod method = name switch
        {
            "shared-domain-confusion" => new SharedDomainConfusion(Parameters(name, shared: true), s_options, new UnpairedTrainingData(dataset), input, seed),
            "align-classify-adversarial" => new AlignClassify(name, Parameters(name, shared: false), s_options, new MetaTrainingData(dataset), input, duet, seed),
            _ => new UnsupervisedReconstruction(Parameters(name, shared: false), s_options, new UnlabelledTrainingData(dataset), new VectorDecoder(Dimension, [Hidden], TargetFeatures), input, seed),
        };
        foreach (var (part, values) in method.Meta.Parts.Concat(method.TrainingParts))
            foreach (var block in values.Layout.Blocks)
                values.Write(block, GoldenNumbers.Numbers($"baselines {name}/{part}/{block.Name}", block.Rows * block.Columns, 0.5f));
        return method;
    }

    /// <summary>The draws of all cases as JSON, a line a case.</summary>
    public static string ToJson(CrossModalDataset dataset) =>
        $"{{\n{string.Join(",\n", Names.Select(name => $"\"{name}\": {JsonSerializer.Serialize(Enumerable.Range(0, Iterations).Select(i => Draw(name, dataset, i)), JsonSerializerOptions.Web)}"))}\n}}\n";

    private static MetaParameters Parameters(string name, bool shared)
    {
        var sizes = new EncoderOptions { Dimension = Dimension, FeatureHidden = [Hidden] };
        var (source, target) = shared
            ? ((Encoder, Encoder))SharedEncoder.Create(SourceFeatures, TargetFeatures, sequences: false, sizes)
            : (new Mlp(SourceFeatures, [Hidden], Dimension), new Mlp(TargetFeatures, [Hidden], Dimension));
        var loss = AlignmentLoss.Create(Methods.LossOf(name) ?? "nce", new AlignmentLossOptions { Dimension = Dimension });
        return new MetaParameters(new Network(source, target, new Classifier(Dimension, Ways), loss), GoldenMethod.Seed);
    }

    private static BaselineStep[] Draw(string name, CrossModalDataset dataset, int iteration)
    {
        var steps = new BaselineStep[s_options.InnerSteps];
        switch (name)
        {
            case "shared-domain-confusion":
                var unpaired = new UnpairedTrainingData(dataset);
                var (sources, concepts) = unpaired.SourceSamples.Flatten();
                var (batch, domains) = (Random("batches of all source classes", iteration), Random("further batches", iteration));
                for (var step = 0; step < steps.Length; step++)
                {
                    var positions = Positions(sources.Length, batch);
                    steps[step] = new BaselineStep(Pick(sources, positions), Pick(concepts, positions), Some(sources, domains), Some([.. unpaired.Samples], domains));
                }
                break;
            case "align-classify-adversarial":
                var paired = new MetaTrainingData(dataset);
                var (samples, labels) = paired.SourceSamples.Flatten();
                var classes = Random("batches of all source classes", iteration);
                for (var step = 0; step < steps.Length; step++)
                {
                    var pairs = new StrongAlignmentTask(paired, s_options.AlignmentBatch, s_options.PairDrawing, Random("T_a", iteration * steps.Length + step));
                    pairs.DrawBatch();
                    var positions = Positions(samples.Length, classes);
                    steps[step] = new BaselineStep(Pick(samples, positions), Pick(labels, positions), pairs.Source, pairs.Target);
                }
                break;
            default:
                int[] all = [.. new UnlabelledTrainingData(dataset).Samples];
                Random("T_r", iteration).Shuffle(all);
                var batches = new BatchOrder(Ways * s_options.Shots, s_options.ClassifierBatch, Random("batches of T_r", iteration));
                for (var step = 0; step < steps.Length; step++) steps[step] = new BaselineStep([], [], [], Pick(all, [.. batches.Next()]));
                break;
        }
        return steps;
    }

    private static int[] Positions(int count, CounterRandom random) => [.. Enumerable.Range(0, s_options.ClassifierBatch).Select(_ => random.Next(count))];

    private static int[] Some(int[] from, CounterRandom random) => [.. Enumerable.Range(0, s_options.AlignmentBatch).Select(_ => from[random.Next(from.Length)])];

    private static int[] Pick(int[] from, int[] positions) => [.. positions.Select(p => from[p])];

    private static CounterRandom Random(string use, int index) => new(GoldenMethod.Seed, CounterRandom.Stream(use, index));
}

/// <summary>What one inner step sees: labelled source samples, and samples of both modalities for the other loss.</summary>
internal sealed record BaselineStep(int[] Samples, int[] Labels, int[] Source, int[] Target);
