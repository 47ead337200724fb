using Croma.Cli.Report;
using Croma.Data;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Cli.Experiments;

/// <summary>What a method took a query for.</summary>
/// <param name="Method">The method, as the tables call it.</param>
/// <param name="Concept">What it said.</param>
/// <param name="Right">Whether that is so.</param>
internal sealed record Answer(string Method, string Concept, bool Right);

/// <summary>A query and what methods took it for.</summary>
internal sealed record PredictionExample(SampleView Query, IReadOnlyList<Answer> Answers);

/// <summary>
/// Some answers of methods in one meta-test task: of the first planned task, in the first repeat, the first queries of each concept. Chosen by
/// their place, so that nobody picked them for what they show.
/// </summary>
/// <param name="Modality">The target modality's name.</param>
/// <param name="Shots">k.</param>
/// <param name="Methods">The methods, as the tables call them.</param>
/// <param name="Support">The task's labelled samples [concepts][k].</param>
/// <param name="Queries">The queries.</param>
internal sealed record PredictionExamples(string Modality, int Shots, IReadOnlyList<string> Methods, IReadOnlyList<IReadOnlyList<SampleView>> Support, IReadOnlyList<PredictionExample> Queries)
{
    private const int WantedShots = 5, QueriesOfConcept = 2;

    /// <summary>Takes them from what was scored; nothing is computed.</summary>
    /// <param name="dataset">The data.</param>
    /// <param name="plan">The tasks that were scored.</param>
    /// <param name="records">The runs.</param>
    /// <param name="methods">Whose answers.</param>
    public static PredictionExamples Of(CrossModalDataset dataset, EpisodePlan plan, IReadOnlyList<RunRecord> records, IReadOnlyList<string> methods)
    {
        var runs = methods.Select(m => records.First(r => r.Method == m && r.Repeat == 0)).ToList();
        var (shots, target, episode) = (runs[0].Results.Select(r => r.Shots).MinBy(k => Math.Abs(k - WantedShots)), dataset.Target, plan.Episodes[0]);
        var scores = runs.Select(r => r.Results.Single(s => s.Shots == shots)).ToList();
        return new PredictionExamples(target.Name, shots, [.. methods.Select(MethodNames.Title)],
            [.. episode.Support.Select(own => own[..shots].Select(s => SampleView.Of(dataset, target, s)).ToList())],
            [
                .. from way in Enumerable.Range(0, plan.Ways)
                   from place in Enumerable.Range(0, Math.Min(QueriesOfConcept, plan.Queries))
                   // a task's answers come by concept, as its queries do
                   let answer = way * plan.Queries + place
                   select new PredictionExample(SampleView.Of(dataset, target, scores[0].Samples[answer]),
                       [.. scores.Zip(methods, (score, method) => new Answer(MethodNames.Title(method), dataset.Concepts[score.Predictions[answer]].Name, score.Predictions[answer] == score.Truths[answer]))]),
            ]);
    }
}
