using Croma.Baselines;
using Croma.Data;
using Croma.Evaluation;

namespace Croma.Tests;

/// <summary>Runs of several methods side by side.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public void Records_are_the_same_bytes_whatever_the_number_of_threads()
    {
        using var folder = new TemporaryFolder();
        TinyDataset.Create(folder["data"], sequences: true).Dispose();
        var alone = Run(folder, 1);
        Assert.Equal(Methods.Names.SelectMany(m => new[] { (m, 0), (m, 1) }), alone.Select(r => (r.Method, r.Repeat)));
        // of 20 threads some have no run of their own and help others'
        foreach (var threads in new[] { 2, 3, 20 })
            Assert.Equal(alone.Select(Text), Run(folder, threads).Select(Text));

        string Text(RunRecord record)
        {
            var file = folder["record.json"];
            (record with { Seconds = 0 }).Write(file);
            return File.ReadAllText(file);
        }
    }

    [Fact]
    public void A_thread_makes_one_state_and_disposes_it()
    {
        var (made, disposed, done) = (0, 0, 0);
        Workers.Run(50, 3, () => new Counted(() => Interlocked.Increment(ref made), () => Interlocked.Increment(ref disposed)),
            (job, _) => Interlocked.Add(ref done, job), TestContext.Current.CancellationToken);
        Assert.Equal(50 * 49 / 2, done);
        Assert.InRange(made, 1, 3);
        Assert.Equal(made, disposed);
    }

    [Fact]
    public void A_job_that_fails_stops_the_others_and_frees_every_state()
    {
        var (made, disposed) = (0, 0);
        var failure = Assert.Throws<AggregateException>(() => Workers.Run(50, 2, () => new Counted(() => Interlocked.Increment(ref made), () => Interlocked.Increment(ref disposed)),
            (job, _) => { if (job == 3) throw new CromaException("job 3"); }, TestContext.Current.CancellationToken));
        Assert.Equal("job 3", Assert.Single(failure.InnerExceptions).Message);
        Assert.Equal(made, disposed);
    }

    private static IReadOnlyList<RunRecord> Run(TemporaryFolder folder, int threads)
    {
        using var dataset = CrossModalDataset.Open(folder["data"]);
        var options = new ComparisonOptions { Methods = Methods.Names, Shots = [1, 3], Repeats = 2, Tasks = 4, Queries = 4, Threads = threads };
        return new Comparison(dataset, _ => TinyConfiguration.Value, options, folder[$"runs-{threads}"]).Run(cancellation: TestContext.Current.CancellationToken);
    }

    private sealed class Counted : IDisposable
    {
        private readonly Action _dispose;

        public Counted(Action make, Action dispose)
        {
            make();
            _dispose = dispose;
        }

        public void Dispose() => _dispose();
    }
}
