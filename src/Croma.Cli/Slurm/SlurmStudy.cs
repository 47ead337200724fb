using System.Text.Json.Serialization;

namespace Croma.Cli.Slurm;

/// <summary>A command whose parts Slurm makes.</summary>
/// <param name="Words">The command's name, options and arguments.</param>
/// <param name="PartOption">The option that takes a part's number.</param>
/// <param name="Directory">Where its relative paths begin.</param>
internal sealed record StudyCommand(IReadOnlyList<string> Words, string PartOption, string Directory)
{
    /// <summary>Whether it is the same command in the same place.</summary>
    public bool IsSame(StudyCommand other) => Directory == other.Directory && Words.SequenceEqual(other.Words);

    public override string ToString() => $"croma {string.Join(' ', Words.Where(w => w != "--"))}";
}

/// <summary>A submission of some parts.</summary>
/// <param name="Id">Slurm's number of the array.</param>
/// <param name="Parts">Which.</param>
internal sealed record SlurmJob(string Id, IReadOnlyList<int> Parts);

/// <summary>What is kept of a study that Slurm works at: OUT/slurm/study.json.</summary>
/// <param name="Name">The name of its jobs, by which Slurm finds them.</param>
/// <param name="Command">What they do.</param>
/// <param name="Parts">Into how many parts the work is divided.</param>
/// <param name="Resources">What each is given.</param>
/// <param name="Jobs">What was submitted, the latest last.</param>
internal sealed record SlurmStudy(string Name, StudyCommand Command, int Parts, SlurmResources Resources, IReadOnlyList<SlurmJob> Jobs)
{
    /// <summary>The latest submission of a part; null where there was none.</summary>
    public string? JobOf(int part) => Jobs.LastOrDefault(j => j.Parts.Contains(part))?.Id;
}

/// <summary>How a task ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Line">The last line that it wrote.</param>
internal sealed record TaskEnd(int Code, string Line);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SlurmStudy))]
internal sealed partial class SlurmStudyJson : JsonSerializerContext;
