using Croma.Configuration;
using Croma.Encoders;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>A configuration that trains in a second.</summary>
internal static class TinyConfiguration
{
    public static TrainingConfiguration Value { get; } = new()
    {
        Encoders = new EncoderOptions { Dimension = 16, Hidden = 16, TextEmbedding = 16, SpeechLayers = 1, FeatureHidden = [16] },
        Input = new InputOptions { MaxTextLength = 8, MaxSteps = 4, FrameStacking = 2 },
        Training = new MetaOptions
        {
            Iterations = 20, InnerSteps = 3, MetaStepSize = 0.5, AlignmentLoss = "info-nce", AlignmentLearningRate = 1e-2,
            ClassifierLearningRate = 1e-2, EncoderLearningRate = 1e-2, AlignmentBatch = 6, Shots = 2, ClassifierBatch = 6,
        },
        Adaptation = new AdaptationOptions { Steps = 10, EncoderLearningRate = 1e-2, ClassifierLearningRate = 1e-2, Batch = 8 },
        Selection = new SelectionOptions { Every = 10, Tasks = 3, Shots = 2, Queries = 4 },
    };
}
