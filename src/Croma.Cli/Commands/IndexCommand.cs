using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Croma.Cli.Terminal;
using Croma.Datasets.Import;
using Croma.Search;

namespace Croma.Cli.Commands;

/// <summary>What `croma index --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Index">The file.</param>
/// <param name="Modality">The items' modality.</param>
/// <param name="Items">How many there are.</param>
/// <param name="Dimension">Numbers of an embedding.</param>
/// <param name="AlignedOn">Pairs that the model was aligned on first.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Skipped">What could not be read, in this run.</param>
internal sealed record IndexResult(string Version, string Model, string Index, string Modality, int Items, int Dimension, int AlignedOn, long Bytes, IReadOnlyList<string> Skipped);

/// <summary>croma index.</summary>
internal sealed class IndexCommand : CromaCommand
{
    private readonly SearchArguments _search = new();

    private readonly Argument<string[]> _inputs = new("INPUTS")
    {
        Description = "The items: files, folders, data sets, feature files, or '-': a path (for texts: a text) a line of standard input.", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out = new("--out") { Description = "The index file.", HelpName = "FILE", Required = true };
    private readonly OnErrorOption _onError = new("files that cannot be read");

    public IndexCommand(CommonOptions common) : base("index", "Makes an index of a collection for retrieve; goes on where an interrupted run stopped.", common)
    {
        Add(_inputs);
        foreach (var option in _search.All.Concat([_out, _onError])) Add(option);
    }

    protected override string WhenInterrupted => "interrupted; the same command goes on from there.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (inputs, path, skips, skipped) = (parsed.GetValue(_inputs)!, parsed.GetValue(_out)!, _onError.Skips(parsed), new List<string>());
        var (loaded, pairs) = _search.Load(parsed, context);
        using var model = loaded;
        var possible = SearchArguments.Possible(inputs, model);
        var role = _search.Said(parsed, model) ?? (possible.Length == 1 ? possible[0] : throw new CromaException("The items may be of either modality: say which with --modality source or --modality target."));
        using var builder = new IndexBuilder(path, model.Describe(role));
        if (builder.Count > 0) Output.Say($"going on after {builder.Count} items");
        var collection = new CollectionInput(inputs, Console.In, model.Shape(role), skips ? Leave : null, context.Threads);
        context.Progress.Run("Indexing", report =>
        {
            try
            {
                foreach (var some in collection.Read(builder.Position, context.Cancellation))
                {
                    builder.Add(some.Names, model.Embed(role, some.Contents, some.Samples, context.Threads, context.Cancellation), some.Position);
                    report(new Step(Math.Min(some.Share ?? 0, 0.999), $"{builder.Count} items"));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or CromaException)
            {
                builder.Save();
                throw;
            }
            if (builder.Count == 0) throw new CromaException($"'{inputs[0]}' has no items to be indexed.");
            builder.Finish();
            report(new Step(1, $"{builder.Count} items"));
            return 0;
        });
        var result = new IndexResult(CromaVersion.Text, model.Name, path, model.Shape(role).Name, builder.Count, model.Dimension, pairs, new FileInfo(path).Length, skipped);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.IndexResult), string.Create(CultureInfo.InvariantCulture,
            $"{path}: {result.Items} items of '{result.Modality}', {result.Dimension} numbers each, {result.Bytes / 1e6:0.0} MB{(skipped.Count > 0 ? $"; {skipped.Count} skipped" : "")}\nNext: ./croma retrieve --model {parsed.GetValue<string>("--model")} --in {path} --query TEXT|FILE\n"));
        return ExitCode.Success;

        void Leave(string name, string reason)
        {
            skipped.Add(name);
            Output.Say($"skipped: {reason}");
        }
    }
}
