using System.Text;
using Croma.Data.Formats;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Croma.Cli.Terminal;

/// <summary>Where a command's words go: results to standard output, everything else to standard error.</summary>
/// <param name="json">Where the result goes as JSON: a file, "-" for standard output, null for nowhere.</param>
internal sealed class Output(string? json)
{
    // wide enough that no line is broken for want of a screen's edge
    private const int WidthOfFiles = 4096;

    private readonly IAnsiConsole _results = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Progress and remarks.</summary>
    public IAnsiConsole Messages { get; } = Create(Console.Error, Console.IsErrorRedirected);

    private bool OnlyJson => json == "-";

    /// <summary>One line for the user to know what goes on.</summary>
    public static void Say(string message) => Console.Error.WriteLine(message);

    /// <summary>Writes a result, for people and as JSON where that was asked for.</summary>
    public void Write(string jsonText, params IRenderable[] parts)
    {
        if (json is not (null or "-")) AtomicFile.Write(json, Encoding.UTF8.GetBytes(jsonText + "\n"));
        if (OnlyJson)
        {
            Console.Out.WriteLine(jsonText);
            return;
        }
        foreach (var part in parts) _results.Write(part);
    }

    private static IAnsiConsole Create(TextWriter writer, bool isFile)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = isFile ? AnsiSupport.No : AnsiSupport.Detect });
        if (isFile) console.Profile.Width = WidthOfFiles;
        return console;
    }
}
