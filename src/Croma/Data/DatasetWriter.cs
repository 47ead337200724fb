using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>
/// Makes a data-set folder: add concepts, samples and pairs, then <see cref="Write"/>. The same content gives the same
/// bytes. Files are written whole or not at all, the manifest last, so an interrupted write leaves no data set.
/// </summary>
/// <param name="name">The data set's name.</param>
/// <param name="seed">The seed it was made with.</param>
/// <param name="source">The source modality, to be filled.</param>
/// <param name="target">The target modality, to be filled.</param>
public sealed class DatasetWriter(string name, ulong seed, ModalityWriter source, ModalityWriter target)
{
    private readonly List<Concept> _concepts = [];
    private readonly List<int> _pairs = [];

    /// <summary>A few sentences about the data set.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where everything came from.</summary>
    public IReadOnlyList<Provenance> Provenance { get; init; } = [];

    /// <summary>The names of the modalities that a program made rather than people.</summary>
    public IReadOnlyList<string> Synthetic { get; init; } = [];

    /// <summary>The source modality.</summary>
    public ModalityWriter Source { get; } = source;

    /// <summary>The target modality.</summary>
    public ModalityWriter Target { get; } = target;

    /// <summary>Adds a class, in a cluster or in none, and returns its index.</summary>
    public int AddConcept(string id, string name, ConceptSplit split, string? cluster = null)
    {
        _concepts.Add(new Concept(id, name, split, cluster));
        return _concepts.Count - 1;
    }

    /// <summary>Adds the correspondence of two samples.</summary>
    public void AddPair(int source, int target) => _pairs.AddRange([source, target]);

    /// <summary>Writes everything into <paramref name="folder"/>, which is made where it is missing.</summary>
    /// <exception cref="CromaException">A file cannot be written.</exception>
    public void Write(string folder)
    {
        Delete(Path.Combine(folder, DatasetManifest.FileName));
        Delete(Path.Combine(folder, MediaIndex.FileName));
        var files = new SortedDictionary<string, DatasetFile>(StringComparer.Ordinal);
        var pairs = SafetensorsArray.Of<int>(CrossModalDataset.PairsName, _pairs.ToArray(), _pairs.Count / 2, 2);
        foreach (var (file, arrays) in new[] { (Source.FileName, Source.Arrays()), (Target.FileName, Target.Arrays()), (DatasetManifest.PairsFile, [pairs]) })
        {
            var path = Path.Combine(folder, file);
            var hash = "";
            AtomicFile.Write(path, stream =>
            {
                using var sha = SHA256.Create();
                using (var hashed = new CryptoStream(stream, sha, CryptoStreamMode.Write, leaveOpen: true)) SafetensorsWriter.Write(hashed, arrays);
                hash = Convert.ToHexStringLower(sha.Hash!);
            });
            if (!files.TryAdd(file, new DatasetFile(new FileInfo(path).Length, hash))) throw new InvalidOperationException($"two files would be named '{file}'");
        }
        var manifest = new DatasetManifest(DatasetManifest.FormatName, DatasetManifest.VersionFor(_concepts, Source.Describe(), Target.Describe()), name, seed, Description,
            Provenance, Synthetic, Source.Describe(), Target.Describe(), _concepts, files);
        var json = manifest.ToJson();
        WriteMedia(folder, Convert.ToHexStringLower(SHA256.HashData(json)));
        AtomicFile.Write(Path.Combine(folder, DatasetManifest.FileName), json);
    }

    private void WriteMedia(string folder, string dataset)
    {
        var index = new MediaIndex(MediaIndex.FormatName, MediaIndex.CurrentVersion, dataset, Source.WriteMedia(folder), Target.WriteMedia(folder));
        if (index.Source.Count + index.Target.Count > 0) AtomicFile.Write(Path.Combine(folder, MediaIndex.FileName), index.ToJson());
    }

    // what names files must not stay beside new ones if the write is interrupted
    private static void Delete(string path)
    {
        try
        {
            if (File.Exists(path)) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: cannot be replaced: {e.Message}", e);
        }
    }
}

/// <summary>Collects the samples of one modality for a <see cref="DatasetWriter"/>.</summary>
public sealed class ModalityWriter
{
    private readonly string _name;
    private readonly ModalityKind _kind;
    private readonly int _width;
    private readonly double _framesPerSecond;
    private readonly int _imageHeight, _imageWidth;
    private readonly List<byte[]> _values = [];
    private readonly List<long> _offsets = [0];
    private readonly List<int> _concept = [], _group = [];
    private readonly List<byte> _part = [];
    private readonly SortedDictionary<int, (string Extension, byte[] Content)> _media = [];

    private ModalityWriter(string name, ModalityKind kind, int width, double framesPerSecond, int imageHeight = 0, int imageWidth = 0) =>
        (_name, _kind, _width, _framesPerSecond, _imageHeight, _imageWidth) = (name, kind, width, framesPerSecond, imageHeight, imageWidth);

    /// <summary>Sequences of bytes.</summary>
    public static ModalityWriter Bytes(string name) => new(name, ModalityKind.Bytes, 0, 0);

