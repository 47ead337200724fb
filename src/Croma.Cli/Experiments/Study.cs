using Croma.Evaluation;

namespace Croma.Cli.Experiments;

/// <summary>An experiment on its data: what there is to do, and what it comes to once that is done.</summary>
/// <param name="runs">The work, wherever it is done.</param>
/// <param name="describe">Reads what the runs have left and draws the conclusions.</param>
/// <param name="data">What is open until the study is disposed.</param>
internal sealed class Study(IReadOnlyList<StudyRun> runs, Func<ExperimentOutcome> describe, IDisposable? data = null) : IDisposable
{
    public IReadOnlyList<StudyRun> Runs => runs;

    public ExperimentOutcome Describe() => describe();

    public void Dispose() => data?.Dispose();
}
