using System.Globalization;
using Croma.Checkpoints;
using Croma.Evaluation;
using Croma.Tasks;

namespace Croma.Cli.Card;

/// <summary>A figure of a model's card; accuracies in per cent.</summary>
/// <param name="Shots">Labelled samples a class.</param>
/// <param name="Mean">Mean accuracy.</param>
/// <param name="Ci95">Its 95 % confidence interval (Student's t); null where there is one measurement.</param>
/// <param name="Ways">Classes a task.</param>
/// <param name="Tasks">Tasks.</param>
/// <param name="Trainings">Trainings it is the mean of.</param>
/// <param name="Over">What the interval is over.</param>
/// <param name="Episodes">SHA-256 of the tasks.</param>
internal sealed record CardFigure(int Shots, double Mean, double[]? Ci95, int Ways, int Tasks, int Trainings, string Over, string Episodes)
{
    /// <summary>What one model scored.</summary>
    public static CardFigure Of(int shots, EpisodePlan plan, EvaluationResult result, ulong seed)
    {
        var tasks = Summary.Of(result.TaskAccuracies);
        return new(shots, tasks.Mean, [tasks.Low, tasks.High], plan.Ways, plan.Episodes.Count, 1, $"tasks (seed {seed}): other tasks would give this; another training may differ by more", plan.Sha256);
    }

    /// <summary>What several trainings of a model's method scored, as `evaluate` told.</summary>
    /// <exception cref="CromaException">They are of other data or another method.</exception>
    public static IEnumerable<CardFigure> Of(ResultTable table, ModelInfo info, string file)
    {
        if (table.Dataset.Sha256 != info.DatasetSha256) throw new CromaException($"{file}: these figures are on '{table.Dataset.Name}', with another SHA-256 than the data of the model, '{info.Dataset}': give figures on its own data.");
        ResultRow[] rows = [.. table.Results.Where(r => r.Method == info.Method)];
        if (rows.Length == 0) throw new CromaException($"{file}: there are no figures of '{info.Method}', the model's method; they are of {string.Join(", ", table.Results.Select(r => r.Method).Distinct())}.");
        return rows.Select(r => new CardFigure(r.Shots, r.Mean, r.Ci95, table.Episodes.Ways, table.Episodes.Tasks, r.Repeats, r.Repeats > 1 ? "trainings of different seeds on the same tasks" : "nothing: one training", table.Episodes.Sha256));
    }

    public string Accuracy => Ci95 is [var low, var high] ? string.Create(CultureInfo.InvariantCulture, $"{Mean:0.0} % [{low:0.0}, {high:0.0}]") : string.Create(CultureInfo.InvariantCulture, $"{Mean:0.0} %");
}
