using System.CommandLine;
using System.Text.Json;
using Croma.Cli.Terminal;
using Croma.Data;
using Croma.Datasets.CifarEsc50;

namespace Croma.Cli.Commands;

/// <summary>croma data make.</summary>
internal sealed class DataMakeCommand : CromaCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = $"The recipe: {string.Join(", ", Recipes.Names)}." };
    private readonly Option<string?> _out = new("--out") { Description = "The folder to make, by default data/NAME.", HelpName = "DIR" };

    private readonly Option<string?>[] _sources =
    [
        new("--packed") { Description = $"{CifarEsc50Recipe.Name}: a folder with all its data in packed form, instead of the three below.", HelpName = "DIR" },
        new("--cifar100") { Description = $"{CifarEsc50Recipe.Name}: CIFAR-100's binary version, the folder cifar-100-binary.", HelpName = "DIR" },
        new("--cifar10") { Description = $"{CifarEsc50Recipe.Name}: CIFAR-10's binary version, the folder cifar-10-batches-bin.", HelpName = "DIR" },
        new("--esc50") { Description = $"{CifarEsc50Recipe.Name}: ESC-50, the folder with audio/ and meta/.", HelpName = "DIR" },
    ];

    private readonly Option<string?> _from = new("--from") { Description = $"{string.Join(", ", Recipes.ReadingAFolder)}: the folder with your copy of the data.", HelpName = "DIR" };

    private readonly OnErrorOption _onError = new("clips and pictures of --from that cannot be decoded");

    private readonly PretrainedEncoders _encoders = new();

    public DataMakeCommand(CommonOptions common) : base("make", "Makes a data set by its recipe; goes on where an interrupted run stopped.", common)
    {
        Add(_name);
        Add(_out);
        foreach (var option in _sources) Add(option);
        Add(_from);
        Add(_onError);
        foreach (var option in _encoders.Options) Add(option);
    }

    protected override string WhenInterrupted => "interrupted; the same command finishes it.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var name = parsed.GetValue(_name)!;
        Recipes.RequireKnown(name);
        var (inputs, encoded) = (Inputs(name, parsed), _encoders.AreAskedFor(parsed));
        if (encoded && name != CifarEsc50Recipe.Name) throw new CromaException($"--image-model and --audio-model are for the recipe '{CifarEsc50Recipe.Name}', not for '{name}'.");
        var made = encoded ? CifarEsc50Recipe.FeaturesName : name;
        var folder = parsed.GetValue(_out) ?? Path.Combine("data", made);
        if (!Recipes.IsMade(made, folder, context.Seed))
        {
            if (encoded) _encoders.Use(parsed, encoders => Make(inputs with { Encoders = encoders }), context.Cancellation);
            else Make(inputs);
        }
        using var dataset = CrossModalDataset.Open(folder);
        var result = DataInfoCommand.Describe(dataset);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.DataInfoResult), DataInfoCommand.ToText(result));
        return ExitCode.Success;

        void Make(RecipeInputs with)
        {
            foreach (var skipped in Recipes.Make(name, folder, context.Seed, with, install: false, context)) Output.Say($"skipped {skipped}");
        }
    }

    private RecipeInputs Inputs(string name, ParseResult parsed)
    {
        var skips = _onError.Skips(parsed);
        if (name != CifarEsc50Recipe.Name && _sources.FirstOrDefault(o => parsed.GetValue(o) is not null) is { } stray)
            throw new CromaException($"{stray.Name} is for the recipe '{CifarEsc50Recipe.Name}', not for '{name}'.");
        var from = parsed.GetValue(_from);
        if (Recipes.ReadingAFolder.Contains(name) != from is not null)
            throw new CromaException(from is null ? $"The recipe '{name}' reads your copy of the data: give its folder by --from DIR." : $"--from is for the recipes {string.Join(", ", Recipes.ReadingAFolder)}, not for '{name}'.");
        if (from is not null && !Directory.Exists(from)) throw new CromaException($"There is no folder '{from}' (--from).");
        if (name != CifarEsc50Recipe.Name) return new RecipeInputs(From: from, SkipBroken: skips);
        var sources = new CifarEsc50Sources(parsed.GetValue(_sources[0]), parsed.GetValue(_sources[1]), parsed.GetValue(_sources[2]), parsed.GetValue(_sources[3]));
        sources.Require();
        return new RecipeInputs(sources);
    }
}
