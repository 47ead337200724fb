using Croma.Datasets.Speech;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>
/// What the recipe needs besides .NET: the program espeak-ng, and npm to get the texts (unless the archive is already in
/// the cache folder).
/// </summary>
public static class UdhrSpeechPrerequisites
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <summary>The Debian packages that are missing, such as "espeak-ng"; empty where all is there.</summary>
    /// <param name="cacheDirectory">The folder that the recipe will use as its cache.</param>
    /// <param name="cancellation">Ends the check early.</param>
    public static IReadOnlyList<string> Missing(string cacheDirectory, CancellationToken cancellation = default)
    {
        var missing = new List<string>();
        if (Espeak.Version(cancellation) is null) missing.Add(Espeak.Program);
        if (!UdhrPackage.IsCached(cacheDirectory) && ChildProcess.Run("npm", ["--version"], [], 4096, Timeout, cancellation) is null) missing.Add("npm");
        return missing;
    }

    /// <summary>One line that says what is missing and how it is installed.</summary>
    public static string Describe(IReadOnlyList<string> missing) =>
        $"{string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} not installed; as root: apt-get install --no-install-recommends {string.Join(' ', missing)}";

    /// <summary>The commands, program first, that install Debian packages; they need root.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> InstallCommands(IReadOnlyList<string> packages) =>
        [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", .. packages]];

    /// <summary>Installs Debian packages by <see cref="InstallCommands"/>; takes minutes where npm is among them.</summary>
    /// <exception cref="CromaException">apt-get is missing or fails (not root, no network, ...).</exception>
    public static void Install(IReadOnlyList<string> packages, CancellationToken cancellation = default)
    {
        foreach (var command in InstallCommands(packages))
        {
            var result = ChildProcess.Run(command[0], command.Skip(1), [], int.MaxValue, Timeout, cancellation, new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" })
                ?? throw new CromaException($"there is no apt-get here; install by hand: {string.Join(", ", packages)}");
            if (result.ExitCode != 0) throw new CromaException($"'{string.Join(' ', command)}' failed: {result.Complaint}");
        }
    }
}
