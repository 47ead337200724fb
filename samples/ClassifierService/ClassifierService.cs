using System.Threading.Channels;
using Croma;
using Croma.Classification;
using Croma.Data;

namespace Samples;

/// <summary>
/// A saved classifier behind a queue: callers wait for their answer, workers take what has come in. One classifier serves
/// all workers, since predicting is safe from many threads; a bad window is its caller's error and nobody else's.
/// </summary>
internal sealed class ClassifierService : IAsyncDisposable
{
    private const int MostWaiting = 1024;

    private readonly FewShotClassifier _classifier;
    private readonly Channel<(float[] Window, TaskCompletionSource<Prediction> Answer)> _waiting = Channel.CreateBounded<(float[], TaskCompletionSource<Prediction>)>(MostWaiting);
    private readonly Task[] _workers;

    /// <param name="path">A classifier's file.</param>
    /// <param name="workers">Threads that classify.</param>
    public ClassifierService(string path, int workers)
    {
        _classifier = FewShotClassifier.Load(path);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync))];
    }

    public IReadOnlyList<string> Classes => _classifier.Classes;

    /// <summary>Classifies a window; waits where more have come in than workers can do.</summary>
    public async Task<Prediction> ClassifyAsync(float[] window, CancellationToken cancellation = default)
    {
        var answer = new TaskCompletionSource<Prediction>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((window, answer), cancellation);
        return await answer.Task.WaitAsync(cancellation);
    }

    /// <summary>Answers what has come in, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await Task.WhenAll(_workers);
        _classifier.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (var (window, answer) in _waiting.Reader.ReadAllAsync()) Answer(window, answer);
    }

    private void Answer(float[] window, TaskCompletionSource<Prediction> answer)
    {
        try
        {
            answer.SetResult(_classifier.Predict(new MemorySamples(_classifier.Shape, [window]))[0]);
        }
        catch (CromaException e)
        {
            answer.SetException(e);
        }
    }
}
