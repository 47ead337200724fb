using System.Globalization;

namespace Croma.Cli.Slurm;

/// <summary>What each task of the array is given, in Slurm's words; null: the cluster's default.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Time">Wall time of a task, such as 4:00:00; one that is stopped by it goes on from its checkpoint.</param>
/// <param name="Cpus">Processors, and threads of the task.</param>
/// <param name="Memory">Memory, such as 4G.</param>
/// <param name="Width">Tasks at once.</param>
internal sealed record SlurmResources(string? Partition, string? Time, int Cpus, string? Memory, int? Width)
{
    /// <summary>As arguments of sbatch.</summary>
    public IEnumerable<string> ForSbatch()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={Cpus}");
        if (Partition != null) yield return $"--partition={Partition}";
        if (Time != null) yield return $"--time={Time}";
        if (Memory != null) yield return $"--mem={Memory}";
    }

    /// <summary>As options of the command that gave the study to Slurm.</summary>
    public IEnumerable<string> Options()
    {
        (string Name, string? Value)[] options =
            [(ExecutorOptions.Partition, Partition), (ExecutorOptions.Time, Time), (ExecutorOptions.Cpus, $"{Cpus}"), (ExecutorOptions.Memory, Memory), (ExecutorOptions.Width, Width?.ToString(CultureInfo.InvariantCulture))];
        return options.Where(o => o.Value != null).Select(o => $"{o.Name}={o.Value}");
    }
}
