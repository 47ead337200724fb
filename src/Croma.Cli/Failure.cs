using Croma.Cli.Terminal;

namespace Croma.Cli;

/// <summary>Turns what goes wrong into one line on standard error and an exit code.</summary>
internal static class Failure
{
    public static int Guard(Func<int> run)
    {
        try
        {
            return run();
        }
#pragma warning disable CA1031 // nobody above would show it better than one line
        catch (Exception e)
#pragma warning restore CA1031
        {
            var (message, code) = Describe(e);
            Console.Error.WriteLine("croma: " + OneLine(message));
            return code;
        }
    }

    private static (string Message, int Code) Describe(Exception exception) => exception switch
    {
        AggregateException several => Describe(Worst(several)),
        CromaException or IOException or UnauthorizedAccessException => (exception.Message, ExitCode.BadInput),
        TryLaterException => (exception.Message, ExitCode.TryLater),
        InterruptedException => (exception.Message, ExitCode.Interrupted),
        OutOfMemoryException => ("there is not enough memory for this: use smaller sizes or fewer threads.", ExitCode.BadInput),
        _ => ($"this is a defect of croma, please report it: {exception.GetType().Name}: {exception.Message}{FirstFrame(exception)}", ExitCode.Defect),
    };

    /// <summary>Of what several threads threw, the one that caused the others: a stop is only a consequence.</summary>
    private static Exception Worst(AggregateException several)
    {
        var all = several.Flatten().InnerExceptions;
        return all.FirstOrDefault(e => e is not OperationCanceledException) ?? all[0];
    }

    private static string FirstFrame(Exception exception) => exception.StackTrace?.Split('\n')[0].Trim() is { } frame ? $" ({frame})" : "";

    /// <summary>A text without line ends, nor anything else that would steer a terminal.</summary>
    public static string OneLine(string text) => PlainText.Of(string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
}

/// <summary>A part of a study cannot be made now, since another process is at it.</summary>
internal sealed class TryLaterException(string message, Exception inner) : Exception(message, inner);

/// <summary>The user stopped a command; the message says how to go on.</summary>
internal sealed class InterruptedException(string message, Exception inner) : Exception(message, inner);
