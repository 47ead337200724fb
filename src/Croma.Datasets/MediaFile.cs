namespace Croma.Datasets;

/// <summary>A file of pictures or sound that is to be decoded.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Read">Reads its bytes; throws a <see cref="CromaException"/> where it cannot.</param>
internal sealed record MediaFile(string Name, Func<byte[]> Read)
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MostBytes = 32 << 20;

    /// <summary>A file of the user's own.</summary>
    public static MediaFile At(string path) => new(path, () =>
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new CromaException("the file is missing");
        return file.Length <= MostBytes ? File.ReadAllBytes(path) : throw new CromaException($"the file has {file.Length} bytes; at most {MostBytes} are read");
    });
}

/// <summary>Files that could not be decoded: the first one fails the recipe, or all are skipped and named.</summary>
/// <param name="skip">Whether they are skipped.</param>
internal sealed class BrokenFiles(bool skip)
{
    private const int Named = 20;

    /// <summary>Each skipped file and what is wrong with it.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>A sentence for the manifest; empty where nothing was skipped.</summary>
    public string Note => Skipped.Count == 0 ? ""
        : $" {Skipped.Count} files that could not be decoded are left out: {string.Join("; ", Skipped.Take(Named))}{(Skipped.Count > Named ? $"; and {Skipped.Count - Named} more" : "")}.";

    /// <exception cref="CromaException">Files are not skipped, and this one is broken.</exception>
    public void Check(MediaFile file, Decoded decoded)
    {
        if (!skip && decoded.Complaint is { } complaint) throw new CromaException($"{file.Name}: {complaint}");
    }

    /// <summary>Notes what is skipped, in the files' order.</summary>
    public void Collect(IReadOnlyList<MediaFile> files, IReadOnlyList<Decoded> decoded) =>
        Skipped.AddRange(from pair in files.Zip(decoded) where pair.Second.Complaint is not null select $"{pair.First.Name}: {pair.Second.Complaint}");
}
