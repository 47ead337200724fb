using Croma.Checkpoints;
using Croma.Classification;
using Croma.Compute;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Method;

namespace Croma.Tests.Classification;

/// <summary>Several classifiers of one support that answer as one.</summary>
public sealed class ClassifierEnsembleTests : IDisposable
{
    private static readonly string[] s_classes = ["a", "b", "c"];

    private readonly TemporaryFolder _folder = new();
    private readonly CrossModalDataset _dataset;

    public ClassifierEnsembleTests()
    {
        _dataset = TinyDataset.Create(_folder["data"]);
        for (var seed = 1UL; seed <= 3; seed++)
        {
            using var method = TinyMethod.Create("croma", _dataset, seed: seed);
            ModelFolder.Save(_folder[$"model{seed}"], method.Meta, ModelInfo.Of(method, TinyConfiguration.Value, _dataset, seed, new TrainingOutcome(method.Meta, 1, 50, [])));
            Make(seed, s_classes, $"{seed}.croma");
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _dataset.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_mean_of_probabilities_decides_and_twice_the_mean_of_p_values_is_one()
    {
        using var ensemble = Load(1, 2, 3);
        var samples = Samples(40, seed: 9);
        List<IReadOnlyList<Prediction>> members = [];
        foreach (var seed in (int[])[1, 2, 3])
        {
            using var member = FewShotClassifier.Load(_folder[$"{seed}.croma"]);
            members.Add(member.Predict(samples, cancellation: Token));
        }
        foreach (var (i, answer) in ensemble.Predict(samples, threads: 2, Token).Index())
        {
            double[] mean = [.. Enumerable.Range(0, 3).Select(way => members.Sum(m => m[i].Probabilities[way]) / 3)];
            Assert.Equal(mean, answer.Probabilities.Select(p => p), Close);
            Assert.Equal(Array.IndexOf(mean, mean.Max()), answer.Class);
            Assert.Equal(Math.Min(1, members.Sum(m => m[i].Familiarity!.Value) * 2 / 3), answer.Familiarity!.Value, 1e-12);
        }
        // 9 samples were left out in turn
        Assert.Equal(2 / 10.0, ensemble.SmallestFalseAlarmRate!.Value, 1e-12);
    }

    [Fact]
    public void One_member_answers_as_it_does_alone()
    {
        using var ensemble = Load(2);
        using var alone = FewShotClassifier.Load(_folder["2.croma"]);
        var samples = Samples(20, seed: 4);
        Assert.Equal(alone.Predict(samples, cancellation: Token).Select(p => (p.Class, p.Probability, p.Familiarity)), ensemble.Predict(samples, cancellation: Token).Select(p => (p.Class, p.Probability, p.Familiarity)));
        Assert.Equal(alone.Novelty!.SmallestAlpha, ensemble.SmallestFalseAlarmRate);
    }

    [Fact]
    public void Members_of_other_classes_or_of_unsound_files_are_refused()
    {
        Make(1, ["a", "c", "b"], "other.croma");
        Assert.Contains("different classes (a, b, c; a, c, b)", Assert.Throws<CromaException>(() => ClassifierEnsemble.Load([_folder["1.croma"], _folder["other.croma"]])).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["broken.croma"], "no");
        Assert.Throws<DataFormatException>(() => ClassifierEnsemble.Load([_folder["1.croma"], _folder["broken.croma"]]));
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-12;

    private ClassifierEnsemble Load(params int[] seeds) => ClassifierEnsemble.Load([.. seeds.Select(seed => _folder[$"{seed}.croma"])]);

    private void Make(ulong seed, string[] classes, string file)
    {
        using var model = TrainedModel.Load(_folder[$"model{seed}"]);
        using var classifier = model.Adapt(new SupportSamples(Samples(9, seed: 1), [.. Enumerable.Range(0, 9).Select(i => i % 3)], classes), "ridge", cancellation: Token);
        classifier.Save(_folder[file]);
    }

    private MemorySamples Samples(int count, int seed)
    {
        var (shape, random) = (ModelFolder.ReadInfo(_folder["model1"]).Target!, new Random(seed));
        return new MemorySamples(shape, [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, shape.Width).Select(_ => (Half)(random.NextDouble() - 0.5)).ToArray())]);
    }
}
