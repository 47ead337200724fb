using System.CommandLine;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Search;

namespace Croma.Cli;

/// <summary>What `index` and `retrieve` share: the model, pairs to align it on, and which modality an input is of.</summary>
internal sealed class SearchArguments
{
    private readonly Option<string> _model = new("--model") { Description = "A trained model's folder.", HelpName = "DIR", Required = true };

    private readonly Option<string?> _pairs = new("--pairs")
    {
        Description = "Aligns the model on pairs of new concepts first (it stays as it is on disk): a .csv or .jsonl file with columns source and target (a path, or for texts the text), and perhaps group.", HelpName = "FILE",
    };

    private readonly Option<string?> _modality = Modality("--modality", "The items' modality: source, target or its name; by default what the items look like.");

    public IEnumerable<Option> All => [_model, _pairs, _modality];

    /// <summary>Names a modality.</summary>
    public static Option<string?> Modality(string name, string description) => new(name) { Description = description, HelpName = "NAME" };

    /// <summary>The model, aligned where pairs are given; the number of pairs.</summary>
    public (SearchModel Model, int Pairs) Load(ParseResult parsed, CommandContext context)
    {
        var model = SearchModel.Load(parsed.GetValue(_model)!);
        try
        {
            if (parsed.GetValue(_pairs) is not { } path) return (model, 0);
            var pairs = PairSamples.Read(path, model.Shape(ModalityRole.Source), model.Shape(ModalityRole.Target), context.Threads, context.Cancellation);
            model.Align(pairs.Sources, pairs.Targets, pairs.Groups, context.Seed, context.Cancellation);
            return (model, pairs.Sources.Count);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The modality that the user says the items are of, or null.</summary>
    public ModalityRole? Said(ParseResult parsed, SearchModel model) => Said(parsed, _modality, model);

    /// <summary>The modality that an option says, or null.</summary>
    public static ModalityRole? Said(ParseResult parsed, Option<string?> option, SearchModel model)
    {
        if (parsed.GetValue(option) is not { } said) return null;
        var (source, target) = (model.Shape(ModalityRole.Source).Name, model.Shape(ModalityRole.Target).Name);
        if (said == "source" || (said == source && said != target)) return ModalityRole.Source;
        return said == "target" || (said == target && said != source) ? ModalityRole.Target
            : throw new CromaException($"{option.Name} takes source, target, {source} or {target}, not '{said}'{Closest.Hint(said, ["source", "target", source, target])}");
    }

    /// <summary>The modalities that an input may be of.</summary>
    public static ModalityRole[] Possible(IReadOnlyList<string> inputs, SearchModel model)
    {
        ModalityRole[] possible = [.. Enum.GetValues<ModalityRole>().Where(role => inputs.All(i => InputKinds.MayBe(i, model.Shape(role))))];
        return possible.Length > 0 ? possible : throw new CromaException(
            $"'{inputs[0]}' is neither {Describe(model.Shape(ModalityRole.Source))} nor {Describe(model.Shape(ModalityRole.Target))}, which the model takes.");
    }

    private static string Describe(SampleShape shape) => shape.Kind switch
    {
        ModalityKind.Bytes => $"a text ('{shape.Name}')",
        ModalityKind.Images => $"a picture ('{shape.Name}')",
        ModalityKind.Frames => $"a sound or a sequence of vectors of {shape.Width} numbers ('{shape.Name}')",
        _ => $"a vector of {shape.Width} numbers ('{shape.Name}')",
    };
}
