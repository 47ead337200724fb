using System.Security.Cryptography;
using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>
/// A data set of two modalities over the same concepts, opened from its folder: <c>manifest.json</c>, a safetensors file a
/// modality and <c>pairs.safetensors</c>; and, where people are to hear or see samples, <c>media.json</c> and a folder <c>media</c>. The files are read where they are needed, not loaded; reading is safe from many threads until
/// <see cref="Dispose"/>. What would make reading unsafe is checked on opening; <see cref="DatasetCheck"/> checks the rest
/// (checksums, finite values, leakage).
/// </summary>
public sealed class CrossModalDataset : IDisposable
{
    private readonly List<SafetensorsFile> _files = [];

    private CrossModalDataset(string folder)
    {
        var (manifest, json) = DatasetManifestReader.Read(folder);
        (Folder, Manifest, Sha256) = (folder, manifest, Convert.ToHexStringLower(SHA256.HashData(json)));
        try
        {
            Source = new ModalityData(OpenFile(manifest.Source.File), manifest.Source, manifest.Concepts.Count);
            Target = new ModalityData(OpenFile(manifest.Target.File), manifest.Target, manifest.Concepts.Count);
            StrongPairs = ReadPairs(OpenFile(DatasetManifest.PairsFile));
            if (MediaIndex.Read(folder, Sha256) is not { } media) return;
            Source.AddMedia(folder, media.Source);
            Target.AddMedia(folder, media.Target);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The name of the pairs' array: I32 [pairs, 2], source index then target index.</summary>
    internal const string PairsName = "strong";

    /// <summary>The folder it was opened from.</summary>
    public string Folder { get; }

    /// <summary>Its name.</summary>
    public string Name => Manifest.Name;

    /// <summary>The SHA-256 of the manifest's bytes, which name the SHA-256 of every other file.</summary>
    public string Sha256 { get; }

    /// <summary>The manifest as it was read.</summary>
    public DatasetManifest Manifest { get; }

    /// <summary>The classes; samples name them by their position.</summary>
    public IReadOnlyList<Concept> Concepts => Manifest.Concepts;

    /// <summary>The modality with abundant labels.</summary>
    public ModalityData Source { get; }

    /// <summary>The modality with few labels.</summary>
    public ModalityData Target { get; }

    /// <summary>The one-to-one correspondences of alignment samples.</summary>
    public IReadOnlyList<StrongPair> StrongPairs { get; }

    /// <summary>Opens a data-set folder.</summary>
    /// <exception cref="CromaException">There is none, or it is not sound; the message says what is wrong where.</exception>
    public static CrossModalDataset Open(string folder) => new(folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private SafetensorsFile OpenFile(string name)
    {
        var path = Path.Combine(Folder, name);
        var info = new FileInfo(path);
        if (!info.Exists) throw new CromaException($"{path}: the file is missing; the manifest names it");
        if (info.LinkTarget is not null) throw new CromaException($"{path}: this is a link; a data set's files must lie in its own folder");
        if (info.Length != Manifest.Files[name].Bytes)
            throw new DataFormatException(path, -1, $"the file has {info.Length} bytes; the manifest says {Manifest.Files[name].Bytes}");
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        return file;
    }

    private StrongPair[] ReadPairs(SafetensorsFile file)
    {
        var tensor = file.Require(PairsName, SafetensorsType.I32, 2);
        if (tensor.Shape[1] != 2) throw new DataFormatException(file.Path, tensor.Offset, $"'{PairsName}' is {tensor.ShapeText}; it must be [pairs, 2]");
        if (file.Tensors.Count != 1) throw new DataFormatException(file.Path, -1, $"the file holds {file.Tensors.Count} arrays; '{PairsName}' alone is expected");
        var numbers = file.Values<int>(tensor);
        var pairs = new StrongPair[numbers.Length / 2];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new StrongPair(numbers[2 * i], numbers[2 * i + 1]);
            if ((uint)pairs[i].Source >= (uint)Source.Count || (uint)pairs[i].Target >= (uint)Target.Count)
                throw new DataFormatException(file.Path, tensor.Offset + 8L * i,
                    $"pair {i} is ({pairs[i].Source}, {pairs[i].Target}); there are {Source.Count} source and {Target.Count} target samples");
        }
        return pairs;
    }
}
