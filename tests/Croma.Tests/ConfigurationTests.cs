using Croma.Configuration;
using Croma.Method;

namespace Croma.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void A_file_is_laid_over_its_profile()
    {
        var configuration = ConfigurationFile.Parse("""{ "profile": "released-code", "training": { "innerSteps": 7 } }""", "x.json");
        Assert.Equal(7, configuration.Training.InnerSteps);
        Assert.Equal("margin", configuration.Training.AlignmentLoss);
        Assert.Equal(MetaOptimizer.Adam, configuration.Training.MetaOptimizer);
    }

    [Theory]
    [InlineData("""{ "trainig": {} }""", "'training'")]
    [InlineData("""{ "training": { "inersteps": 7 } }""", "'innerSteps'")]
    [InlineData("""{ "training": { "innerSteps": "seven" } }""", "training.innerSteps")]
    [InlineData("""{ "training": 3 }""", "section")]
    [InlineData("""{ "profile": "papre" }""", "'paper'")]
    [InlineData("[1]", "object")]
    [InlineData("{ \"training\": ", "line 1")]
    public void A_mistake_is_named_with_what_would_be_right(string json, string hint) =>
        Assert.Contains(hint, Assert.Throws<CromaException>(() => ConfigurationFile.Parse(json, "x.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_profile_survives_being_written_and_read()
    {
        foreach (var name in Profiles.Names)
            Assert.Equal(ConfigurationFile.ToJson(Profiles.Get(name)), ConfigurationFile.ToJson(ConfigurationFile.Parse(ConfigurationFile.ToJson(Profiles.Get(name)), name)));
    }
}
