namespace Croma.Method;

/// <summary>A training whose loss left the finite numbers: its learning rates are too high.</summary>
public sealed class DivergedException : CromaException
{
    public DivergedException(string message) : base(message) { }

    public DivergedException(string message, Exception inner) : base(message, inner) { }

    public DivergedException() { }
}
