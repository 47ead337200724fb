using Croma.Checkpoints;
using Croma.Cli.Experiments;
using Croma.Data;
using Croma.Evaluation;
using Croma.Method;
using Croma.Onnx;
using Croma.Onnx.Features;
using Croma.Onnx.Preprocessing;
using Croma.Search;
using Croma.Tests.Onnx;
using Croma.Tests.Search;
using Croma.Tuning;

namespace Croma.Tests.Reliability;

/// <summary>
/// Work that ends in the middle, without another write, at every point at which it says how far it is: the second start must go on from the
/// last interval's end, and not from before it.
/// </summary>
public sealed class LossTests : IDisposable
{
    private const int Iterations = 6, Every = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Croma.Configuration.TrainingConfiguration Configuration { get; } = TinyConfiguration.Value with
    {
        Training = TinyConfiguration.Value.Training with { Iterations = Iterations }, Selection = TinyConfiguration.Value.Selection with { Every = Every, Tasks = 1 },
    };

    [Fact]
    public void A_training_goes_on_from_its_last_look()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        for (var at = 1; at < Iterations; at++)
        {
            var options = new TrainingOptions { Configuration = Configuration, Seed = 5, CheckpointFile = _folder[$"{at}/checkpoint"] };
            Train(dataset, options, killedAt: at);
            Assert.Equal(at / Every * Every, Train(dataset, options)[0] - 1);
        }
    }

    [Fact]
    public void A_training_whose_look_cannot_be_kept_goes_on_from_the_look_before()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions { Configuration = Configuration with { Training = Configuration.Training with { Iterations = 3 * Every } }, Seed = 5, CheckpointFile = _folder["checkpoint"] };
        var looks = 0;
        AtomicFileFaults.Run((step, _, _) =>
        {
            if (step == Croma.Data.Formats.FileStep.Rename && looks++ == 2) throw new IOException("injected");
        }, () => Assert.Throws<CromaException>(() => TrainedModel.Train(dataset, options, cancellation: Token)));
        Assert.Equal(Every, Train(dataset, options)[0] - 1);
    }

    [Fact]
    public void A_comparison_loses_at_most_an_interval_of_the_training_at_work()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new ComparisonOptions { Methods = ["croma", "no-align"], Shots = [1], Repeats = 1, Tasks = 1, Queries = 2 };
        Everywhere(jobs: 2, interval: 0.7 * Every / Iterations, (folder, report) => new Comparison(dataset, _ => Configuration, options, folder).Run(new Reporter<ComparisonProgress>(p => report(p.Share)), Token));
    }

    [Fact]
    public void A_search_loses_at_most_an_interval_of_the_training_at_work()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new SearchOptions { Method = "croma", Start = Configuration, Budget = 2, Adaptations = 2, Tasks = 1 };
        // candidates may have other numbers of iterations, and as many looks
        Everywhere(jobs: 2, interval: 0.6 * Every / Iterations, (folder, report) => new RandomSearch(dataset, options, folder).Run(new Reporter<double>(report), Token));
    }

    [Fact]
    public void An_experiment_of_the_paper_loses_at_most_an_interval_of_the_training_at_work()
    {
        TinyDataset.Write(_folder["data"], sequences: true, samplesPerPart: 20, trainConcepts: 20);
        // at the smoke scale a training is one interval
        Everywhere(jobs: 6, interval: 0.9, (folder, report) =>
        {
            using var study = new Table4().Plan(new ExperimentContext { Scale = Scale.Smoke, Seed = 1, Threads = 1, Folder = folder, Data = _folder["data"], Tuned = null });
            StudyRuns.Run(StudyRuns.ByTraining(study.Runs), 1, new Reporter<ComparisonProgress>(p => report(p.Share)), Token);
        }, only: 6);
    }

    [Fact]
    public void An_encoding_loses_at_most_the_files_of_a_chunk()
    {
        MediaFiles.RequireFFmpeg();
        using var model = new OnnxModel(OnnxLibrary.Require(), MediaFiles.ImageModel(_folder.Path));
        Directory.CreateDirectory(_folder["pictures"]);
        for (var i = 0; i < 2 * EncodingJob.ChunkSize + 1; i++) File.WriteAllBytes(_folder[$"pictures/{i:000}.ppm"], MediaFiles.Picture((byte)i, 1, 2));
        var inputs = EncodingInputs.Find([_folder["pictures"]], EncodingKind.Pictures).Items;
        foreach (var at in new[] { 0, EncodingJob.ChunkSize, 2 * EncodingJob.ChunkSize })
        {
            Run(killedAt: at);
            Assert.Equal(at, Run(killedAt: null)[0]);

            List<int> Run(int? killedAt)
            {
                var done = new List<int>();
                var job = new EncodingJob(new FeatureEncoder(model, PreprocessingReader.Parse(MediaFiles.TinyImage, "test"), 32), inputs, _folder[$"{at}.safetensors"], new Dictionary<string, string> { ["model_sha256"] = "1" });
                Killed(() => job.Run(null, skip: false, threads: 1, new Reporter<(int Done, int Of)>(p =>
                {
                    done.Add(p.Done);
                    if (p.Done == killedAt) throw new KilledException();
                }), Token), killedAt != null);
                return done;
            }
        }
    }

    [Fact]
    public void An_index_loses_at_most_five_seconds()
    {
        var (rows, names, clock) = (EmbeddingIndexTests.Rows(20, 4, 1), EmbeddingIndexTests.Names(20), new ManualClock());
        for (var killedAt = 1; killedAt < 20; killedAt++)
        {
            var path = _folder[$"{killedAt}.index"];
            using (var builder = new IndexBuilder(path, EmbeddingIndexTests.Describe(4), clock))
                for (var i = 0; i < killedAt; i++)
                {
                    clock.Pass(TimeSpan.FromSeconds(1));
                    builder.Add([names[i]], [rows[i]], new BuildPosition(i + 1, $"{i}"));
                }
            using var again = new IndexBuilder(path, EmbeddingIndexTests.Describe(4), clock);
            Assert.Equal((killedAt / 5 * 5, killedAt / 5 * 5), (again.Count, (int)again.Position.Inputs));
        }
    }

    /// <summary>Trains, to the end or to an iteration, and tells the iterations that were done.</summary>
    private static List<int> Train(CrossModalDataset dataset, TrainingOptions options, int? killedAt = null)
    {
        var done = new List<int>();
        Killed(() => TrainedModel.Train(dataset, options, new Reporter<TrainingProgress>(p =>
        {
            done.Add(p.Iteration);
            if (p.Iteration == killedAt) throw new KilledException();
        }), Token).Dispose(), killedAt != null);
        return done;
    }

    /// <summary>Kills work at what it reports, and requires of the run after it that its first step is no earlier than an interval before that.</summary>
    /// <param name="jobs">Jobs, of equal shares.</param>
    /// <param name="interval">The share of a job from one look of its training to the next.</param>
    /// <param name="work">Works in a folder, with one thread, and reports the share of all that is done.</param>
    /// <param name="only">How many of the reports are tried.</param>
    private void Everywhere(int jobs, double interval, Action<string, Action<double>> work, int only = int.MaxValue)
    {
        var all = new List<double>();
        work(_folder["whole"], all.Add);
        var between = Math.Max(1, (all.Count - 1) / only);
        for (var n = 0; n < all.Count - 1; n += between)
        {
            var (left, killed, again) = (n, 0.0, new List<double>());
            Killed(() => work(_folder[$"killed at {n}"], share =>
            {
                killed = share;
                if (left-- == 0) throw new KilledException();
            }), isExpected: true);
            work(_folder[$"killed at {n}"], again.Add);
            // what comes before are jobs that were finished
            var finished = Math.Floor(killed * jobs + 1e-9) / jobs;
            var first = again.FirstOrDefault(share => share > finished + 1e-9, 1);
            // what it reports first is done after what it begins with
            Assert.True(killed - first < interval / jobs - 1e-9, $"killed at {killed:0.000}, the first step of the second start ends at {first:0.000}");
        }
    }

    private static void Killed(Action work, bool isExpected)
    {
        var error = Record.Exception(work);
        if (!isExpected) Assert.Null(error);
        else Assert.True((error is AggregateException several ? several.Flatten().InnerExceptions : [error!]).All(e => e is KilledException), $"{error}");
    }

    private sealed class KilledException : Exception;

    private sealed class Reporter<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}
