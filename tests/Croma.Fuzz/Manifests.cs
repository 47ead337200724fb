using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Croma.Compute;
using Croma.Data;

namespace Croma.Fuzz;

/// <summary>Brings a data set's manifest in line with a file that was mutated, so that the reader goes further than its length and hash.</summary>
internal static class Manifests
{
    public static (string Name, byte[] Content)[] Amend((string Name, byte[] Content)[] files, int mutated, CounterRandom random)
    {
        var manifest = Array.FindIndex(files, f => f.Name == DatasetManifest.FileName);
        if (manifest < 0 || manifest == mutated || random.Next(4) == 0) return files;
        var (name, content) = files[mutated];
        var text = Encoding.UTF8.GetString(files[manifest].Content);
        var pattern = $$"""("{{Regex.Escape(name)}}": \{\s*"bytes": )\d+(,\s*"sha256": ")[0-9a-f]{64}""";
        var sha = Convert.ToHexStringLower(SHA256.HashData(content));
        files[manifest].Content = Encoding.UTF8.GetBytes(Regex.Replace(text, pattern, m => $"{m.Groups[1].Value}{content.Length}{m.Groups[2].Value}{sha}"));
        return files;
    }
}
