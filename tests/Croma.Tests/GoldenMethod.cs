using Croma.Alignment;
using Croma.Compute;
using Croma.Data;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>What tests/golden/make_method.py trains: its data set, its networks and its settings.</summary>
internal static class GoldenMethod
{
    public const ulong Seed = 1;
    public const int Iterations = 2, Shots = 2;

    private const int SourceFeatures = 12, TargetFeatures = 9, SourceHidden = 17, TargetHidden = 10, Dimension = 8, Ways = 5;
    private const int TrainConcepts = 7, TestConcepts = 5, SamplesPerPart = 6;

    /// <summary>The settings of each case.</summary>
    public static IReadOnlyDictionary<string, MetaOptions> Cases { get; } = new Dictionary<string, MetaOptions>
    {
        ["paper"] = Options("nce", epsilon: 0.1),
        ["released"] = Options("margin", epsilon: 0.0078125) with
        {
            MetaOptimizer = MetaOptimizer.Adam, ClassifierMovesEncoder = true, CarryOptimizer = true, PairDrawing = PairDrawing.AtRandom,
        },
        ["info-nce"] = Options("info-nce", epsilon: 0.5) with { Beta1 = 0.9 },
    };

    public static AdaptationOptions Adaptation { get; } =
        new() { Steps = 10, Batch = 4, EncoderLearningRate = 0.015625, ClassifierLearningRate = 0.03125 };

    /// <summary>The first test task.</summary>
    public static Episode Episode(CrossModalDataset dataset) =>
        EpisodePlan.Create(dataset, ConceptSplit.MetaTest, tasks: 1, Ways, Shots, queries: 3, Seed).Episodes[0];

    /// <summary>Its support as <see cref="Method.Adaptation"/> takes it: class after class.</summary>
    public static (int[] Samples, int[] Labels) Support(Episode episode) =>
        ([.. episode.Support.SelectMany(s => s)], [.. Enumerable.Range(0, Ways).SelectMany(way => Enumerable.Repeat(way, Shots))]);

    /// <summary>The stream that the task's batches are drawn from.</summary>
    public static CounterRandom AdaptationRandom() => new(Seed, CounterRandom.Stream("adaptation"));

    /// <summary>Meta-parameters that start as the script's do.</summary>
    public static MetaParameters Parameters(string name, MetaOptions options)
    {
        var meta = new MetaParameters(new Network(
            new Mlp(SourceFeatures, [SourceHidden], Dimension),
            new Mlp(TargetFeatures, [TargetHidden], Dimension),
            new Classifier(Dimension, Ways),
            AlignmentLoss.Create(options.AlignmentLoss)), Seed);
        foreach (var (part, values) in meta.Parts.Where(p => p.Name != "alignment_loss"))
            foreach (var block in values.Layout.Blocks)
                values.Write(block, GoldenNumbers.Numbers($"method {name}/{part}/{block.Name}", block.Rows * block.Columns, 0.5f));
        return meta;
    }

    /// <summary>
    /// Writes the data set and opens it. A sample is its concept's centre and an offset of its own, all multiples of
    /// 1/256 below 2, which half precision holds. Partners in a pair have different numbers.
    /// </summary>
    public static CrossModalDataset Dataset(string folder)
    {
        var writer = new DatasetWriter("golden", 1, ModalityWriter.Features("image", SourceFeatures), ModalityWriter.Features("audio", TargetFeatures));
        for (var concept = 0; concept < TrainConcepts + TestConcepts; concept++)
            writer.AddConcept($"c{concept}", $"Concept {concept}", concept < TrainConcepts ? ConceptSplit.MetaTrain : ConceptSplit.MetaTest);
        for (var sample = 0; sample < (TrainConcepts + TestConcepts) * 3 * SamplesPerPart; sample++)
        {
            var (concept, inPart) = (sample / (3 * SamplesPerPart), sample % SamplesPerPart);
            var part = (Part)(sample / SamplesPerPart % 3);
            writer.Source.Add(concept, part, sample, Sample("image", SourceFeatures, concept, sample));
            writer.Target.Add(concept, part, sample, Sample("audio", TargetFeatures, concept, sample));
            if (part == Part.Alignment) writer.AddPair(sample, sample - inPart + SamplesPerPart - 1 - inPart);
        }
        writer.Write(folder);
        return CrossModalDataset.Open(folder);
    }

    private static Half[] Sample(string modality, int width, int concept, int sample)
    {
        var centre = GoldenNumbers.Numbers($"method/{modality} {concept}", width);
        var offset = GoldenNumbers.Numbers($"method/{modality}/{sample}", width);
        return [.. centre.Zip(offset, (c, o) => (Half)(MathF.Floor(c * 64) / 64 + MathF.Floor(o * 64) / 256))];
    }

    private static MetaOptions Options(string loss, double epsilon) => new()
    {
        InnerSteps = 4, MetaStepSize = epsilon, AlignmentLoss = loss,
        AlignmentLearningRate = 0.03125, ClassifierLearningRate = 0.015625, EncoderLearningRate = 0.0078125,
        AlignmentBatch = 6, Ways = Ways, Shots = 3, ClassifierBatch = 6,
    };
}
