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

    /// <summary>Whether standard output belongs to the JSON.</summary>
    public bool IsJsonOnly => json == "-";

    /// <summary>Progress and remarks.</summary>
    public static IAnsiConsole Messages() => Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>One line for the user to know what goes on.</summary>
    public static void Say(string message) => Console.Error.WriteLine(message);

    /// <summary>Writes a result, for people and as JSON where that was asked for.</summary>
    public void Write(Func<string> toJson, IRenderable view)
    {
        if (!WriteJson(toJson)) Create(Console.Out, Console.IsOutputRedirected).Write(view);
    }

    /// <summary>Writes a result that is a few words for people, and as JSON where that was asked for.</summary>
    public void Write(Func<string> toJson, string text)
    {
        if (!WriteJson(toJson)) Console.Out.Write(PlainText.OfLines(text));
    }

    /// <summary>Returns whether standard output is taken by it.</summary>
    private bool WriteJson(Func<string> toJson)
    {
        if (json == "-") Console.Out.WriteLine(toJson());
        else if (json != null) AtomicFile.Write(json, Encoding.UTF8.GetBytes(toJson() + "\n"));
        return json == "-";
    }

    private static IAnsiConsole Create(TextWriter writer, bool isFile)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = isFile ? AnsiSupport.No : AnsiSupport.Detect });
        if (isFile) console.Profile.Width = WidthOfFiles;
        return console;
    }
}
