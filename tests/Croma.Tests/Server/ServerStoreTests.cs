using Croma.Checkpoints;
using Croma.Classification;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Server.Classifiers;
using Croma.Server.Input;

namespace Croma.Tests.Server;

/// <summary>Classifiers on the disk, when the process or the disk fails.</summary>
public sealed class ServerStoreTests(ServerModels models) : IDisposable
{
    private const string Id = "0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_change_that_dies_at_any_step_leaves_the_old_state_or_the_new_one()
    {
        using var model = TrainedModel.Load(models.Features);
        var (first, second) = (State(model, 1, 4), State(model, 2, 6));
        var died = 0;
        for (var step = 0; ; step++)
        {
            var folder = _folder[$"state {step}"];
            using (var store = new ClassifierStore(folder)) store.Write(first, Added(first, 0));
            var (left, done) = (step, false);
            AtomicFile.Before.Value = (_, _, _) =>
            {
                if (left-- == 0) throw new Died();
            };
            try
            {
                using var store = new ClassifierStore(folder);
                store.Write(second, Added(second, 4));
                done = true;
            }
            catch (Died)
            {
                died++;
            }
            finally
            {
                AtomicFile.Before.Value = null;
            }
            using (var store = new ClassifierStore(folder))
            {
                var read = Assert.Single(store.Load(message => Assert.Fail(message)));
                var expected = read.Manifest.Revision == 1 ? first : second;
                Assert.True(!done || expected == second);
                Assert.Equal(expected.Manifest.Samples, read.Manifest.Samples);
                Assert.Equal(expected.Manifest.Samples.Count, store.ReadContents(Id, read.Manifest.Samples, model.Target.Shape).Count);
                // and nothing else is left
                Assert.Equal(expected.Manifest.Samples.Count + 2, Directory.GetFiles(Path.Combine(folder, Id)).Length);
            }
            if (done) break;
        }
        Assert.True(died > 10, $"{died}");
    }

    [Fact]
    public void A_making_that_dies_at_any_step_leaves_nothing_or_all()
    {
        using var model = TrainedModel.Load(models.Features);
        var state = State(model, 1, 4);
        for (var (step, done) = (0, false); !done; step++)
        {
            var folder = _folder[$"new {step}"];
            using (new ClassifierStore(folder)) { }
            Directory.CreateDirectory(folder);
            var left = step;
            AtomicFile.Before.Value = (_, _, _) =>
            {
                if (left-- == 0) throw new Died();
            };
            try
            {
                using var store = new ClassifierStore(folder);
                store.Write(state, Added(state, 0));
                done = true;
            }
            catch (Died)
            {
            }
            finally
            {
                AtomicFile.Before.Value = null;
            }
            using var again = new ClassifierStore(folder);
            var found = again.Load(message => Assert.Fail(message)).ToList();
            Assert.True(found.Count == (Directory.Exists(Path.Combine(folder, Id)) ? 1 : 0) && (!done || found.Count == 1));
        }
    }

    [Fact]
    public void A_full_disk_refuses_a_making_and_leaves_no_folder()
    {
        using var model = TrainedModel.Load(models.Features);
        var state = State(model, 1, 4);
        using var store = new ClassifierStore(_folder["state"]);
        AtomicFile.Before.Value = (step, path, _) =>
        {
            if (step == FileStep.Flush && path.Contains(".croma", StringComparison.Ordinal)) throw new IOException("No space left on device", 28);
        };
        try
        {
            Assert.Contains("disk is full", Assert.Throws<CromaException>(() => store.Write(state, Added(state, 0))).Message, StringComparison.Ordinal);
        }
        finally
        {
            AtomicFile.Before.Value = null;
        }
        Assert.Empty(Directory.GetDirectories(_folder["state"]));
    }

    [Fact]
    public void A_damaged_classifier_is_told_of_and_left_where_it_is()
    {
        using var model = TrainedModel.Load(models.Features);
        var state = State(model, 1, 4);
        using var store = new ClassifierStore(_folder["state"]);
        store.Write(state, Added(state, 0));
        File.WriteAllText(Path.Combine(_folder["state"], Id, "classifier.json"), "{}");
        var damaged = new List<string>();
        Assert.Empty(store.Load(damaged.Add));
        Assert.Contains("classifier.json", Assert.Single(damaged), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["state"], Id, "1.croma")));
    }

    [Fact]
    public void Files_that_were_being_looked_at_in_a_crash_are_gone_after_the_next_start()
    {
        Directory.CreateDirectory(_folder["state/incoming-7"]);
        File.WriteAllText(_folder["state/incoming-7/0"], "x");
        using var store = new ClassifierStore(_folder["state"]);
        Assert.Empty(Directory.GetDirectories(_folder["state"]));
        Assert.NotEqual(store.NewIncomingFolder(), store.NewIncomingFolder());
    }

    [Fact]
    public void One_process_has_the_folder()
    {
        using var store = new ClassifierStore(_folder["state"]);
        Assert.Contains("in use", Assert.Throws<FolderInUseException>(() => new ClassifierStore(_folder["state"])).Message, StringComparison.Ordinal);
    }

    private static ServedClassifier State(TrainedModel model, int revision, int samples)
    {
        SupportSample[] own = [.. Enumerable.Range(0, samples).Select(i => new SupportSample($"{i:x16}", Sent.Label(i % 2), $"sample {i}", "features", "application/json"))];
        var contents = new MemorySamples(model.Target.Shape, [.. Enumerable.Range(0, samples).Select(i => Sent.Numbers(i % 2, i))]);
        var manifest = new ClassifierManifest(ClassifierManifest.FormatName, 1, Id, "x", "features", "ridge", 0.1, revision, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, own);
        return new ServedClassifier(manifest, model.Adapt(SupportSamples.Of(contents, [.. own.Select(s => s.Class)]), "ridge", cancellation: RunningServer.Token));
    }

    private static IEnumerable<(string, PreparedSample)> Added(ServedClassifier state, int from) => state.Manifest.Samples.Skip(from).Select((s, i) =>
    {
        var numbers = Sent.Numbers((from + i) % 2, from + i);
        return (s.Id, new PreparedSample(new SentSample(s.Class, s.Name, SentKind.Features, [], "application/json", numbers), null, Array.ConvertAll(numbers, x => (Half)x)));
    });

    private sealed class Died : Exception;
}
