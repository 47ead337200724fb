namespace Croma.Method;

/// <summary>A training's numbers went wrong: a loss or a parameter is not finite any more.</summary>
public sealed class DivergedException : CromaException
{
    public DivergedException(string message) : base(message) { }

    public DivergedException(string message, Exception inner) : base(message, inner) { }

    public DivergedException() { }

    /// <summary>The iteration, from 1.</summary>
    public int Iteration { get; init; }

    /// <summary>Whether smaller steps may help: not where the data hold such a number.</summary>
    public bool MayBeRetried { get; init; }
}
