using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Croma.Data.Formats;

namespace Croma.Datasets.Media;

/// <summary>
/// What has been made of files, kept in a folder until a recipe has written its data set, so that one that was interrupted goes
/// on without decoding again. A file of the folder holds some results, and is written whole or not at all.
/// </summary>
/// <param name="Folder">The folder; made where it is missing.</param>
/// <param name="Settings">What the results depend on besides the files' names and sizes.</param>
/// <param name="Parts">Byte arrays a result is stored as.</param>
/// <param name="Store">A result as that many.</param>
/// <param name="Load">A result from them.</param>
internal sealed record KeptResults<T>(string Folder, string Settings, int Parts, Func<T, byte[][]> Store, Func<byte[][], T> Load) where T : class
{
    private const string Lengths = "lengths", Data = "data", KeyName = "of";

    /// <summary>The folder of a data set that is being made.</summary>
    public static string FolderOf(string dataset) => Path.Combine(dataset, ".partial");

    /// <summary>What was made of some files; null where nothing is kept, or (unless such are skipped) where one of them is broken.</summary>
    public (T?[] Made, string?[] Complaints)? Read(MediaFile[] files, bool skip)
    {
        var key = Key(files);
        var path = PathOf(key);
        if (!File.Exists(path)) return null;
        try
        {
            using var kept = SafetensorsFile.Open(path);
            if (kept.Metadata.GetValueOrDefault(KeyName) != key) return null;
            var lengths = kept.Values<long>(kept.Require(Lengths, SafetensorsType.I64, 2)).ToArray();
            var (data, at) = (kept.Require(Data, SafetensorsType.U8, 1), 0L);
            if (lengths.Length != files.Length * Parts) return null;
            var (made, complaints) = (new T?[files.Length], new string?[files.Length]);
            for (var i = 0; i < made.Length; i++)
            {
                complaints[i] = kept.Metadata.GetValueOrDefault(i.ToString(CultureInfo.InvariantCulture));
                var parts = new byte[Parts][];
                for (var part = 0; part < Parts; at += parts[part++].Length) parts[part] = kept.Values<byte>(data, at, (int)lengths[i * Parts + part]).ToArray();
                if (complaints[i] is null) made[i] = Load(parts);
            }
            return skip || Array.TrueForAll(complaints, c => c is null) ? (made, complaints) : null;
        }
        catch (Exception e) when (e is CromaException or ArgumentException)
        {
            return null; // not a file of ours: it is made anew
        }
    }

    /// <summary>Keeps what was made, and why nothing was made of others.</summary>
    public void Write(MediaFile[] files, T?[] made, string?[] complaints)
    {
        var key = Key(files);
        if (File.Exists(PathOf(key)) && complaints.All(c => c is null)) return;
        Directory.CreateDirectory(Folder);
        byte[][] parts = [.. made.SelectMany(result => result is null ? [.. Enumerable.Repeat<byte[]>([], Parts)] : Store(result))];
        // an array has at least one element
        byte[] data = [.. parts.SelectMany(p => p), 0];
        var metadata = complaints.Index().Where(c => c.Item is not null).ToDictionary(c => c.Index.ToString(CultureInfo.InvariantCulture), c => c.Item!);
        metadata[KeyName] = key;
        SafetensorsWriter.Write(PathOf(key), [SafetensorsArray.Of<long>(Lengths, parts.Select(p => (long)p.Length).ToArray(), files.Length, Parts), SafetensorsArray.Of<byte>(Data, data, data.Length)], metadata);
    }

    /// <summary>Forgets all.</summary>
    public void Remove()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private string PathOf(string key) => Path.Combine(Folder, $"{key[..24]}.safetensors");

    private string Key(MediaFile[] files)
    {
        var text = new StringBuilder(Settings);
        foreach (var file in files) text.Append(CultureInfo.InvariantCulture, $"\n{file.Name}\n{(File.Exists(file.Path) ? new FileInfo(file.Path).Length : -1)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
