using Croma.Compute;
using Croma.Tasks;

namespace Croma.Tests;

/// <summary>How many pairs a batch of alignment has.</summary>
public sealed class StrongAlignmentTaskTests
{
    [Theory]
    [InlineData(PairDrawing.ByConcept, 6, 6)]
    [InlineData(PairDrawing.ByConcept, 16, 10)]
    [InlineData(PairDrawing.AtRandom, 16, 16)]
    public void A_batch_is_as_large_as_was_asked_or_as_there_are_concepts(PairDrawing drawing, int asked, int given)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        var task = new StrongAlignmentTask(new MetaTrainingData(dataset), asked, drawing, new CounterRandom(1, 1));
        task.DrawBatch();
        Assert.Equal((given, given), (task.Source.Length, task.Groups.Distinct().Count()));
    }

    [Fact]
    public void A_batch_of_one_pair_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        Assert.Contains("2 pairs or more", Assert.Throws<CromaException>(() => new StrongAlignmentTask(new MetaTrainingData(dataset), 1, PairDrawing.ByConcept, new CounterRandom(1, 1))).Message, StringComparison.Ordinal);
    }
}
