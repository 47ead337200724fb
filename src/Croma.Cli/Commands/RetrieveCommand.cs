using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Search;

namespace Croma.Cli.Commands;

/// <summary>An item in `croma retrieve --json`.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Score">The cosine of its embedding with the query's.</param>
/// <param name="Item">Its name.</param>
/// <param name="Position">Its place in the collection, from 0.</param>
internal sealed record RetrieveHit(int Rank, double Score, string Item, int Position);

/// <summary>What one query found.</summary>
internal sealed record RetrieveAnswer(string Query, IReadOnlyList<RetrieveHit> Hits);

/// <summary>A line of `croma retrieve --format jsonl`.</summary>
internal sealed record RetrieveLine(string Query, int Rank, double Score, string Item, int Position);

/// <summary>What `croma retrieve --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Model">The model's name.</param>
/// <param name="QueryModality">The queries' modality.</param>
/// <param name="Modality">The items' modality.</param>
/// <param name="Items">How many were searched.</param>
/// <param name="AlignedOn">Pairs that the model was aligned on first.</param>
/// <param name="Results">One a query.</param>
/// <param name="Skipped">Items that could not be read.</param>
internal sealed record RetrieveResult(string Version, string Model, string QueryModality, string Modality, int Items, int AlignedOn, IReadOnlyList<RetrieveAnswer> Results, IReadOnlyList<string> Skipped);

/// <summary>croma retrieve.</summary>
internal sealed class RetrieveCommand : CromaCommand
{
    private static readonly string[] s_formats = ["table", "jsonl"];

    private readonly SearchArguments _search = new();

    private readonly Option<string> _query = new("--query") { Description = "What to look for: a file or, in words, a text; a folder, a data set or a feature file is as many queries as it has samples.", HelpName = "TEXT|FILE", Required = true };
    private readonly Option<string> _in = new("--in") { Description = "Where to look: an index, or a folder, a data set, a feature file.", HelpName = "INDEX|DIR", Required = true };
    private readonly Option<string?> _queryModality = SearchArguments.Modality("--query-modality", "The query's modality, likewise.");
    private readonly Option<int> _top = new("--top") { Description = "Items a query.", HelpName = "K", DefaultValueFactory = _ => 10, CustomParser = result => CommonOptions.Whole(result, 1, 100_000) };
    private readonly Option<string> _format = new("--format") { Description = $"How answers are written: {string.Join(" or ", s_formats)}.", HelpName = "NAME", DefaultValueFactory = _ => s_formats[0] };

