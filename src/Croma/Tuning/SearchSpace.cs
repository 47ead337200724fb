using Croma.Baselines;
using Croma.Compute;
using Croma.Configuration;
using Croma.Method;

namespace Croma.Tuning;

/// <summary>
/// What the search varies. A method has only what it uses; the loss, sizes, batches, input and the number of gradient
/// steps, in meta-training and in adaptation, stay as they are, so that every candidate of every method costs the same.
/// </summary>
public static class SearchSpace
{
    // a candidate of one step a task makes as many iterations as steps
    private static readonly int[] s_innerSteps = [1, 2, 5, 10];

    // a task numbers its classes at random: a few steps cannot learn them, and then there is nothing for Reptile to keep
    private static readonly int[] s_innerStepsOfClassification = [5, 10, 20, 40];

    /// <summary>A candidate from anywhere in the space.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="start">What it keeps all else from.</param>
    /// <param name="random">The candidate's own stream.</param>
    // all is drawn whatever the method uses, so that methods of one seed meet the same values
    public static TrainingConfiguration Draw(string method, TrainingConfiguration start, CounterRandom random) => Take(method, start, start.Training with
    {
        AlignmentLearningRate = Rate(random, 3e-4, 5e-3),
        EncoderLearningRate = Rate(random, 3e-4, 5e-3),
        ClassifierLearningRate = Rate(random, 1e-4, 1e-2),
        MetaStepSize = Round(random.Next(0.1, 1)),
        CarryOptimizer = random.Next(2) == 1,
        InnerSteps = InnerSteps(method)[random.Next(InnerSteps(method).Length)],
    });

    /// <summary>A candidate near another: rates within a factor of three, counts one place up or down.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="centre">The other.</param>
    /// <param name="random">The candidate's own stream.</param>
    public static TrainingConfiguration DrawNear(string method, TrainingConfiguration centre, CounterRandom random) => Take(method, centre, centre.Training with
    {
        AlignmentLearningRate = Near(random, centre.Training.AlignmentLearningRate),
        EncoderLearningRate = Near(random, centre.Training.EncoderLearningRate),
        ClassifierLearningRate = Near(random, centre.Training.ClassifierLearningRate),
        MetaStepSize = Math.Min(1, Near(random, centre.Training.MetaStepSize)),
        InnerSteps = Beside(random, InnerSteps(method), centre.Training.InnerSteps),
    });

    /// <summary>An adaptation from anywhere in the space.</summary>
    /// <param name="start">What it keeps all else from.</param>
    /// <param name="random">Draws it.</param>
    public static AdaptationOptions DrawAdaptation(AdaptationOptions start, CounterRandom random) =>
        start with { EncoderLearningRate = Rate(random, 5e-4, 1e-2), ClassifierLearningRate = Rate(random, 2e-4, 3e-2) };

    /// <summary>An adaptation near another: rates within a factor of three.</summary>
    /// <param name="centre">The other.</param>
    /// <param name="random">Draws it.</param>
    public static AdaptationOptions DrawAdaptationNear(AdaptationOptions centre, CounterRandom random) =>
        centre with { EncoderLearningRate = Near(random, centre.EncoderLearningRate), ClassifierLearningRate = Near(random, centre.ClassifierLearningRate) };

    /// <summary>Of what was drawn, what the method uses.</summary>
    private static TrainingConfiguration Take(string method, TrainingConfiguration start, MetaOptions drawn)
    {
        if (Methods.TrainingWork(method, start) == 0) return start;

        var aligns = Aligns(method);
        var training = start.Training with
        {
            AlignmentLearningRate = aligns ? drawn.AlignmentLearningRate : start.Training.AlignmentLearningRate,
            EncoderLearningRate = MovesEncoder(method) ? drawn.EncoderLearningRate : start.Training.EncoderLearningRate,
            ClassifierLearningRate = method != "unsupervised-meta-reconstruct" ? drawn.ClassifierLearningRate : start.Training.ClassifierLearningRate,
        };
        if (IsMeta(method))
        {
            var iterations = Math.Max(1, (int)((long)start.Training.Iterations * start.Training.InnerSteps / drawn.InnerSteps));
            training = training with { MetaStepSize = drawn.MetaStepSize, CarryOptimizer = drawn.CarryOptimizer, InnerSteps = drawn.InnerSteps, Iterations = iterations };
        }
        // as many looks at meta-validation as before
        var every = Math.Max(1, (int)((long)start.Selection.Every * training.Iterations / start.Training.Iterations));
        return start with { Training = training, Selection = start.Selection with { Every = every } };
    }

    private static bool IsMeta(string method) => method is "croma" or "croma-weak" or "align-meta-classify" or "oracle" || method.StartsWith("unsupervised-meta", StringComparison.Ordinal);

    private static int[] InnerSteps(string method) => method is "oracle" or "unsupervised-meta-weak-labels" ? s_innerStepsOfClassification : s_innerSteps;

    private static bool Aligns(string method) => method is "croma" or "croma-weak" or "shared-align" || method.StartsWith("align-", StringComparison.Ordinal);

    private static bool MovesEncoder(string method) => method is not ("croma" or "croma-weak" or "align-meta-classify");

    /// <summary>Between two rates, every factor being as likely.</summary>
    private static double Rate(CounterRandom random, double least, double most) => Round(least * Math.Pow(most / least, random.NextDouble()));

    private static double Near(CounterRandom random, double value) => Round(value * Math.Pow(3, random.Next(-1.0, 1)));

    /// <summary>The value itself as often as one of its neighbours.</summary>
    private static int Beside(CounterRandom random, int[] among, int value)
    {
        var move = random.Next(4) switch { 0 => -1, 1 => 1, _ => 0 };
        var place = Array.BinarySearch(among, value);
        return place < 0 ? value : among[Math.Clamp(place + move, 0, among.Length - 1)];
    }

    /// <summary>Two digits: more would say nothing.</summary>
    private static double Round(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(Math.Round(value / unit) * unit, 12);
    }
}
