using Croma.Datasets.Speech;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>
/// What the recipe needs besides .NET: the program espeak-ng, and npm to get the texts (unless the archive is already in
/// the cache folder).
/// </summary>
public static class UdhrSpeechPrerequisites
{
    /// <summary>The Debian packages that are missing, such as "espeak-ng"; empty where all is there.</summary>
    /// <param name="cacheDirectory">The folder that the recipe will use as its cache.</param>
    /// <param name="cancellation">Ends the check early.</param>
    public static IReadOnlyList<string> Missing(string cacheDirectory, CancellationToken cancellation = default)
    {
        var missing = new List<string>();
        if (Espeak.Version(cancellation) is null) missing.Add(Espeak.Program);
        if (!UdhrPackage.Package.IsCached(cacheDirectory) && !NpmPackage.IsNpmInstalled(cancellation)) missing.Add("npm");
        return missing;
    }
}
