using Croma.Checkpoints;

namespace Croma.Cli.Slurm;

/// <summary>
/// The command's own part where Slurm does the work: joins a study that Slurm works at already, or begins one; leaves when the user does.
/// </summary>
internal static class SlurmFront
{
    /// <summary>Returns once all parts are made.</summary>
    /// <exception cref="CromaException">There is no Slurm here, it refuses the jobs, it works at another study there, or a part cannot be made.</exception>
    /// <exception cref="InterruptedException">The user has left, or the study was cancelled; the message says how to go on.</exception>
    public static void Run(DividedWork work, StudyCommand command, SlurmResources resources, CommandContext context)
    {
        SlurmPrograms.Require();
        int[] left = [.. Enumerable.Range(1, work.Count).Where(part => !work.IsDone(part))];
        if (left.Length == 0) return;
        var folder = SlurmFolder.In(work.Folder);
        using var alone = RunLock.Take(folder.Path);
        var watch = new SlurmWatch(folder, work, Join(folder, work, command, resources), left);
        try
        {
            context.Progress.Run($"{work.Title} (Slurm)", report => watch.Run(report, context.Cancellation));
        }
        catch (OperationCanceledException e)
        {
            var here = work.Folder;
            throw new InterruptedException($"left; Slurm goes on with it. 'croma jobs {here} --watch', or the same command, comes back to it; 'croma jobs {here} --cancel' ends it.", e);
        }
    }

    /// <summary>Requires that Slurm has no jobs of a study in a folder.</summary>
    public static void RequireNoJobs(string folder)
    {
        var state = SlurmFolder.In(folder);
        if (state.Read() is not { } study || state.IsMade(study)) return;
        bool isActive;
        try
        {
            isActive = SlurmPrograms.Queue(study.Name).Any(j => j.IsActive);
        }
        catch (SlurmException e)
        {
            throw new CromaException($"Slurm was given '{study.Command}' in '{folder}', and cannot be asked whether it still works there: if it does not, remove '{state.Path}'. {e.Message}", e);
        }
        if (isActive) throw new CromaException($"Slurm works in '{folder}', at '{study.Command}': wait for it ('croma jobs {folder}'), or end it by 'croma jobs {folder} --cancel'.");
    }

    /// <summary>The study of the same command, if there is one, or a new one in the place of any other that has ended.</summary>
    private static SlurmStudy Join(SlurmFolder folder, DividedWork work, StudyCommand command, SlurmResources resources)
    {
        var kept = folder.Read();
        var isSame = kept != null && kept.Command.IsSame(command) && kept.Parts == work.Count;
        if (!isSame) RequireNoJobs(work.Folder);
        var study = isSame ? kept! with { Resources = resources } : new SlurmStudy($"croma-{Guid.NewGuid():N}"[..14], command, work.Count, resources, []);
        folder.Begin(anew: !isSame);
        folder.Write(study);
        return study;
    }
}
