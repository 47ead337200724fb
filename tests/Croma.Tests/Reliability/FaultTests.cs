using System.Runtime.CompilerServices;
using Croma.Checkpoints;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Evaluation;
using Croma.Onnx;
using Croma.Onnx.Features;
using Croma.Onnx.Preprocessing;
using Croma.Search;
using Croma.Tests.Onnx;
using Croma.Tests.Search;
using Croma.Tuning;

namespace Croma.Tests.Reliability;

/// <summary>Work that dies at its n-th step of writing (creating, writing, flushing, renaming, flushing the folder), for every n, and is run again.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_training_that_dies_at_any_step_of_any_write_is_resumed_to_the_same_bytes()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions { Configuration = TinyConfiguration.Value, Seed = 5 };
        DieEverywhere(5, folder =>
        {
            using var taken = RunLock.Take(folder);
            using var model = TrainedModel.Train(dataset, options with { CheckpointFile = Path.Combine(folder, "checkpoint"), LogFolder = folder }, cancellation: Token);
            model.Save(folder);
        });
    }

    [Fact]
    public void A_comparison_that_dies_at_any_step_of_any_write_is_resumed_to_the_same_bytes()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { Iterations = 2 }, Selection = TinyConfiguration.Value.Selection with { Every = 1, Tasks = 1 } };
        var options = new ComparisonOptions { Methods = ["croma", "no-align"], Shots = [1], Repeats = 1, Tasks = 1, Queries = 2 };
        DieEverywhere(10, folder =>
        {
            using var taken = RunLock.Take(folder);
            new Comparison(dataset, _ => configuration, options, folder).Run(cancellation: Token);
        });
    }

    [Fact]
    public void A_search_that_dies_at_any_step_of_any_write_is_resumed_to_the_same_bytes()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var configuration = TinyConfiguration.Value with { Training = TinyConfiguration.Value.Training with { Iterations = 1 }, Selection = TinyConfiguration.Value.Selection with { Tasks = 1 } };
        var options = new SearchOptions { Method = "croma", Start = configuration, Budget = 2, Adaptations = 1, Tasks = 1 };
        DieEverywhere(10, folder =>
        {
            using var taken = RunLock.Take(folder);
            new RandomSearch(dataset, options, folder).Run(cancellation: Token);
        });
    }

    [Fact]
    public void An_index_that_dies_at_any_step_of_any_write_is_resumed_to_the_same_bytes()
    {
        var (rows, names) = (EmbeddingIndexTests.Rows(60, 12, 4), EmbeddingIndexTests.Names(60));
        DieEverywhere(10, folder =>
        {
            using var builder = new IndexBuilder(Path.Combine(folder, "index"), EmbeddingIndexTests.Describe(12));
            for (var i = builder.Count; i < 60; i++)
            {
                builder.Add([names[i]], [rows[i]], new BuildPosition(i + 1, $"{i}"));
                if (i % 20 == 0) builder.Save();
            }
            builder.Finish();
        });
    }

    [Fact]
    public void An_encoding_that_dies_at_any_step_of_any_write_is_resumed_to_the_same_bytes()
    {
        MediaFiles.RequireFFmpeg();
        using var model = new OnnxModel(OnnxLibrary.Require(), MediaFiles.ImageModel(_folder.Path));
        var preprocessing = PreprocessingReader.Parse(MediaFiles.TinyImage, "test");
        Directory.CreateDirectory(_folder["pictures"]);
        for (var i = 0; i < 70; i++) File.WriteAllBytes(_folder[$"pictures/{i:00}.ppm"], MediaFiles.Picture((byte)i, 1, 2));
        var inputs = EncodingInputs.Find([_folder["pictures"]], EncodingKind.Pictures).Items;
        DieEverywhere(5, folder =>
        {
            var path = Path.Combine(folder, "out.safetensors");
            var job = new EncodingJob(new FeatureEncoder(model, preprocessing, 32), inputs, path, new Dictionary<string, string> { ["model_sha256"] = "1" });
            // as the command does
            using var taken = RunLock.Take(path + ".partial");
            foreach (var file in (string[])[path, job.Names]) AtomicFile.RemoveLeftOvers(file);
            job.Run(null, skip: false, threads: 1, cancellation: Token);
        });
    }

    [Theory]
    [InlineData(28, "the disk is full; what was there before is unchanged")]
    [InlineData(30, "the file system is read-only; what was there before is unchanged")]
    public void A_write_that_fails_says_why_and_leaves_what_was_there(int error, string reason)
    {
        var path = _folder["file"];
        AtomicFile.Write(path, "old"u8.ToArray());
        foreach (var step in new[] { FileStep.Create, FileStep.Write, FileStep.Flush, FileStep.Rename })
        {
            var failure = AtomicFileFaults.Run((at, _, _) =>
            {
                if (at == step) throw new IOException("injected", error);
            }, () => Assert.Throws<CromaException>(() => AtomicFile.Write(path, "new"u8.ToArray())));
            Assert.Equal($"{path}: cannot be written: {reason}", failure.Message);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Empty(RunBytes.Passing(_folder.Path));
        }
    }

    /// <summary>Runs the work to its end, then once for each step of its writes: it dies there, as a killed process would, and is run again.</summary>
    private void DieEverywhere(int leastSteps, Action<string> work, [CallerMemberName] string test = "")
    {
        var steps = 0;
        var whole = Directory.CreateDirectory(_folder["whole"]).FullName;
        AtomicFileFaults.Run((_, _, _) => steps++, () =>
        {
            work(whole);
            return 0;
        });
        var expected = RunBytes.Of(whole);
        Assert.InRange(steps, leastSteps, 1000);
        for (var n = 0; n < steps; n++)
        {
            var (folder, count, dead) = (Directory.CreateDirectory(_folder[$"dies at {n}"]).FullName, 0, false);
            AtomicFileFaults.Run((step, file, stream) =>
            {
                if (count++ < n) return;
                // what a temporary file got so far is cut in half, as by a full disk or a power cut; the dead clean nothing up
                if (!dead && file.EndsWith(".tmp", StringComparison.Ordinal)) stream?.SetLength(stream.Length / 2);
                dead = true;
                throw new IOException($"injected at {step}");
            }, () =>
            {
                // what dies while it cleans up has done its work
                if (Record.Exception(() => work(folder)) is { } e) Assert.True((e is AggregateException several ? several.Flatten().InnerExceptions : [e]).All(one => one is CromaException or IOException), e.ToString());
                return 0;
            });
            Assert.True(dead);
            work(folder);
            Assert.Equal(expected, RunBytes.Of(folder));
            Assert.Empty(RunBytes.Passing(folder));
            Directory.Delete(folder, recursive: true);
        }
        Figures.Tell($"{test}: {steps} faults, {steps} survived, 0 bytes lost");
    }
}
