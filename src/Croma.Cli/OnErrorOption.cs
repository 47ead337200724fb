using System.CommandLine;
using Croma.Configuration;

namespace Croma.Cli;

/// <summary>--on-error: whether what cannot be used fails the command, or is left out.</summary>
internal sealed class OnErrorOption : Option<string>
{
    /// <summary>The value that leaves out what cannot be used.</summary>
    public const string Skip = "skip";

    private const string Fail = "fail";

    /// <param name="what">What it is about, for the help.</param>
    public OnErrorOption(string what) : base("--on-error")
    {
        Description = $"What becomes of {what}: {Fail} (the command fails) or {Skip} (they are left out and named).";
        HelpName = $"{Fail}|{Skip}";
        DefaultValueFactory = _ => Fail;
    }

    /// <summary>Whether what cannot be used is left out.</summary>
    /// <exception cref="CromaException">The user said neither.</exception>
    public bool Skips(ParseResult parsed) => parsed.GetValue(this) switch
    {
        Skip => true,
        Fail => false,
        var other => throw new CromaException($"--on-error cannot be '{other}'{Closest.Hint(other!, [Fail, Skip])}"),
    };
}
