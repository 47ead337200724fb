using Croma.Data;
using Croma.Data.Doctor;

namespace Croma.Tests.Data;

/// <summary>Each finding of the doctor on how many samples there are and which are alike, on a data set with that one fault; and none on one without.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly DoctorFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_data_set_has_no_findings()
    {
        var report = _folder.Examine(new DoctorData());
        Assert.Empty(report.Findings);
        Assert.True(report.IsFit);
        Assert.Equal([12, 5, 5], report.Counts.Select(c => c.Concepts));
        Assert.Equal(new CountRange(5, 15, 15), report.Counts[2].TargetTasks);
    }

    [Fact]
    public void More_shots_than_there_are_samples_for_are_a_problem_with_what_can_be_asked()
    {
        var finding = DoctorFolder.Only(_folder.Examine(new DoctorData(), new DoctorOptions(Shots: 6)), "samples", 2);
        Assert.Equal(Severity.Problem, finding.Severity);
        Assert.Contains("5 of 5 classes of meta-validation have fewer than the 16 target samples", finding.What, StringComparison.Ordinal);
        Assert.Contains("at most 5 shots", finding.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_classes_for_the_ways_asked_are_a_problem() =>
        Assert.Equal(["meta-validation has 5", "meta-test has 5"], _folder.Examine(new DoctorData(), new DoctorOptions(Ways: 6)).Findings.Select(f => f.What.Split(" classes")[0]));

    [Fact]
    public void Few_labelled_source_samples_are_said()
    {
        Assert.Equal(Severity.Warning, DoctorFolder.Only(_folder.Examine(new DoctorData { SourcesOf = c => c == 0 ? 2 : 6 }), "samples").Severity);
        Assert.Equal(Severity.Problem, DoctorFolder.Only(_folder.Examine(new DoctorData { SourcesOf = c => c < 8 ? 2 : 6 }), "classes").Severity);
    }

    [Fact]
    public void Uneven_classes_are_said_with_the_largest_and_the_smallest() =>
        Assert.Equal(["c1: 60", "c0: 6"], DoctorFolder.Only(_folder.Examine(new DoctorData { SourcesOf = c => c == 1 ? 60 : 6 }), "imbalance").Examples);

    [Fact]
    public void Few_pairs_are_a_warning_and_none_a_problem()
    {
        Assert.Equal(Severity.Warning, DoctorFolder.Only(_folder.Examine(new DoctorData { PairsOf = c => c < 8 ? 2 : 0 }), "pairs").Severity);
        Assert.Equal(Severity.Problem, DoctorFolder.Only(_folder.Examine(new DoctorData { PairsOf = _ => 0 }), "pairs").Severity);
        var clustered = _folder.Examine(new DoctorData { PairsOf = _ => 0, ClusterOf = c => $"g{c / 3}", Unpaired = 4 });
        Assert.Empty(clustered.Findings);
    }

    [Fact]
    public void Unpaired_samples_are_a_warning()
    {
        var findings = _folder.Examine(new DoctorData { Unpaired = 1 }).Findings;
        Assert.Equal(["22 samples of 'a' for alignment are in no pair and are not used", "22 samples of 'b' for alignment are in no pair and are not used"], findings.Select(f => f.What));
    }

    [Fact]
    public void A_target_sample_of_meta_test_that_was_in_training_is_a_leak()
    {
        var report = _folder.Examine(new DoctorData { Change = (c, part, i, target, v) => target && part == Part.Target && c >= 17 && i == 0 ? DoctorData.Vector(c - 17, Part.Alignment, 1, target) : v });
        var finding = report.Findings.Single(f => f.Check == "leak");
        Assert.Equal(Severity.Problem, finding.Severity);
        Assert.Contains("5 of 150 samples", finding.What, StringComparison.Ordinal);
        Assert.Contains("meta-train, alignment) = b", finding.Examples[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_near_duplicate_across_the_splits_is_a_warning()
    {
        var report = _folder.Examine(new DoctorData { Change = (c, part, i, target, v) => target && part == Part.Target && c >= 19 && i == 0 ? [.. DoctorData.Vector(c - 19, Part.Target, 1, target).Select(x => (Half)((float)x + 0.01f))] : v });
        var finding = report.Findings.Single(f => f.Check == "leak");
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("3 of 150 samples of 'b' by which methods are chosen or tested are nearly the same", finding.What, StringComparison.Ordinal);
    }

    [Theory, InlineData(2, Severity.Warning), InlineData(15, Severity.Problem)]
    public void Twins_among_shots_and_queries_are_weighed_by_how_often_they_meet(int twins, Severity severity)
    {
        var report = _folder.Examine(new DoctorData { Change = (c, part, i, target, v) => target && part == Part.Target && c == 20 && i < twins ? DoctorData.Vector(c, part, 0, target) : v });
        var finding = report.Findings.First(f => f.What.Contains("as another of their class", StringComparison.Ordinal));
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(twins == 2 ? "about 0.5 %" : "about 10.0 %", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Contradicting_labels_are_said()
    {
        var report = _folder.Examine(new DoctorData { Change = (c, part, i, target, v) => !target && part == Part.Source && c < 2 && i == 0 ? DoctorData.Vector(0, part, 0, target) : v });
        Assert.Contains(report.Findings, f => f.Severity == Severity.Warning && f.What == "2 samples of 'a' are exactly the same as ones of another class");
    }

    [Fact]
    public void A_missing_number_is_a_problem_with_its_column()
    {
        var finding = DoctorFolder.Only(_folder.Examine(new DoctorData { Change = (c, part, i, target, v) => target && c == 3 && i == 0 && part == Part.Target ? [.. v[..5], Half.NaN, .. v[6..]] : v }), "numbers");
        Assert.Equal((Severity.Problem, "b 69: column 5 is missing (NaN)"), (finding.Severity, finding.Examples[0]));
    }

    [Fact]
    public void Columns_that_are_constant_or_of_another_size_are_said()
    {
        var report = _folder.Examine(new DoctorData { Change = (_, _, _, _, v) => [.. v[..4], (Half)3, .. v[5..15], (Half)(5000 * (float)v[15])] });
        Assert.Contains(report.Findings, f => f.Severity == Severity.Note && f.What == "1 of 16 columns of 'a' are the same in all samples" && f.Examples[0] == "column 4: 3");
        Assert.Contains(report.Findings, f => f.Severity == Severity.Warning && f.What.StartsWith("columns of 'b' are of very different size", StringComparison.Ordinal));
        Assert.Equal(Severity.Problem, _folder.Examine(new DoctorData { Change = (_, _, _, target, v) => target ? [.. v.Select(_ => (Half)1)] : v }).Findings[0].Severity);
    }
}
