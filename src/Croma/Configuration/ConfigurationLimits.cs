using System.Globalization;

namespace Croma.Configuration;

/// <summary>
/// The ranges in which sizes of a configuration make sense: a file that others made may say anything, and what is made from it takes as
/// much memory as it says.
/// </summary>
internal static class ConfigurationLimits
{
    private const int Largest = 1 << 14, MostLayers = 32, Panel = 16, MostInput = 1 << 20;

    /// <summary>The first size that is out of its range, and the range; null where there is none.</summary>
    public static string? Fault(TrainingConfiguration configuration)
    {
        if (Missing(configuration) is { } missing) return $"{missing} is missing";
        var (encoders, input, training) = (configuration.Encoders, configuration.Input, configuration.Training);
        return Range("encoders.dimension", encoders.Dimension, 1, Largest)
            ?? Range("encoders.hidden", encoders.Hidden, 1, Largest)
            ?? Range("encoders.textEmbedding", encoders.TextEmbedding, 1, Largest)
            ?? Range("encoders.speechLayers", encoders.SpeechLayers, 1, MostLayers)
            ?? Range("the number of encoders.featureHidden", encoders.FeatureHidden.Count, 0, MostLayers)
            ?? encoders.FeatureHidden.Select(width => Range("encoders.featureHidden", width, 1, Largest)).FirstOrDefault(fault => fault != null)
            ?? (encoders.Convolution is { } convolution ? Convolution(convolution) : null)
            ?? Range("input.maxTextLength", input.MaxTextLength, 1, MostInput)
            ?? Range("input.maxSteps", input.MaxSteps, 1, MostInput)
            ?? Range("input.frameStacking", input.FrameStacking, 1, 1 << 10)
            ?? Range("training.ways", training.Ways, 2, Largest)
            ?? (double.IsFinite(training.Temperature) && training.Temperature > 0 ? null : $"training.temperature is {Text(training.Temperature)}; it must be above 0")
            ?? (Alignment.AlignmentLoss.Names.Contains(training.AlignmentLoss) ? null : $"training.alignmentLoss is '{training.AlignmentLoss}'; it must be one of {string.Join(", ", Alignment.AlignmentLoss.Names)}");
    }

    // of a description in which something was left out the serializer makes null, whatever the type says
    private static string? Missing(TrainingConfiguration configuration) => configuration switch
    {
        null => "configuration",
        { Encoders: null } => "encoders",
        { Encoders.FeatureHidden: null } => "encoders.featureHidden",
        { Input: null } => "input",
        { Training: null } => "training",
        { Training.AlignmentLoss: null } => "training.alignmentLoss",
        { Adaptation: null } => "adaptation",
        { Selection: null } => "selection",
        _ => null,
    };

    private static string? Convolution(Encoders.ConvOptions options) =>
        Range("encoders.convolution.imageFilters", options.ImageFilters, Panel, Largest)
        ?? Range("encoders.convolution.clipFilters", options.ClipFilters, Panel, Largest)
        ?? Range("encoders.convolution.imageBlocks", options.ImageBlocks, 1, MostLayers)
        ?? Range("encoders.convolution.clipBlocks", options.ClipBlocks, 1, MostLayers);

    private static string? Range(string name, int value, int least, int most) => value >= least && value <= most ? null : $"{name} is {value}; it must be from {least} to {most}";

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
