namespace Croma.Data;

/// <summary>A file by which people hear or see a sample; no training reads it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Type">Its media type, such as "audio/wav".</param>
/// <param name="Bytes">Its length.</param>
public sealed record SampleMedia(string Path, string Type, long Bytes)
{
    /// <summary>Media types by the ending of a file's name.</summary>
    internal static IReadOnlyDictionary<string, string> Types { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { [".wav"] = "audio/wav", [".png"] = "image/png", [".jpg"] = "image/jpeg" };

    /// <summary>The file's content.</summary>
    /// <exception cref="CromaException">It cannot be read, is a link, or has another length than the data set says.</exception>
    public byte[] Read()
    {
        try
        {
            if (new FileInfo(Path).LinkTarget is not null) throw new CromaException($"{Path}: this is a link; a data set's files must lie in its own folder");
            using var stream = File.OpenRead(Path);
            if (stream.Length != Bytes) throw new CromaException($"{Path}: the file has {stream.Length} bytes; {MediaIndex.FileName} says {Bytes}");
            var content = new byte[Bytes];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{Path}: cannot be read: {e.Message}", e);
        }
    }
}
