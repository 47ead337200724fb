namespace Croma.Cli.Terminal;

/// <summary>Reports on the calling thread and in order, where Progress would go through the thread pool.</summary>
internal sealed class Reporter<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
