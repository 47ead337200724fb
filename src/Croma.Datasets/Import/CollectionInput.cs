using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Croma.Data;
using Croma.Search;

namespace Croma.Datasets.Import;

/// <summary>Some of a collection's samples.</summary>
/// <param name="Names">What each is called.</param>
/// <param name="Contents">What they hold, perhaps among others.</param>
/// <param name="Samples">Which of the contents they are.</param>
/// <param name="Position">Where reading stands after them.</param>
/// <param name="Share">How much of the collection has been read, 0 ... 1; null where that is not known.</param>
public sealed record CollectionSamples(IReadOnlyList<string> Names, SampleContents Contents, IReadOnlyList<int> Samples, BuildPosition Position, double? Share);

/// <summary>
/// Reads a collection as <see cref="SampleInput.Read"/> does, and data sets too, in an order and in portions that are always the same, so
/// that reading can go on where it was interrupted.
/// </summary>
/// <param name="inputs">Files, folders, data sets' folders, feature files, or '-' (see <see cref="SampleInput.Read"/>).</param>
/// <param name="lines">Standard input.</param>
/// <param name="shape">What the model's samples look like.</param>
/// <param name="skipped">Told name and reason of a file that cannot be read; null: it is an error.</param>
/// <param name="threads">Files decoded side by side.</param>
public sealed class CollectionInput(IReadOnlyList<string> inputs, TextReader lines, SampleShape shape, Action<string, string>? skipped, int threads)
{
    private const int AtOnce = 512;

    private readonly List<ImportItem> _waiting = [];
    private BuildPosition _from = BuildPosition.Start, _at = BuildPosition.Start;
    private long? _entries;
    private long _entriesRead;

    /// <summary>Reads what follows a position.</summary>
    /// <param name="from">Where an earlier reading stood.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">An input is not what it should be; or what was read up to <paramref name="from"/> is no longer the same.</exception>
    public IEnumerable<CollectionSamples> Read(BuildPosition from, CancellationToken cancellation = default)
    {
        (_from, _at) = (from, BuildPosition.Start);
        _entries = inputs.Contains("-") ? null : inputs.Sum(i => IsDataset(i) ? 1L : SampleInput.Expand([i], lines, shape).LongCount());
        foreach (var input in inputs)
        {
            if (IsDataset(input))
            {
                foreach (var some in Flush(cancellation)) yield return some;
                foreach (var some in OfDataset(input, cancellation)) yield return some;
                continue;
            }
            foreach (var (item, isFeatures) in SampleInput.Expand([input], lines, shape))
            {
                cancellation.ThrowIfCancellationRequested();
                if (isFeatures)
                {
                    foreach (var some in Flush(cancellation)) yield return some;
                    foreach (var some in OfFeatures(item.File!)) yield return some;
                    continue;
                }
                _entriesRead++;
                if (Pass(1, Identity(item))) continue;
                _waiting.Add(item);
                if (_waiting.Count == AtOnce)
                    foreach (var some in Flush(cancellation)) yield return some;
            }
        }
        foreach (var some in Flush(cancellation)) yield return some;
        if (_at.Inputs < _from.Inputs) throw Changed();
    }

    /// <summary>Whether a folder is a data set's.</summary>
    internal static bool IsDataset(string input) => File.Exists(Path.Combine(input, DatasetManifest.FileName));

    /// <summary>The samples of a data set that a model's modality takes.</summary>
    internal static ModalityData Side(CrossModalDataset dataset, SampleShape shape)
    {
        ModalityData[] fitting = [.. new[] { dataset.Source, dataset.Target }.Where(m => IsAlike(m.Contents.Shape, shape))];
        return fitting.FirstOrDefault(m => m.Name == shape.Name) ?? fitting.FirstOrDefault()
            ?? throw new CromaException($"{dataset.Folder}: neither '{dataset.Source.Name}' nor '{dataset.Target.Name}' of this data set has samples such as the model's '{shape.Name}'.");
    }

    internal static bool IsAlike(SampleShape a, SampleShape b) => (a.Kind, a.Width, a.ImageHeight, a.ImageWidth) == (b.Kind, b.Width, b.ImageHeight, b.ImageWidth);

    /// <summary>Goes past inputs; whether an earlier reading had them already.</summary>
    private bool Pass(int count, string identity)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{_at.Fingerprint}\n{identity}"));
        var next = new BuildPosition(_at.Inputs + count, Convert.ToHexStringLower(hash));
        // portions are always the same, so that an earlier reading stood at the end of one
        if (_at.Inputs < _from.Inputs && (next.Inputs > _from.Inputs || (next.Inputs == _from.Inputs && next.Fingerprint != _from.Fingerprint))) throw Changed();
        _at = next;
        return _at.Inputs <= _from.Inputs;
    }

    private static CromaException Changed() => new("What is to be read is not what the interrupted run read: files were added, removed or changed. Give the same inputs, or remove the .partial folder to begin again.");

    private static string Identity(ImportItem item) => item.File is { } file
        ? string.Create(CultureInfo.InvariantCulture, $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file).Ticks}")
        : item.Text!;

    private IEnumerable<CollectionSamples> Flush(CancellationToken cancellation)
    {
        if (_waiting.Count == 0) yield break;
        var read = SampleInput.LoadWhatCanBe([.. _waiting], shape, skipped, threads, cancellation);
        _waiting.Clear();
        if (read is not null) yield return new CollectionSamples(read.Names, read.Contents, [.. Enumerable.Range(0, read.Names.Count)], _at, Share(0));
    }

    private IEnumerable<CollectionSamples> OfFeatures(string path)
    {
        var identity = Identity(new ImportItem(path, "") { File = path });
        _entriesRead++;
        foreach (var rows in SampleInput.Rows(path, shape))
            if (!Pass(rows.Names.Count, identity)) yield return new CollectionSamples(rows.Names, rows.Contents, [.. Enumerable.Range(0, rows.Names.Count)], _at, Share(0));
    }

    private IEnumerable<CollectionSamples> OfDataset(string folder, CancellationToken cancellation)
    {
        using var dataset = CrossModalDataset.Open(folder);
        var side = Side(dataset, shape);
        foreach (var samples in Enumerable.Range(0, side.Count).Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Pass(samples.Length, $"{dataset.Sha256} {side.Name} {samples[0]}")) continue;
            yield return new CollectionSamples([.. samples.Select(s => $"{dataset.Name} {side.Name} {s} ({dataset.Concepts[side.Concept(s)].Id})")], side.Contents, samples, _at, Share((samples[^1] + 1.0) / side.Count));
        }
        _entriesRead++;
    }

    private double? Share(double within) => _entries is > 0 ? (_entriesRead + within) / _entries : null;
}