    public RetrieveCommand(CommonOptions common) : base("retrieve", "Finds the items of one modality that go with a sample of the other (or of the same).", common)
    {
        foreach (var option in new Option[] { _query, _in }.Concat(_search.All).Concat([_queryModality, _top, _format])) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (query, where, format, skipped) = (parsed.GetValue(_query)!, parsed.GetValue(_in)!, parsed.GetValue(_format)!, new List<string>());
        if (!s_formats.Contains(format)) throw new CromaException($"--format takes {string.Join(" or ", s_formats)}, not '{format}'{Closest.Hint(format, s_formats)}");
        if (query.Trim().Length == 0) throw new CromaException("--query is empty: give a text, or a file.");
        var (loaded, pairs) = _search.Load(parsed, context);
        using var model = loaded;
        using var stored = IsIndex(where) ? EmbeddingIndex.Open(where) : null;
        stored?.RequireModel(model);
        var (asked, role) = Roles(parsed, model, query, where, stored);
        using var made = stored is null ? Encode(model, role, where, skipped, context) : null;
        var (index, results) = (stored ?? made!, new List<RetrieveAnswer>());
        foreach (var (name, embedding) in Queries(model, asked, query, context))
        {
            var hits = index.Search(embedding, parsed.GetValue(_top), context.Threads, context.Cancellation);
            var found = new RetrieveAnswer(name, [.. hits.Select((h, i) => new RetrieveHit(i + 1, h.Score, h.Name, h.Position))]);
            if (!context.Output.IsJsonOnly) Write(Console.Out, format, found);
            results.Add(found);
        }
        var result = new RetrieveResult(CromaVersion.Text, model.Name, model.Shape(asked).Name, model.Shape(role).Name, index.Count, pairs, results, skipped);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.RetrieveResult), "");
        return ExitCode.Success;
    }

    /// <summary>Whether a file is to be opened as an index rather than read as a collection.</summary>
    private static bool IsIndex(string path) => File.Exists(path) && Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" or ".npz" or ".csv" => false,
        ".safetensors" => EmbeddingIndex.IsIndex(path),
        _ => true,
    };

    /// <summary>The modalities of the query and of the items.</summary>
    private (ModalityRole Query, ModalityRole Items) Roles(ParseResult parsed, SearchModel model, string query, string where, EmbeddingIndex? stored)
    {
        var items = stored is not null ? [stored.About.Role] : _search.Said(parsed, model) is { } said ? [said] : SearchArguments.Possible([where], model);
        var queries = SearchArguments.Said(parsed, _queryModality, model) is { } saidOfQuery ? [saidOfQuery] : SearchArguments.Possible([query], model);
        var all = queries.SelectMany(q => items.Select(i => (q, i))).ToList();
        // what may be either is taken for the other one's counterpart
        if (all.Count > 1 && all.Where(p => p.q != p.i).ToList() is { Count: > 0 } crossing) all = crossing;
        return all.Count == 1 ? all[0] : throw new CromaException("Query and items may be of either modality: say which with --query-modality and --modality.");
    }

    private static EmbeddingIndex Encode(SearchModel model, ModalityRole role, string where, List<string> skipped, CommandContext context)
    {
        if (!Path.Exists(where)) throw new CromaException($"{where}: there is no such file or folder");
        var (names, rows) = (new List<string>(), new List<double[]>());
        var collection = new CollectionInput([where], TextReader.Null, model.Shape(role), Leave, context.Threads);
        context.Progress.Run("Encoding", report =>
        {
            foreach (var some in collection.Read(BuildPosition.Start, context.Cancellation))
            {
                names.AddRange(some.Names);
                rows.AddRange(model.Embed(role, some.Contents, some.Samples, context.Threads, context.Cancellation));
                report(new Step(some.Share ?? 0, $"{names.Count} items"));
            }
            return 0;
        });
        return names.Count > 0 ? EmbeddingIndex.InMemory(model.Describe(role), names, rows) : throw new CromaException($"{where}: there is nothing in it that can be searched.");

        void Leave(string name, string reason)
        {
            skipped.Add(name);
            Output.Say($"skipped: {reason}");
        }
    }

    private static IEnumerable<(string Name, double[] Embedding)> Queries(SearchModel model, ModalityRole role, string query, CommandContext context)
    {
        var shape = model.Shape(role);
        if (!Path.Exists(query))
        {
            var text = new MemorySamples(shape, [Encoding.UTF8.GetBytes(query.Trim())]);
            return [(query.Trim(), model.Embed(role, text, cancellation: context.Cancellation)[0])];
        }
        return new CollectionInput([query], TextReader.Null, shape, null, context.Threads).Read(BuildPosition.Start, context.Cancellation)
            .SelectMany(some => some.Names.Zip(model.Embed(role, some.Contents, some.Samples, context.Threads, context.Cancellation)));
    }

    private static void Write(TextWriter writer, string format, RetrieveAnswer found)
    {
        if (format == "table") writer.WriteLine(PlainText.Of(found.Query));
        foreach (var (rank, score, item, position) in found.Hits)
            writer.WriteLine(format == "jsonl"
                ? JsonSerializer.Serialize(new RetrieveLine(found.Query, rank, score, item, position), RetrieveLineJson.Default.RetrieveLine)
                : string.Create(CultureInfo.InvariantCulture, $"{rank,5}  {score,6:0.000}  {PlainText.Of(item)}"));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RetrieveLine))]
internal sealed partial class RetrieveLineJson : JsonSerializerContext;
