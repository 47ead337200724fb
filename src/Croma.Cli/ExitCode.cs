namespace Croma.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A data set that training would be misled by (doctor alone).</summary>
    public const int Unfit = 1;

    /// <summary>Bad input: one line on standard error says which.</summary>
    public const int BadInput = 2;

    /// <summary>A defect of this program (EX_SOFTWARE of sysexits.h).</summary>
    public const int Defect = 70;

    /// <summary>A part of a study that another process is at (EX_TEMPFAIL).</summary>
    public const int TryLater = 75;

    /// <summary>Stopped by SIGINT, SIGTERM or SIGHUP: 128 + 2.</summary>
    public const int Interrupted = 130;
}
