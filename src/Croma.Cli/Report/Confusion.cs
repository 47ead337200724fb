using Croma.Evaluation;

namespace Croma.Cli.Report;

/// <summary>How often each concept was taken for each, over all tasks and repeats of one method at one number of shots.</summary>
public sealed class Confusion
{
    private readonly int[,] _counts;

    private Confusion(int shots, int[] concepts, int[,] counts) => (Shots, Concepts, _counts) = (shots, concepts, counts);

    /// <summary>k.</summary>
    public int Shots { get; }

    /// <summary>The concepts that were asked for, by rising number.</summary>
    public IReadOnlyList<int> Concepts { get; }

    /// <summary>How often the concept in place <paramref name="truth"/> of <see cref="Concepts"/> was taken for another.</summary>
    public int this[int truth, int prediction] => _counts[truth, prediction];

    /// <summary>How often a concept was asked for.</summary>
    public int Asked(int truth) => Enumerable.Range(0, Concepts.Count).Sum(p => _counts[truth, p]);

    /// <summary>Sums up a method's runs at <paramref name="shots"/>; where they have no such k, at their largest.</summary>
    /// <exception cref="CromaException">The method has no run with predictions.</exception>
    public static Confusion Of(IReadOnlyList<RunRecord> runs, string method, int shots)
    {
        var results = runs.Where(r => r.Method == method).SelectMany(r => r.Results).ToList();
        if (results.Count == 0) throw new CromaException($"The report's runs hold no result of '{method}', of which it shows the confusion matrix.");
        if (results.TrueForAll(r => r.Shots != shots)) shots = results.Max(r => r.Shots);
        results.RemoveAll(r => r.Shots != shots);
        int[] concepts = [.. results.SelectMany(r => r.Truths.Concat(r.Predictions)).Distinct().Order()];
        var counts = new int[concepts.Length, concepts.Length];
        foreach (var result in results)
            foreach (var (truth, prediction) in result.Truths.Zip(result.Predictions))
                counts[Array.BinarySearch(concepts, truth), Array.BinarySearch(concepts, prediction)]++;
        return new Confusion(shots, concepts, counts);
    }
}
