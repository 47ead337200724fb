using Croma.Checkpoints;
using Croma.Onnx.Features;

namespace Croma.Cli.Slurm;

/// <summary>Where a command's work is done.</summary>
/// <param name="part">The part that this process makes; null: all.</param>
/// <param name="resources">What Slurm gives each part; null: the work is done here.</param>
/// <param name="command">The command.</param>
/// <param name="context">Its context.</param>
internal sealed class Executor(Shard? part, SlurmResources? resources, StudyCommand command, CommandContext context)
{
    /// <summary>The part that this process makes; null: all.</summary>
    public Shard? Part => part;

    /// <summary>Tasks at once, where Slurm works and was told.</summary>
    public int? Width => resources?.Width;

    /// <summary>
    /// With Slurm, has it make what is not there yet, and waits for it: what the command does after that finds all parts. Without, makes
    /// sure that Slurm is not working there.
    /// </summary>
    public void Prepare(Func<DividedWork> divide, string folder)
    {
        if (resources != null) SlurmFront.Run(divide(), command, resources, context);
        else if (part == null) SlurmFront.RequireNoJobs(folder);
    }

    /// <summary>Makes a part beside others in the folder: what another process is at is no fault of the command, and may be tried later.</summary>
    public static T MakePart<T>(string folder, Func<T> make)
    {
        try
        {
            using var taken = RunLock.Take(folder, shared: true);
            return make();
        }
        catch (Exception e) when (InUse(e) is { } inUse)
        {
            throw new TryLaterException(inUse.Message, e);
        }
    }

    private static FolderInUseException? InUse(Exception exception) =>
        exception as FolderInUseException ?? (exception as AggregateException)?.Flatten().InnerExceptions.OfType<FolderInUseException>().FirstOrDefault();
}
