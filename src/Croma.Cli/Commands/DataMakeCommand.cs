using System.CommandLine;
using System.Text.Json;
using Croma.Data;

namespace Croma.Cli.Commands;

/// <summary>croma data make.</summary>
internal sealed class DataMakeCommand : CromaCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = $"The recipe: {string.Join(", ", Recipes.Names)}." };
    private readonly Option<string?> _out = new("--out") { Description = "The folder to make, by default data/NAME.", HelpName = "DIR" };

    public DataMakeCommand(CommonOptions common) : base("make", "Makes a data set by its recipe; goes on where an interrupted one stopped.", common)
    {
        Add(_name);
        Add(_out);
    }

    protected override string WhenInterrupted => "interrupted; the same command goes on from there.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var name = parsed.GetValue(_name)!;
        Recipes.RequireKnown(name);
        var folder = parsed.GetValue(_out) ?? Path.Combine("data", name);
        if (!Recipes.IsMade(name, folder, context.Seed)) Recipes.Make(name, folder, context.Seed, install: false, context);
        using var dataset = CrossModalDataset.Open(folder);
        var result = DataInfoCommand.Describe(dataset);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.DataInfoResult), DataInfoCommand.ToText(result));
        return ExitCode.Success;
    }
}
