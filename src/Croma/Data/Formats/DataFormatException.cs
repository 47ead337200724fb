namespace Croma.Data.Formats;

/// <summary>A file that is not what its format says it must be: which file, where in it, and why.</summary>
public sealed class DataFormatException : CromaException
{
    /// <param name="file">The file's path.</param>
    /// <param name="offset">Where in the file, in bytes from its start; negative where no one place is at fault.</param>
    /// <param name="reason">What is wrong and what would be right.</param>
    /// <param name="inner">What was caught on the way, if anything.</param>
    public DataFormatException(string file, long offset, string reason, Exception? inner = null)
        : base(offset < 0 ? $"{file}: {reason}" : $"{file}, byte {offset}: {reason}", inner!) =>
        (File, Offset, Reason) = (file, offset, reason);

    public DataFormatException(string message) : base(message) => Reason = message;

    public DataFormatException(string message, Exception inner) : base(message, inner) => Reason = message;

    public DataFormatException() { }

    /// <summary>The file's path.</summary>
    public string File { get; } = "";

    /// <summary>Bytes from the file's start; negative where no one place is at fault.</summary>
    public long Offset { get; } = -1;

    /// <summary>What is wrong and what would be right.</summary>
    public string Reason { get; } = "";
}
