using System.Text.Json;
using Croma.Cli.Terminal;
using Croma.Evaluation;
using Croma.Theory;

namespace Croma.Cli.Experiments;

// ./croma reproduce appendix-e [--scale smoke|small|full]
//
// Two cores: small 16 s; smoke 2 s and full 5 min are estimates.
// Should show: the alignment error over the number of sets has a least place S* that grows as sqrt(N); weak alignment is
// preferable to supervision where c_s / S < c_t / N_t.

/// <summary>Appendix E: how many weak sets, and when they are better than labels. The paper argues it and measures nothing.</summary>
internal sealed class AppendixE : Experiment
{
    public override string Name => "appendix-e";

    public override string Title => "Appendix E: weak sets";

    public override string Expectation => "The best number of sets grows as the square root of the number of points (Eq. 8); weak alignment is preferable where c_s / S < c_t / N_t (Eq. 6).";

    public override Study Plan(ExperimentContext context)
    {
        var options = new WeakSetOptions { Seed = context.Seed, Threads = context.Threads };
        options = context.Scale switch
        {
            Scale.Smoke => options with { Points = [100, 400, 1600], Repeats = 4, Draws = 4 },
            Scale.Small => options,
            _ => options with { Points = [.. options.Points, 25600], Sets = [.. options.Sets, 256], Draws = 16 },
        };
        return OutcomeCache.Plan(context.Folder, Name, JsonSerializer.Serialize(options with { Threads = 1 }, CliJson.Default.WeakSetOptions), tools =>
            Describe(options, WeakSetStudy.Run(options, new Reporter<double>(tools.Report), tools.Cancellation)));
    }

    private static ExperimentOutcome Describe(WeakSetOptions options, WeakSetResult result) => new()
    {
        Notes =
        [
            "Points are uniform in the unit square: there the variance within a set falls as 1 / S, as the appendix says of uniform data (in d dimensions it falls as S^(-2/d)).",
            $"A pair's source point lies about its target's place with standard deviation {options.PairNoise}; of pairs only the k-means set is known. c_1 and c_2 are fitted to all errors at once.",
        ],
        Tables =
        [
            new ExperimentTable
            {
                Title = "Alignment error with S sets of N points",
                Columns = "sets S",
                Unit = "squared error",
                Format = "0.0000",
                LogarithmicX = true,
                LogarithmicY = true,
                Cells = [.. result.Errors.Select(e => ExperimentCell.Of($"N = {e.Points}", $"{e.Sets}", e.Error) with { X = e.Sets, Predicted = e.Predicted })],
            },
            new ExperimentTable
            {
                Title = "The best number of sets",
                Columns = "points N",
                Unit = "S*",
                LogarithmicX = true,
                LogarithmicY = true,
                Cells = [.. result.Best.Select(b => ExperimentCell.Of("S*", $"{b.Points}", b.Sets) with { X = b.Points, Predicted = b.Predicted })],
            },
            new ExperimentTable
            {
                Title = "Weak alignment with S sets against supervision with N_t labelled samples",
                Columns = "sets S, or labelled samples N_t",
                Unit = "squared error",
                Format = "0.0000",
                LogarithmicX = true,
                LogarithmicY = true,
                Cells = [.. Falling("weak alignment, by S", result.Weak), .. Falling("supervision, by N_t", result.Supervised)],
            },
        ],
        Findings = [Exponent(result), Rule(result)],
    };

    private static IEnumerable<ExperimentCell> Falling(string row, IReadOnlyList<FallingError> errors) =>
        errors.Select(e => ExperimentCell.Of(row, $"{e.Count}", e.Error) with { X = e.Count, Predicted = e.Predicted });

    private static Finding Exponent(WeakSetResult result)
    {
        var b = result.Exponent;
        // k-means and 1 / N terms that Eq. 8 leaves out move the exponent a little
        return new Finding("S* scales with sqrt(N).", Math.Abs(b.Mean - 0.5) < 0.1,
            $"S* ~ N^{b.Mean:0.00}" + (b.Repeats > 1 ? $" [{b.Low:0.00}, {b.High:0.00}]" : "") + "; " + string.Join(", ", result.Best.Select(x => $"N = {x.Points}: {x.Sets.Mean:0.0} (predicted {x.Predicted:0.0})")));
    }

    private static Finding Rule(WeakSetResult result)
    {
        var cases = (from weak in result.Weak
                     from supervised in result.Supervised
                     where !Overlap(weak.Error, supervised.Error)
                     select weak.Predicted < supervised.Predicted == weak.Error.Mean < supervised.Error.Mean).ToList();
        var (right, ratio) = (cases.Count(c => c), result.Supervised[0].Predicted * result.Supervised[0].Count / (result.Weak[0].Predicted * result.Weak[0].Count));
        return new Finding("Weak alignment is preferable to supervision where c_s / S < c_t / N_t.", right >= 0.9 * cases.Count,
            $"right in {right} of {cases.Count} cases whose intervals are apart; here a set is worth {ratio:0.0} labelled samples");
    }

    private static bool Overlap(Summary a, Summary b) => a.Repeats < 2 || (a.Low <= b.High && b.Low <= a.High);
}
