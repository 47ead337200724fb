using System.CommandLine;
using System.CommandLine.Parsing;

namespace Croma.Cli.Slurm;

/// <summary>A command line as words that mean the same when they are parsed again.</summary>
internal static class CommandWords
{
    /// <summary>The command's name, the options that were given in the order of their declaration, and the arguments.</summary>
    /// <param name="parsed">What was parsed without errors.</param>
    /// <param name="common">Options of all commands.</param>
    /// <param name="without">Options to leave out.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, IEnumerable<Option> common, IReadOnlyCollection<Option> without)
    {
        var command = parsed.CommandResult;
        var words = new List<string> { command.Command.Name };
        foreach (var option in command.Command.Options.Concat(common).Except(without))
        {
            if (parsed.GetResult(option) is not { Implicit: false } given) continue;
            // in one word, so that a value may begin with a hyphen; nothing after = would be no value
            if (given.Tokens is [{ Value.Length: > 0 }]) words.Add($"{option.Name}={given.Tokens[0].Value}");
            else words.AddRange([option.Name, .. given.Tokens.Select(t => t.Value)]);
        }
        string[] arguments = [.. command.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)];
        return arguments.Length == 0 ? words : [.. words, "--", .. arguments];
    }
}
