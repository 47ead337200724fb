namespace Croma.Data.Doctor;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Results will be worse, or a little too good.</summary>
    Warning,

    /// <summary>Training would be misleading, or not work at all.</summary>
    Problem,
}

/// <summary>Something that the doctor found in a data set.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Check">Which check found it, in a word or two.</param>
/// <param name="What">What is the matter, with numbers.</param>
/// <param name="Examples">Where: a few places at most.</param>
/// <param name="Advice">What to do.</param>
public sealed record Diagnosis(Severity Severity, string Check, string What, IReadOnlyList<string> Examples, string Advice);

/// <summary>What the data set is to be used for.</summary>
/// <param name="Shots">Labelled samples a class. Default 5.</param>
/// <param name="Queries">Samples a class to recognise. Default 10.</param>
/// <param name="Ways">Classes a task. Default 5.</param>
public sealed record DoctorOptions(int Shots = 5, int Queries = 10, int Ways = 5);

/// <summary>How many classes a split has, and samples a class for each use: the fewest and the most.</summary>
/// <param name="Split">The split.</param>
/// <param name="Concepts">Its classes.</param>
/// <param name="AlignmentSource">Source samples of the part Alignment a class: the fewest and the most of classes that have any.</param>
/// <param name="AlignmentTarget">Target samples of the part Alignment.</param>
/// <param name="SourceTasks">Source samples of the part Source.</param>
/// <param name="TargetTasks">Target samples of the part Target.</param>
public sealed record SplitCounts(ConceptSplit Split, int Concepts, CountRange AlignmentSource, CountRange AlignmentTarget, CountRange SourceTasks, CountRange TargetTasks);

/// <summary>Of classes that have any: how many there are, the fewest samples of one and the most.</summary>
public readonly record struct CountRange(int Classes, int Fewest, int Most);

/// <summary>What the doctor says of a data set.</summary>
/// <param name="Counts">Classes and samples, split by split.</param>
/// <param name="Findings">What was found, the worst first.</param>
public sealed record DoctorReport(IReadOnlyList<SplitCounts> Counts, IReadOnlyList<Diagnosis> Findings)
{
    /// <summary>Whether training on it would not be misleading.</summary>
    public bool IsFit => Findings.All(f => f.Severity != Severity.Problem);
}
