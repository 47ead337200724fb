namespace Croma;

/// <summary>
/// Something the caller can put right: its message is one line that says what was wrong, where, and what would be
/// right. The command line prints it and ends with code 2.
/// </summary>
public class CromaException : Exception
{
    public CromaException(string message) : base(message) { }

    public CromaException(string message, Exception inner) : base(message, inner) { }

    public CromaException() { }
}
