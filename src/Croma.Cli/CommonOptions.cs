using System.CommandLine;
using System.CommandLine.Parsing;

namespace Croma.Cli;

/// <summary>Options that every command takes.</summary>
internal sealed class CommonOptions
{
    private const int MostThreads = 1024;

    public Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "Draws everything random: the same seed gives the same bytes.", HelpName = "N", Recursive = true,
        DefaultValueFactory = _ => 1,
        CustomParser = result => Whole(result, 0UL, ulong.MaxValue),
    };

    public Option<string?> Json { get; } = new("--json")
    {
        Description = "Writes the result as JSON too; '-' is standard output, which then holds nothing else.", HelpName = "FILE|-", Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Shows no progress.", Recursive = true };

    public Option<int?> Threads { get; } = new("--threads")
    {
        Description = "Threads to use, by default as many as there are processors (bench: 1). Results do not depend on it.", HelpName = "N", Recursive = true,
        CustomParser = result => Whole(result, 1, MostThreads),
    };

    public IEnumerable<Option> All => [Seed, Json, Quiet, Threads];

    /// <summary>Parses a whole number within bounds; otherwise the error names both.</summary>
    public static T Whole<T>(ArgumentResult result, T least, T most) where T : struct, System.Numerics.IBinaryInteger<T>
    {
        var text = result.Tokens[0].Value;
        if (T.TryParse(text, null, out var value) && value >= least && value <= most) return value;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name} takes a whole number from {least} to {most}, not '{text}'");
        return default;
    }
}
