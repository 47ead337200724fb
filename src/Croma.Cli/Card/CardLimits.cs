using System.Text;
using Croma.Checkpoints;

namespace Croma.Cli.Card;

/// <summary>What a model is not for, by what is known about it.</summary>
internal static class CardLimits
{
    private const int FewConcepts = 20;

    public static string Of(ModelInfo info, IReadOnlyList<CardFigure> figures)
    {
        var (page, target) = (new StringBuilder("## Limits\n\n"), ModelCard.Line(info.Target?.Name ?? "the target modality"));
        Say($"The figures are of new concepts of `{ModelCard.Line(info.Dataset)}`: samples recorded, cut or encoded otherwise are another distribution, and nothing here says how well it does on them.");
        Say("It recognises concepts among those it was adapted to; on anything else it is wrong unless `predict --false-alarms` (none of these) is asked for.");
        if (info.Data is { Synthetic.Count: > 0 } data) Say($"{ModelCard.Line(string.Join(" and ", data.Synthetic))} was synthesised: figures on what people make will be lower.");
        if (info.Data?.Concepts.Values.Min() is < FewConcepts and var least) Say($"A split has only {least} concepts: tasks share them, so that the interval over tasks is narrower than one over concepts would be.");
        if (figures.All(f => f.Trainings < 2)) Say("One training: how far another seed would differ is not known. Train with other seeds, and give `croma card` their figures.");
        if (info.TargetLabels > 0) Say($"It has read {info.TargetLabels} labels of {target} in training: its figures are not those of a method that reads none.");
        if (info.Iteration == 0 && info.ValidationAccuracy != null) Say("No training step did better than the untrained start: look at `croma doctor`.");
        Say("Do not decide about people by it. Whether its data allow your use is for their licences to say.");
        return page.Append('\n').ToString();

        void Say(string limit) => page.Append("- ").Append(limit).Append('\n');
    }
}
