using Croma.Baselines;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Method;
using Croma.Tuning;

namespace Croma.Tests;

/// <summary>Random search on meta-validation.</summary>
public sealed class TuningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Candidates_cost_as_many_gradient_steps_and_differ_only_in_what_their_method_uses()
    {
        foreach (var method in Methods.Names)
        {
            var start = Profiles.Get("small", method);
            var candidates = Streams(40).Select(random => SearchSpace.Draw(method, start, random)).ToList();
            Assert.All(candidates, c =>
            {
                RequireAsManySteps(c, start);
                Assert.InRange(c.Training.MetaStepSize, 0.1, 1);
                Assert.Equal(start with { Training = c.Training, Selection = c.Selection }, c);
                Assert.Equal(start.Training.AlignmentLoss, c.Training.AlignmentLoss);
            });
            if (method is "unimodal-pretraining" or "no-align" || Methods.IsClosedForm(method)) Assert.All(candidates, c => Assert.Equal(start.Training, c.Training));
            else Assert.Equal(40, candidates.Select(c => c.Training).Distinct().Count());
        }
    }

    [Fact]
    public void Candidates_near_another_stay_within_a_factor_of_three()
    {
        foreach (var method in Methods.Names)
        {
            var centre = Profiles.Get("small", method);
            Assert.All(Streams(40).Select(random => SearchSpace.DrawNear(method, centre, random)), c =>
            {
                RequireAsManySteps(c, centre);
                Assert.InRange(c.Training.MetaStepSize, centre.Training.MetaStepSize / 3.1, 1);
                Assert.InRange(c.Training.AlignmentLearningRate / centre.Training.AlignmentLearningRate, 1 / 3.1, 3.1);
                Assert.Equal(centre.Adaptation, c.Adaptation);
            });
        }
    }

    [Fact]
    public void Adaptations_differ_in_their_rates_only()
    {
        var start = Profiles.Get("small").Adaptation;
        foreach (var draw in (Func<AdaptationOptions, CounterRandom, AdaptationOptions>[])[SearchSpace.DrawAdaptation, SearchSpace.DrawAdaptationNear])
        {
            var drawn = Streams(40).Select(random => draw(start, random)).ToList();
            Assert.Equal(40, drawn.Distinct().Count());
            Assert.All(drawn, a => Assert.Equal(start, a with { EncoderLearningRate = start.EncoderLearningRate, ClassifierLearningRate = start.ClassifierLearningRate }));
        }
    }

    [Fact]
    public void After_three_trials_candidates_are_near_the_best_so_far()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var trials = Search(dataset, 6, "trials");
        var centre = RandomSearch.Best([.. trials.Take(3)]).Configuration;
        Assert.All(trials.Skip(3), t => Assert.InRange(t.Configuration.Training.AlignmentLearningRate / centre.Training.AlignmentLearningRate, 1 / 3.1, 3.1));
        Assert.All(trials.Skip(3), t => Assert.Equal(centre.Adaptation.EncoderLearningRate, t.Adaptations[0].EncoderLearningRate));
    }

    [Fact]
    public void A_trial_keeps_the_best_of_its_adaptations()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        Assert.All(Search(dataset, 4, "trials"), trial =>
        {
            Assert.Equal(4, trial.Adaptations.Count);
            var best = trial.Adaptations.MaxBy(a => a.ValidationAccuracy)!;
            Assert.Equal(best.ValidationAccuracy, trial.ValidationAccuracy);
            Assert.Equal((best.EncoderLearningRate, best.ClassifierLearningRate), (trial.Configuration.Adaptation.EncoderLearningRate, trial.Configuration.Adaptation.ClassifierLearningRate));
        });
    }

    [Fact]
    public void The_best_is_at_least_the_start_and_a_larger_budget_adds_trials()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var three = Search(dataset, 3, "trials");
        Assert.Equal(TinyConfiguration.Value.Training, three[0].Configuration.Training);
        Assert.True(RandomSearch.Best(three).ValidationAccuracy >= three[0].Adaptations[0].ValidationAccuracy);
        var five = Search(dataset, 5, "trials");
        Assert.Equal(three.Select(t => (t.ValidationAccuracy, t.Seconds)), five.Take(3).Select(t => (t.ValidationAccuracy, t.Seconds)));
        Assert.Equal(5, Directory.GetFiles(_folder["trials"]).Length);
        Assert.Empty(Directory.GetDirectories(_folder["trials"]));
    }

    [Fact]
    public void Trials_do_not_depend_on_the_number_of_threads()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        Assert.Equal(Search(dataset, 4, "one").Select(t => (t.ValidationAccuracy, t.Configuration)), Search(dataset, 4, "three", threads: 3).Select(t => (t.ValidationAccuracy, t.Configuration)));
    }

    [Fact]
    public void Meta_test_labels_change_nothing()
    {
        using var clean = TinyDataset.Create(_folder["clean"]);
        using var poisoned = TinyDataset.Create(_folder["poisoned"], relabel: (concept, part) => concept >= 15 && part == Part.Target ? 15 + (concept - 14) % 5 : concept);
        Assert.NotEqual(clean.Sha256, poisoned.Sha256);
        Assert.Equal(Search(clean, 3, "a").Select(t => t.ValidationAccuracy), Search(poisoned, 3, "b").Select(t => t.ValidationAccuracy));
    }

    [Fact]
    public void A_training_that_diverges_is_a_failed_trial_and_only_all_of_them_are_an_error()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var start = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { AlignmentLearningRate = 1e30, ClassifierLearningRate = 1e30 } };
        var trials = Search(dataset, 2, "trials", start: start);
        Assert.Contains("lower the learning rates", trials[0].Failure, StringComparison.Ordinal);
        Assert.Equal(1, RandomSearch.Best(trials).Number);
        Assert.Contains("None of 1 trials", Assert.Throws<CromaException>(() => RandomSearch.Best([trials[0]])).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<CounterRandom> Streams(int count) => Enumerable.Range(0, count).Select(i => new CounterRandom(1, CounterRandom.Stream("trial", i)));

    private static void RequireAsManySteps(TrainingConfiguration candidate, TrainingConfiguration start)
    {
        var (steps, before) = (candidate.Training.Iterations * candidate.Training.InnerSteps, start.Training.Iterations * start.Training.InnerSteps);
        Assert.InRange(steps, before - candidate.Training.InnerSteps + 1, before);
    }

    private IReadOnlyList<Trial> Search(CrossModalDataset dataset, int budget, string folder, int threads = 1, TrainingConfiguration? start = null) =>
        new RandomSearch(dataset, new SearchOptions { Method = "croma", Start = start ?? TinyConfiguration.Value, Budget = budget, Tasks = 3, Threads = threads }, _folder[folder]).Run(cancellation: TestContext.Current.CancellationToken);
}