    /// <summary>Sequences of vectors of <paramref name="width"/> numbers, <paramref name="framesPerSecond"/> of them a second.</summary>
    public static ModalityWriter Frames(string name, int width, double framesPerSecond) => new(name, ModalityKind.Frames, width, framesPerSecond);

    /// <summary>One vector of <paramref name="width"/> numbers a sample.</summary>
    public static ModalityWriter Features(string name, int width) => new(name, ModalityKind.Features, width, 0);

    /// <summary>Images of <paramref name="height"/> x <paramref name="width"/> pixels in red, green and blue.</summary>
    public static ModalityWriter Images(string name, int height, int width) => new(name, ModalityKind.Images, ModalityDescription.Colours * height * width, 0, height, width);

    /// <summary>How files became samples, where a file of a user's can be prepared alike; null: it cannot.</summary>
    public string? Preparation { get; set; }

    internal string FileName => $"{_name}.safetensors";

    /// <summary>Adds a sequence of bytes, or an image (the plane of red, of green, of blue, each row after row), and returns its index.</summary>
    public int Add(int concept, Part part, int group, ReadOnlySpan<byte> bytes)
    {
        if (_kind == ModalityKind.Images)
        {
            if (bytes.Length != _width) throw new ArgumentException($"an image of {_imageHeight} x {_imageWidth} pixels has {_width} bytes, not {bytes.Length}", nameof(bytes));
            return Add(concept, part, group, bytes, 1);
        }
        if (_kind != ModalityKind.Bytes) throw new InvalidOperationException($"'{_name}' takes vectors, not bytes");
        return Add(concept, part, group, bytes, bytes.Length);
    }

    /// <summary>
    /// Adds a sequence of frames, row after row (or one feature vector), and returns its index.
    /// </summary>
    public int Add(int concept, Part part, int group, ReadOnlySpan<Half> values)
    {
        if (_kind is ModalityKind.Bytes or ModalityKind.Images) throw new InvalidOperationException($"'{_name}' takes bytes, not vectors");
        if (values.Length % _width != 0 || (_kind == ModalityKind.Features && values.Length != _width))
            throw new ArgumentException($"{values.Length} numbers are not whole rows of {_width}", nameof(values));
        return Add(concept, part, group, MemoryMarshal.AsBytes(values), values.Length / _width);
    }

    /// <summary>Adds a file by which people hear or see a sample; the data set's hash does not depend on it.</summary>
    /// <param name="sample">The sample, as <c>Add</c> returned it; it has none yet.</param>
    /// <param name="extension">".wav", ".png" or ".jpg".</param>
    /// <param name="content">The file's bytes.</param>
    public void AddMedia(int sample, string extension, byte[] content)
    {
        if ((uint)sample >= (uint)_concept.Count) throw new ArgumentOutOfRangeException(nameof(sample), sample, $"there are {_concept.Count} samples");
        if (!SampleMedia.Types.ContainsKey(extension)) throw new ArgumentException($"'{extension}' is none of {string.Join(", ", SampleMedia.Types.Keys)}", nameof(extension));
        _media.Add(sample, (extension, content));
    }

    internal IReadOnlyList<MediaEntry> WriteMedia(string folder)
    {
        var entries = new List<MediaEntry>(_media.Count);
        foreach (var (sample, (extension, content)) in _media)
        {
            var file = $"{_name}-{sample:00000}{extension}";
            AtomicFile.Write(Path.Combine(folder, MediaIndex.Folder, file), content);
            entries.Add(new MediaEntry(sample, file, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
        }
        return entries;
    }

    private int Add(int concept, Part part, int group, ReadOnlySpan<byte> values, int length)
    {
        _values.Add(values.ToArray());
        _offsets.Add(_offsets[^1] + length);
        _concept.Add(concept);
        _part.Add((byte)part);
        _group.Add(group);
        return _concept.Count - 1;
    }

    internal ModalityDescription Describe() => new(_name, _kind, FileName, _width, _framesPerSecond, _imageHeight, _imageWidth, Preparation);

    internal SafetensorsArray[] Arrays()
    {
        var values = _kind switch
        {
            ModalityKind.Bytes => new SafetensorsArray("values", SafetensorsType.U8, [_offsets[^1]], WriteValues),
            ModalityKind.Images => new SafetensorsArray("values", SafetensorsType.U8, [_offsets[^1], ModalityDescription.Colours, _imageHeight, _imageWidth], WriteValues),
            _ => new SafetensorsArray("values", SafetensorsType.F16, [_offsets[^1], _width], WriteValues),
        };
        SafetensorsArray[] always =
        [
            values,
            SafetensorsArray.Of<int>("concept", _concept.ToArray(), _concept.Count),
            SafetensorsArray.Of<byte>("part", _part.ToArray(), _part.Count),
            SafetensorsArray.Of<int>("group", _group.ToArray(), _group.Count),
        ];
        return _kind is ModalityKind.Features or ModalityKind.Images ? always : [.. always, SafetensorsArray.Of<long>("offsets", _offsets.ToArray(), _offsets.Count)];
    }

    private void WriteValues(Stream stream)
    {
        foreach (var sample in _values) stream.Write(sample);
    }
}
