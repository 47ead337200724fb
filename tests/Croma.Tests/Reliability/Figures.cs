namespace Croma.Tests.Reliability;

/// <summary>What tests measured, for docs/reliability.md: `./croma-selftest faults` says by CROMA_FIGURES where it goes.</summary>
internal static class Figures
{
    private static readonly Lock s_lock = new();

    public static void Tell(string line)
    {
        if (Environment.GetEnvironmentVariable("CROMA_FIGURES") is not { } path) return;
        lock (s_lock) File.AppendAllText(path, line + "\n");
    }
}
