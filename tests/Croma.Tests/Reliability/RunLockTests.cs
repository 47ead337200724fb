using System.Diagnostics;
using Croma.Checkpoints;
using Croma.Evaluation;

namespace Croma.Tests.Reliability;

/// <summary>Who may write in a run's folder.</summary>
public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_has_one_owner_who_is_named_and_may_go()
    {
        using (RunLock.Take(_folder["run"]))
        {
            var refused = Assert.Throws<FolderInUseException>(() => RunLock.Take(_folder["run"]));
            Assert.Equal($"'{_folder["run"]}' is in use by process {Environment.ProcessId}: wait until it has ended, or choose another folder.", refused.Message);
            Assert.Throws<FolderInUseException>(() => RunLock.Take(_folder["run"], shared: true));
            File.WriteAllText(_folder["run/work"], "");
        }
        Assert.Equal(["work"], Directory.GetFileSystemEntries(_folder["run"]).Select(f => Path.GetFileName(f)!));
        RunLock.Take(_folder["run"]).Dispose();
    }

    [Fact]
    public void Those_that_share_are_together_and_keep_others_out()
    {
        using var first = RunLock.Take(_folder["run"], shared: true);
        using var second = RunLock.Take(_folder["run"], shared: true);
        Assert.Throws<FolderInUseException>(() => RunLock.Take(_folder["run"]));
    }

    [Fact]
    public void A_folder_that_nothing_came_into_is_removed_and_one_that_was_there_is_not()
    {
        RunLock.Take(_folder["new"]).Dispose();
        Assert.False(Directory.Exists(_folder["new"]));
        Directory.CreateDirectory(_folder["old"]);
        RunLock.Take(_folder["old"]).Dispose();
        Assert.True(Directory.Exists(_folder["old"]));
    }

    [Fact]
    public void A_whole_model_keeps_no_trace_of_its_training_s_killed_process()
    {
        using var dataset = TinyDataset.Create(_folder["data"]);
        var models = new TrainedModels(dataset, _folder["runs"]);
        Get();
        using var gone = Process.Start(new ProcessStartInfo("true"))!;
        gone.WaitForExit();
        var kept = models.FolderOf("croma", TinyConfiguration.Value, 1);
        File.WriteAllText(Path.Combine(kept, $".owner-{gone.Id}-{Environment.MachineName}"), "1");
        Get();
        Assert.Empty(RunBytes.Passing(_folder["runs"]));

        void Get() => models.Get("croma", TinyConfiguration.Value, 1, cancellation: TestContext.Current.CancellationToken).Dispose();
    }

    [Fact]
    public void Only_an_owner_that_lives_and_is_the_same_process_counts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "asks /proc");
        using var other = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
        var start = RunLock.StartOf(other.Id)!;
        File.WriteAllText(_folder[$".owner-{other.Id}"], start);
        Assert.Equal([(other.Id, (bool?)true)], RunLock.Owners(_folder.Path).Select(o => (o.Process, o.Lives)));
        // the number was given to another process
        File.WriteAllText(_folder[$".owner-{other.Id}"], start + "0");
        Assert.Equal([(other.Id, (bool?)false)], RunLock.Owners(_folder.Path).Select(o => (o.Process, o.Lives)));
        File.WriteAllText(_folder[$".owner-{other.Id}"], start);
        other.Kill();
        other.WaitForExit();
        Assert.Equal([(other.Id, (bool?)false)], RunLock.Owners(_folder.Path).Select(o => (o.Process, o.Lives)));
        using (RunLock.Take(_folder.Path)) Assert.Equal([(Environment.ProcessId, (bool?)true)], RunLock.Owners(_folder.Path).Select(o => (o.Process, o.Lives)));
    }

    [Fact]
    public void What_a_killed_process_left_half_written_is_removed_and_nothing_else()
    {
        Directory.CreateDirectory(_folder["run/models"]);
        string[] left = ["run/.a.json.0123456789abcdef0123456789abcdef.tmp", "run/models/.b.0123456789abcdef0123456789abcdef.tmp"], kept = ["run/.mine.tmp", "run/b.tmp", "run/.hidden"];
        foreach (var file in left.Concat(kept)) File.WriteAllText(_folder[file], "");
        RunLock.Take(_folder["run"]).Dispose();
        Assert.All(left, file => Assert.False(File.Exists(_folder[file])));
        Assert.All(kept, file => Assert.True(File.Exists(_folder[file])));
    }

    [Fact]
    public void Where_folders_cannot_be_locked_a_file_in_them_is()
    {
        using (var alone = RunLock.LockFile(_folder.Path, shared: false, out var locked, out var held))
        {
            Assert.Equal((true, false), (locked, held));
            Assert.Equal((null, false, true), (RunLock.LockFile(_folder.Path, shared: false, out locked, out held), locked, held));
            Assert.Equal((null, false, true), (RunLock.LockFile(_folder.Path, shared: true, out locked, out held), locked, held));
        }
        using var first = RunLock.LockFile(_folder.Path, shared: true, out _, out _);
        using var second = RunLock.LockFile(_folder.Path, shared: true, out var both, out _);
        Assert.True(both);
        Assert.Null(RunLock.LockFile(_folder.Path, shared: false, out _, out _));
    }

    [Fact]
    public void A_process_of_another_machine_is_neither_alive_nor_dead_and_the_lock_decides()
    {
        Directory.CreateDirectory(_folder["run"]);
        // the number is this process's: here it lives, there nobody knows
        var file = _folder[$"run/.owner-{Environment.ProcessId}-other-machine"];
        File.WriteAllText(file, RunLock.StartOf(Environment.ProcessId));
        var owner = Assert.Single(RunLock.Owners(_folder["run"]));
        Assert.Equal(("other-machine", Environment.ProcessId, (bool?)null, $"process {Environment.ProcessId} on other-machine"), (owner.Machine, owner.Process, owner.Lives, owner.ToString()));
        // one of those that share may be there still
        using (RunLock.Take(_folder["run"], shared: true)) Assert.True(File.Exists(file));
        // who has the lock alone knows that nobody else is
        using (RunLock.Take(_folder["run"])) Assert.False(File.Exists(file));
    }

    [Fact]
    public void A_place_where_no_folder_can_be_made_is_named()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.StartsWith($"'{_folder["file/run"]}' cannot be written: ", Assert.Throws<CromaException>(() => RunLock.Take(_folder["file/run"])).Message, StringComparison.Ordinal);
    }
}
