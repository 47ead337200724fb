using System.CommandLine;
using Croma.Checkpoints;
using Croma.Cli;
using Croma.Cli.Experiments;
using Croma.Cli.Slurm;
using Croma.Evaluation;
using Croma.Tuning;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests.Slurm;

/// <summary>How work is divided among processes, and the words that tell them.</summary>
public sealed class DividedWorkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_that_share_a_training_are_in_one_part_and_each_is_in_one()
    {
        TinyDataset.Write(_folder["data"], samplesPerPart: 20, trainConcepts: 20);
        foreach (var experiment in (Experiment[])[new Figure7(), new BeyondThePaper(), new Ablations(), new Table4()])
        {
            using var study = experiment.Plan(new ExperimentContext { Scale = Scale.Smoke, Seed = 1, Threads = 1, Folder = _folder["out"], Data = _folder["data"], Tuned = null });
            var groups = StudyRuns.ByTraining(study.Runs);
            foreach (var count in (int[])[1, 3, groups.Count, 1000])
            {
                var parts = Enumerable.Range(1, count).Select(i => StudyRuns.Part(groups, i, count).SelectMany(g => g).ToList()).ToList();
                Assert.Equal(study.Runs.Count, parts.Sum(p => p.Count));
                Assert.Equal(groups.Count, parts.Sum(p => p.Select(r => r.Training).Distinct().Count()));
            }
        }
        // what reads no target labels is trained once for all rates of wrong ones
        using var figure = new Figure7().Plan(new ExperimentContext { Scale = Scale.Smoke, Seed = 1, Threads = 1, Folder = _folder["out"], Data = _folder["data"], Tuned = null });
        Assert.Equal((8, 2 + 4), (figure.Runs.Count, StudyRuns.ByTraining(figure.Runs).Count));
    }

    [Fact]
    public async Task Parts_beside_each_other_leave_what_one_process_leaves()
    {
        TinyDataset.Write(_folder["data"], samplesPerPart: 20, trainConcepts: 20);
        string[] table4 = ["reproduce", "table4", "--scale", "smoke", "--data", "data", "--quiet", "--out"];
        var parts = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => CliProcess.Run(_folder.Path, [.. table4, "parts", "--part", $"{i}/3"])));
        Assert.All(parts, p => Assert.Equal((0, ""), (p.Code, p.Error)));
        Assert.StartsWith("part 1/3: retrieval by no-align, repeat 1, retrieval by no-align, repeat 2\n", parts[0].Out, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["parts/table4-smoke.json"]));
        foreach (var to in (string[])["parts", "whole"]) Assert.Equal(0, (await CliProcess.Run(_folder.Path, [.. table4, to])).Code);
        Assert.Equal(Reliability.RunBytes.Of(_folder["whole/runs"]), Reliability.RunBytes.Of(_folder["parts/runs"]));
        Assert.Equal(await File.ReadAllTextAsync(_folder["whole/table4-smoke.csv"], Token), await File.ReadAllTextAsync(_folder["parts/table4-smoke.csv"], Token));
    }

    [Fact]
    public async Task A_training_that_another_process_is_at_is_left_to_it()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new ComparisonOptions { Methods = ["croma"], Shots = [1], Repeats = 1, Tasks = 2, Queries = 2 };
        var comparison = new Comparison(dataset, _ => TinyConfiguration.Value, options, _folder["runs"]);
        using (RunLock.Take(comparison.ModelFolderOf("croma", 0)))
        {
            var refused = Assert.Throws<AggregateException>(() => comparison.Run(cancellation: Token));
            Assert.IsType<FolderInUseException>(Assert.Single(refused.Flatten().InnerExceptions));
        }
        Assert.Single(comparison.Run(cancellation: Token));

        TinyDataset.Write(_folder["more"], samplesPerPart: 20, trainConcepts: 20);
        string[] part = ["reproduce", "table4", "--scale", "smoke", "--data", "more", "--out", "out", "--quiet", "--part", "1/1"];
        using (RunLock.Take(_folder["out"]))
        {
            var later = await CliProcess.Run(_folder.Path, part);
            Assert.Equal((75, ""), (later.Code, later.Out));
            Assert.StartsWith("croma: 'out' is in use by process ", later.Error, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await CliProcess.Run(_folder.Path, part)).Code);
    }

    [Fact]
    public void A_trial_waits_for_those_that_its_candidate_is_drawn_near()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new SearchOptions { Method = "croma", Start = TinyConfiguration.Value, Budget = 5, Adaptations = 1, Tasks = 1 };
        var whole = new RandomSearch(dataset, options, _folder["whole"]).Run(cancellation: Token);
        // each by a process of its own, the first three in any order
        foreach (var number in (int[])[2, 0]) Parts().Do(number, _ => { }, Token);
        Assert.Equal([true, false, true, false], Enumerable.Range(0, 4).Select(Parts().IsDone));
        Assert.StartsWith("Trial 3 is drawn near the best of trials 0 to 2", Assert.Throws<CromaException>(() => Parts().Do(3, _ => { }, Token)).Message, StringComparison.Ordinal);
        foreach (var number in (int[])[1, 4, 3]) Assert.Equal(whole[number].ValidationAccuracy, Parts().Do(number, _ => { }, Token).ValidationAccuracy);
        Assert.Equal(Reliability.RunBytes.Of(_folder["whole"]), Reliability.RunBytes.Of(_folder["parts"]));

        RandomSearch Parts() => new(dataset, options, _folder["parts"]);
    }

    [Fact]
    public void A_command_as_words_means_the_same_when_it_is_parsed_again()
    {
        var text = Gen.Elements("a", "-", "--out", "it's", "\"$HOME\"", "a b", "x=y", "c:d", "@list", "", "*", "\u00fc\n").ToArbitrary();
        Prop.ForAll(text, text, text, (method, folder, profile) =>
        {
            var root = Cli.CommandLine.Create();
            string[] line = ["tune", .. Given("--method", method), .. Given("--out", folder), .. Given("--profile", profile), "--data=data", "--budget=7", "--seed=5"];
            var (first, words) = Parse(line);
            var (second, again) = Parse([.. words]);
            return words.SequenceEqual(again) && Enumerable.SequenceEqual(first, second);

            static string[] Given(string name, string value) => value.Length == 0 ? [name, ""] : [$"{name}={value}"];

            (List<string> Values, IReadOnlyList<string> Words) Parse(string[] arguments)
            {
                var parsed = root.Parse(arguments, new System.CommandLine.ParserConfiguration { ResponseFileTokenReplacer = null });
                Option[] all = [.. parsed.CommandResult.Command.Options.Concat(root.Options)];
                return ([.. all.Select(o => string.Join('\0', parsed.GetResult(o)?.Tokens.Select(t => t.Value) ?? []))], CommandWords.Of(parsed, root.Options, []));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1-3", 3, 1, 2)]
    [InlineData("1,3-4,9", 1, 3, 4, 9)]
    public void Numbers_are_ranges_as_Slurm_writes_them(string text, params int[] numbers) => Assert.Equal(text, SlurmPrograms.Ranges(numbers));

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
