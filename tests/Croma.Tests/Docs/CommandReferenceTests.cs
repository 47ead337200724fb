using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Croma.Cli;

namespace Croma.Tests.Docs;

/// <summary>docs/commands.md is made of the commands themselves.</summary>
public sealed class CommandReferenceTests
{
    [Fact]
    public void The_page_says_what_the_commands_say() => Snapshot.Require("docs/commands.md", Render(CommandLine.Create()));

    private static string Render(RootCommand root)
    {
        var page = new StringBuilder("""
            # Commands and options

            Made of the commands themselves by `CommandReferenceTests`: it is what `./croma COMMAND --help` says. What their output looks like is in
            [command-line.md](command-line.md).

            | command | |
            | --- | --- |

            """);
        foreach (var (name, command) in Commands("croma", root).Skip(1))
            page.Append(CultureInfo.InvariantCulture, $"| [`{name}`](#{name.Replace(' ', '-')}) | {Cell(command.Description)} |\n");
        page.Append("\nAll commands take:\n").Append(Options([.. root.Options.Where(o => o.Recursive)]));
        foreach (var (name, command) in Commands("croma", root).Skip(1))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n{command.Description}\n");
            if (command.Arguments.Count + command.Options.Count > 0) page.Append(Options(command.Options, command.Arguments));
        }
        return page.ToString();
    }

    private static IEnumerable<(string Name, Command Command)> Commands(string name, Command command) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Commands($"{name} {c.Name}", c)).Prepend((name, command));

    private static string Options(IEnumerable<Option> options, IEnumerable<Argument>? arguments = null)
    {
        var table = new StringBuilder("\n| | | default |\n| --- | --- | --- |\n");
        foreach (var argument in arguments ?? []) table.Append(CultureInfo.InvariantCulture, $"| `{argument.Name}` | {Cell(argument.Description)} | {(argument.Arity.MinimumNumberOfValues > 0 ? "needed" : "")} |\n");
        foreach (var option in options.Where(o => !o.Hidden && o.Name is not ("--help" or "--version")))
            table.Append(CultureInfo.InvariantCulture, $"| `{option.Name}{(option.HelpName is { } value ? $" {Cell(value)}" : "")}` | {Cell(option.Description)} | {(option.Required ? "needed" : Default(option))} |\n");
        return table.ToString();
    }

    private static string Default(Option option)
    {
        // the number of processors is not everybody's
        if (!option.HasDefaultValue || option.Name == "--threads" || option.ValueType == typeof(bool)) return "";
        return option.GetDefaultValue() switch
        {
            null => "",
            string text => $"`{text}`",
            IEnumerable list => string.Join(", ", list.Cast<object>().Select(item => string.Create(CultureInfo.InvariantCulture, $"`{item}`"))),
            var value => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
        };
    }

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
