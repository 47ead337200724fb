using Croma.Baselines;
using Croma.Data;

namespace Croma.Tests;

/// <summary>What every row of the tables may see of the target modality: the labels it says, and no meta-test label.</summary>
public sealed class MethodLabelTests
{
    /// <summary>The rows whose column '#Target' says all (all).</summary>
    private static readonly string[] s_withTargetLabels = ["oracle", "shared-target-labels"];

    public static TheoryData<string> WithTargetLabels => [.. s_withTargetLabels];

    public static TheoryData<string> WithoutTargetLabels => [.. Methods.Names.Except(s_withTargetLabels)];

    public static TheoryData<string> OnWeakData => ["croma-weak", "unsupervised-meta-weak-labels"];

    [Theory, MemberData(nameof(TinyMethod.All), MemberType = typeof(TinyMethod))]
    public void Poisoned_meta_test_labels_change_nothing_in_training_or_selection(string name)
    {
        using var folder = new TemporaryFolder();
        using var clean = TinyDataset.Create(folder["clean"]);
        using var poisoned = TinyDataset.Create(folder["poisoned"], relabel: (concept, part) => concept >= 15 && part == Part.Target ? 15 + (concept + 2) % 5 : concept);
        using var a = TinyMethod.Create(name, clean);
        using var b = TinyMethod.Create(name, poisoned);
        var (fromClean, fromPoisoned) = (TinyMethod.Train(a, clean), TinyMethod.Train(b, poisoned));
        Assert.Equal(TinyMethod.Bytes(fromClean.Best), TinyMethod.Bytes(fromPoisoned.Best));
        Assert.Equal(fromClean.Curve, fromPoisoned.Curve);
    }

    [Theory, MemberData(nameof(WithoutTargetLabels))]
    public void A_method_that_claims_no_target_labels_does_not_notice_when_they_are_wrong(string name)
    {
        using var folder = new TemporaryFolder();
        using var clean = TinyDataset.Create(folder["clean"]);
        using var poisoned = TinyDataset.Create(folder["poisoned"], relabel: WrongInMetaTrain);
        using var a = TinyMethod.Create(name, clean);
        using var b = TinyMethod.Create(name, poisoned);
        Assert.Equal(0, a.TargetLabels);
        Assert.Equal(TinyMethod.Bytes(TinyMethod.Train(a, clean).Best), TinyMethod.Bytes(TinyMethod.Train(b, poisoned).Best));
    }

    [Theory, MemberData(nameof(WithTargetLabels))]
    public void A_method_that_claims_target_labels_does_read_them(string name)
    {
        using var folder = new TemporaryFolder();
        using var clean = TinyDataset.Create(folder["clean"]);
        using var poisoned = TinyDataset.Create(folder["poisoned"], relabel: WrongInMetaTrain);
        using var a = TinyMethod.Create(name, clean);
        using var b = TinyMethod.Create(name, poisoned);
        Assert.Equal(10 * TinyDataset.SamplesPerPart, a.TargetLabels);
        TinyMethod.Train(a, clean);
        TinyMethod.Train(b, poisoned);
        // relabelling permutes whole concepts, so only which task gets which concepts differs
        Assert.NotEqual(TinyMethod.Bytes(a.Meta), TinyMethod.Bytes(b.Meta));
    }

    [Theory]
    [InlineData("croma", 120), InlineData("croma-weak", 120), InlineData("unimodal-pretraining", 0), InlineData("no-align", 0), InlineData("shared", 0)]
    [InlineData("unsupervised-meta-reconstruct", 120), InlineData("unsupervised-meta-weak-labels", 120), InlineData("shared-domain-confusion", 120)]
    [InlineData("shared-align", 120), InlineData("align-procrustes", 120), InlineData("align-regression", 120), InlineData("align-correlation", 120), InlineData("align-classify", 120), InlineData("oracle", 120), InlineData("shared-target-labels", 120)]
    public void The_target_samples_of_a_row_are_those_handed_over(string name, int expected)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path);
        using var method = TinyMethod.Create(name, dataset);
        Assert.Equal((expected, s_withTargetLabels.Contains(name) ? expected : 0), (method.TargetSamples, method.TargetLabels));
    }

    [Theory, MemberData(nameof(OnWeakData))]
    public void A_method_of_weak_pairs_says_in_one_line_that_a_data_set_has_none(string name)
    {
        using var folder = new TemporaryFolder();
        using var dataset = TinyDataset.Create(folder.Path, clusters: false);
        var message = Assert.Throws<CromaException>(() => TinyMethod.Create(name, dataset)).Message;
        Assert.Contains("no clusters", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    /// <summary>Target labels of meta-train: in classification any other, in alignment another of the same cluster.</summary>
    private static int WrongInMetaTrain(int concept, Part part) => (concept, part) switch
    {
        ( < 10, Part.Target) => (concept + 3) % 10,
        ( < 10, Part.Alignment) => (concept + TinyDataset.Clusters) % 10,
        _ => concept,
    };
}
