using Croma.Configuration;

namespace Croma.Cli.Experiments;

/// <summary>
/// What `croma tune` found for a data set's methods at equal budgets, in place of the profile `small`: one file a method
/// under <c>Experiments/Tuned/DATASET</c>.
/// </summary>
internal static class TunedConfigurations
{
    /// <summary>Whether the data set's methods were tuned.</summary>
    public static bool Exist(string dataset) =>
        typeof(TunedConfigurations).Assembly.GetManifestResourceNames().Any(name => name.StartsWith($"tuned/{dataset}/", StringComparison.Ordinal));

    /// <summary>A method's values; null where it was not tuned.</summary>
    public static TrainingConfiguration? Find(string dataset, string method)
    {
        var name = $"tuned/{dataset}/{method}.json";
        using var stream = typeof(TunedConfigurations).Assembly.GetManifestResourceStream(name);
        if (stream == null) return null;
        using var reader = new StreamReader(stream);
        return ConfigurationFile.Parse(reader.ReadToEnd(), name, method);
    }
}
