using System.Globalization;
using Croma.Checkpoints;
using Croma.Method;
using Croma.Monitoring;

namespace Croma.Tests.Monitoring;

/// <summary>log.csv and the event files of a training.</summary>
public sealed class ScalarLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Log => File.ReadAllText(_folder["log.csv"]);

    private IEnumerable<string> Iterations => Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row[..row.IndexOf(',')]);

    [Fact]
    public void The_reader_of_these_tests_knows_the_published_sums()
    {
        // RFC 3720, B.4; and the check value of the catalogue of CRCs
        Assert.Equal(0x8a9136aau, EventReader.Crc32C(new byte[32]));
        Assert.Equal(0x62a8ab43u, EventReader.Crc32C([.. Enumerable.Repeat((byte)0xff, 32)]));
        Assert.Equal(0x46dd794eu, EventReader.Crc32C([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0xe3069283u, EventReader.Crc32C("123456789"u8));
    }

    [Fact]
    public void An_event_file_begins_as_those_of_TensorFlow()
    {
        using (new EventFile(_folder["tfevents"], 0, TimeProvider.System)) { }
        var bytes = File.ReadAllBytes(_folder["tfevents"]);
        // what file(1) and hex dumps show of every such file: a record of 24 bytes, the sum of that length, a time, "brain.Event:2"
        Assert.Equal([0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22, 0x09], bytes[..13]);
        Assert.Equal([0x1a, 0x0d, .. "brain.Event:2"u8], bytes[21..36]);
    }

    [Fact]
    public void Scalars_are_read_as_they_were_written()
    {
        using (var file = new EventFile(_folder["tfevents"], 7, TimeProvider.System))
        {
            file.Scalars(0, ("start", 1.5));
            file.Scalars(300, ("loss/alignment", 0.25), ("loss/none", double.NaN), ("größe", -1e30));
            file.Scalars(301, ("loss/none", double.NaN));
            file.Scalars(1L << 40, ("late", 3));
        }
        var events = EventReader.Read(_folder["tfevents"]);
        Assert.Equal(["brain.Event:2", null, null, null, null], events.Select(e => e.FileVersion));
        Assert.Equal((7, true), (events[1].Step, events[1].StartsSession));
        Assert.Equal([(0L, "start", 1.5f), (300, "loss/alignment", 0.25f), (300, "größe", -1e30f), (1L << 40, "late", 3f)], events.SelectMany(e => e.Scalars.Select(s => (e.Step, s.Tag, s.Value))));
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.All(events, e => Assert.InRange(e.WallTime, now - 600, now + 1));
    }

    [Fact]
    public void A_training_logs_every_iteration_and_the_looks_in_both()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        using var model = TrainedModel.Train(dataset, new TrainingOptions { Configuration = TinyConfiguration.Value, LogFolder = _folder.Path }, cancellation: TestContext.Current.CancellationToken);
        var training = TinyConfiguration.Value.Training;
        string[][] rows = [.. Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(','))];
        Assert.Equal(Enumerable.Range(0, training.Iterations + 1), rows.Select(row => int.Parse(row[0])));
        foreach (var point in model.Training!.Curve)
        {
            Assert.Equal(point.ValidationAccuracy, Number(rows[point.Iteration][3]));
            if (point.Iteration > 0) Assert.Equal(point.AlignmentLoss!.Value, rows[(point.Iteration - 9)..(point.Iteration + 1)].Average(row => Number(row[1])), 1e-9);
        }
        Assert.All(rows, row => Assert.Equal([training.MetaStepSize, training.AlignmentLearningRate, training.EncoderLearningRate, training.ClassifierLearningRate], row[4..].Select(Number)));

        var events = EventReader.Read(_folder["events.out.tfevents.0000000000.croma"]);
        var scalars = events.SelectMany(e => e.Scalars.Select(s => (e.Step, s.Tag, s.Value))).ToLookup(s => s.Tag);
        Assert.Equal(["loss/alignment", "loss/classification", "rate/alignment", "rate/classifier", "rate/encoder", "rate/meta_step_size", "speed/iterations_per_second", "validation/accuracy"], scalars.Select(g => g.Key).Order(StringComparer.Ordinal));
        Assert.Equal(rows.Skip(1).Select(row => (long.Parse(row[0]), (float)Number(row[2]))), scalars["loss/classification"].Select(s => (s.Step, s.Value)));
        Assert.Equal(model.Training.Curve.Select(p => ((long)p.Iteration, (float)p.ValidationAccuracy)), scalars["validation/accuracy"].Select(s => (s.Step, s.Value)));
        Assert.All(scalars["speed/iterations_per_second"], s => Assert.True(s.Value > 0));
    }

    [Fact]
    public void A_log_that_is_taken_up_has_each_iteration_once()
    {
        Write(done: null, 1, 2, 3, 4, 5);
        var whole = Log;
        File.AppendAllText(_folder["log.csv"], "6,0.5,0.");
        // the checkpoint is of iteration 3: the rest is done again
        Write(done: 3, 4, 5);
        Assert.Equal(whole, Log);
        Assert.Equal(["1", "2", "3", "4", "5"], Iterations);
        Assert.Equal(["events.out.tfevents.0000000000.croma", "events.out.tfevents.0000000004.croma"], EventFiles);
        var second = EventReader.Read(_folder["events.out.tfevents.0000000004.croma"]);
        Assert.Equal((4, true), (second[1].Step, second[1].StartsSession));
        Assert.All(second.Skip(2), e => Assert.InRange(e.Step, 4, 5));

        // once more from before that: its event file says nothing that is still true
        Write(done: 2, 3);
        Assert.Equal(["1", "2", "3"], Iterations);
        Assert.Equal(["events.out.tfevents.0000000000.croma", "events.out.tfevents.0000000003.croma"], EventFiles);

        Write(done: null, 1);
        Assert.Equal(["1"], Iterations);
        Assert.Equal(["events.out.tfevents.0000000000.croma"], EventFiles);
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else\n1,2,3\n")]
    [InlineData("\u0000ÿ\n")]
    public void What_is_no_log_is_begun_anew(string content)
    {
        File.WriteAllText(_folder["log.csv"], content);
        Write(done: 3, 4);
        Assert.Equal(["4"], Iterations);
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_said_in_a_line()
    {
        File.WriteAllText(_folder["file"], "");
        var e = Assert.Throws<CromaException>(() => new ScalarLog(_folder["file/log"], null, new MetaOptions(), TimeProvider.System));
        Assert.Contains("the training's log cannot be written", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_goes_on_knows_the_interval_of_its_best()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var options = new TrainingOptions { Configuration = TinyConfiguration.Value, CheckpointFile = _folder["checkpoint"] };
        using var first = TrainedModel.Train(dataset, options, cancellation: TestContext.Current.CancellationToken);
        using var second = TrainedModel.Train(dataset, options, cancellation: TestContext.Current.CancellationToken);
        Assert.True(first.Info.ValidationCi95 is [var low, var high] && low <= first.Info.ValidationAccuracy && first.Info.ValidationAccuracy <= high);
        Assert.Equal(first.Info.ValidationCi95, second.Info.ValidationCi95);
        Assert.Equal(first.Info.ValidationCi95, TrainingPosition.Read(_folder["checkpoint"]).BestCi95);
    }

    private IEnumerable<string> EventFiles => Directory.GetFiles(_folder.Path, "events*").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    private void Write(int? done, params int[] iterations)
    {
        using var log = new ScalarLog(_folder.Path, done, new MetaOptions(), TimeProvider.System);
        foreach (var i in iterations) log.Iterated(i, new IterationLosses(1.0 / i, double.NaN));
        log.Looked(iterations[^1], 50);
        log.Flush();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
