using System.Text.Json;
using Croma.Baselines;
using Croma.Cli.Experiments;

namespace Croma.Tests;

/// <summary>What was tuned for a data set is in the program.</summary>
public sealed class TunedConfigurationTests
{
    [Fact]
    public void Every_method_of_table_2_is_tuned_on_udhr_speech_and_keeps_the_loss_of_its_row()
    {
        Assert.True(TunedConfigurations.Exist("udhr-speech"));
        foreach (var method in Methods.OfThePaper.Where(m => m != "no-align"))
        {
            var configuration = TunedConfigurations.Find("udhr-speech", method);
            Assert.NotNull(configuration);
            Assert.Equal("small", configuration.Profile);
            if (Methods.LossOf(method) is { } loss) Assert.Equal(loss, configuration.Training.AlignmentLoss);
        }
    }

    [Theory]
    [InlineData("emoji", "small-images"), InlineData("cifar-esc50", "small-images"), InlineData("cifar-esc50-features", "features")]
    public void So_are_the_rows_of_the_other_tables_with_the_adaptation_that_the_search_found(string dataset, string profile)
    {
        var records = Directory.GetFiles(Path.Combine(ReadmeTests.Root, "docs", "results", "tuning", dataset), "*.json");
        Assert.True(records.Length >= 7);
        Assert.All(records, record =>
        {
            using var search = JsonDocument.Parse(File.ReadAllText(record));
            var configuration = TunedConfigurations.Find(dataset, search.RootElement.GetProperty("method").GetString()!);
            Assert.NotNull(configuration);
            Assert.Equal(profile, configuration.Profile);
            var best = search.RootElement.GetProperty("trials")[search.RootElement.GetProperty("best").GetInt32()].GetProperty("adaptations").EnumerateArray().MaxBy(a => a.GetProperty("validationAccuracy").GetDouble());
            Assert.Equal((best.GetProperty("encoderLearningRate").GetDouble(), best.GetProperty("classifierLearningRate").GetDouble()), (configuration.Adaptation.EncoderLearningRate, configuration.Adaptation.ClassifierLearningRate));
        });
    }

    [Fact]
    public void What_was_not_tuned_has_no_values()
    {
        Assert.False(TunedConfigurations.Exist("tiny"));
        Assert.Null(TunedConfigurations.Find("tiny", "croma"));
        Assert.Null(TunedConfigurations.Find("udhr-speech", "no-align"));
    }
}
