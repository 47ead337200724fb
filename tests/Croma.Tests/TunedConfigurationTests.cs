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

    [Fact]
    public void What_was_not_tuned_has_no_values()
    {
        Assert.False(TunedConfigurations.Exist("tiny"));
        Assert.Null(TunedConfigurations.Find("tiny", "croma"));
        Assert.Null(TunedConfigurations.Find("udhr-speech", "no-align"));
    }
}
