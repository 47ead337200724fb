using System.Text;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Search;
using Croma.Server.Input;

namespace Croma.Server.Models;

/// <summary>An item of a collection.</summary>
/// <param name="Label">Its class; null where that is not known.</param>
/// <param name="Text">What it says, where it is a text.</param>
/// <param name="Media">The file by which people hear or see it.</param>
internal sealed record CollectionItem(string? Label, string? Text, string? Media);

/// <summary>Embeddings to retrieve from: an index, or a data set or a folder that is encoded when the server starts.</summary>
internal sealed class Collection : IDisposable
{
    private const int LongestText = 500, LargestFile = 64 << 20;

    private readonly SearchModel _model;
    private readonly EmbeddingIndex _index;
    private readonly IReadOnlyList<CollectionItem>? _items;

    private Collection(SearchModel model, EmbeddingIndex index, IReadOnlyList<CollectionItem>? items) => (_model, _index, _items) = (model, index, items);

    /// <summary>Items.</summary>
    public int Count => _index.Count;

    /// <summary>Their modality.</summary>
    public ModalityRole Role => _index.About.Role;

    /// <summary>Opens what is at a path for a model; null where it is not of the model's kind.</summary>
    public static Collection? TryOpen(string path, string modelFolder, ServedModel served, int threads, CancellationToken cancellation)
    {
        if (!Path.Exists(path)) throw new CromaException($"{path}: there is no such file or folder to retrieve from.");
        var model = SearchModel.Load(modelFolder);
        Collection? made = null;
        try
        {
            made = Directory.Exists(path) ? Encode(path, model, served, threads, cancellation) : OpenIndex(path, model);
            return made;
        }
        finally
        {
            if (made is null) model.Dispose();
        }
    }

    /// <summary>The best items for a query.</summary>
    /// <param name="role">The query's modality.</param>
    /// <param name="query">It alone.</param>
    /// <param name="top">How many.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops it.</param>
    public IReadOnlyList<IndexHit> Search(ModalityRole role, SampleContents query, int top, int threads, CancellationToken cancellation) =>
        _index.Search(_model.Embed(role, query, threads: threads, cancellation: cancellation)[0], top, threads, cancellation);

    /// <summary>What is known of an item besides its name.</summary>
    public CollectionItem? Item(int position) => _items?[position];

    /// <summary>An item's file and its media type; null where it has none.</summary>
    public (byte[] Content, string Type)? Media(int position)
    {
        if (position >= Count || Item(position)?.Media is not { } path) return null;
        var file = new FileInfo(path);
        if (!file.Exists || file.LinkTarget is not null || file.Length > LargestFile) return null;
        var content = File.ReadAllBytes(path);
        return (content, SentKinds.OfFile(content).MediaType);
    }

    public void Dispose()
    {
        _index.Dispose();
        _model.Dispose();
    }

    private static Collection? OpenIndex(string path, SearchModel model)
    {
        var index = EmbeddingIndex.Open(path);
        if (index.About.ModelSha256 == model.Sha256) return new Collection(model, index, null);
        index.Dispose();
        return null;
    }

    private static Collection? Encode(string folder, SearchModel model, ServedModel served, int threads, CancellationToken cancellation)
    {
        // rather the modality that few have labels of
        foreach (var role in new[] { ModalityRole.Target, ModalityRole.Source })
        {
            var shape = served.Shape(role);
            if (!InputKinds.MayBe(folder, shape)) continue;
            var (names, rows, items) = (new List<string>(), new List<double[]>(), new List<CollectionItem>());
            using var dataset = CollectionInput.IsDataset(folder) ? CrossModalDataset.Open(folder) : null;
            var side = dataset is null ? null : CollectionInput.Side(dataset, shape);
            foreach (var some in new CollectionInput([folder], TextReader.Null, shape, null, threads).Read(BuildPosition.Start, cancellation))
            {
                names.AddRange(some.Names.Select(n => side is null ? Path.GetRelativePath(folder, n) : n));
                items.AddRange(some.Names.Zip(some.Samples, (name, sample) => new CollectionItem(
                    side is null ? LabelOf(folder, name) : dataset!.Concepts[side.Concept(sample)].Name, Text(some.Contents, sample), side is null ? Path.GetFullPath(name) : side.Media(sample)?.Path)));
                rows.AddRange(model.Embed(role, some.Contents, some.Samples, threads, cancellation));
            }
            return names.Count == 0 ? null : new Collection(model, EmbeddingIndex.InMemory(model.Describe(role), names, rows), items);
        }
        return null;
    }

    /// <summary>A file in a folder of its own is of the class of that name.</summary>
    private static string? LabelOf(string folder, string file) => Path.GetDirectoryName(Path.GetRelativePath(folder, file)) is { Length: > 0 } within ? Path.GetFileName(within) : null;

    private static string? Text(SampleContents contents, int sample)
    {
        if (contents.Kind != ModalityKind.Bytes) return null;
        var text = Encoding.UTF8.GetString(contents.Bytes(sample));
        return text.Length <= LongestText ? text : text[..LongestText] + " ...";
    }
}
