using Croma.Datasets;

namespace Croma.Tests.Datasets;

public sealed class ChildProcessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Output_exit_code_and_complaint_come_back()
    {
        var result = ChildProcess.Run("sh", ["-c", "cat; echo bad >&2; exit 3"], "in"u8.ToArray(), 100, TimeSpan.FromSeconds(20), Cancellation)!;
        Assert.Equal((3, "in", "bad"), (result.ExitCode, result.Text, result.Complaint));
    }

    [Fact]
    public void A_program_that_writes_without_end_is_stopped_when_there_is_enough()
    {
        var result = ChildProcess.Run("yes", [], [], 1000, TimeSpan.FromSeconds(20), Cancellation)!;
        Assert.Equal((ChildProcess.Stopped, 1000), (result.ExitCode, result.Output.Length));
    }

    [Fact]
    public void A_program_that_takes_too_long_is_stopped() =>
        Assert.Contains("longer", Assert.Throws<CromaException>(() => ChildProcess.Run("sleep", ["60"], [], 1, TimeSpan.FromMilliseconds(50), Cancellation)).Message, StringComparison.Ordinal);

    [Fact]
    public void Arguments_are_passed_as_they_are() =>
        Assert.Equal("$(id);'\"\\ x", ChildProcess.Run("printf", ["%s", "$(id);'\"\\ x"], [], 100, TimeSpan.FromSeconds(20), Cancellation)!.Text);

    [Fact]
    public void A_program_that_is_not_there_is_null() =>
        Assert.Null(ChildProcess.Run("croma-no-such-program", [], [], 1, TimeSpan.FromSeconds(1), Cancellation));
}
