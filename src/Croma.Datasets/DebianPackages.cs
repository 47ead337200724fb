namespace Croma.Datasets;

/// <summary>Programs that recipes need, as packages of Debian.</summary>
public static class DebianPackages
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

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
