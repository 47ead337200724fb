using Microsoft.Extensions.AI;

namespace Croma.Tests.ExtensionsAI;

/// <summary>Stands for a service: how often a text has each letter.</summary>
internal sealed class LetterService : IEmbeddingGenerator<string, Embedding<float>>
{
    public int Requests { get; private set; }

    public int LargestRequest { get; private set; }

    public int LeavesOut { get; init; }

    public Action AfterRequest { get; init; } = () => { };

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        string[] texts = [.. values];
        (Requests, LargestRequest) = (Requests + 1, Math.Max(LargestRequest, texts.Length));
        AfterRequest();
        return new(texts.Skip(LeavesOut).Select(text => new Embedding<float>(Enumerable.Range(0, 26).Select(i => (float)text.Count(letter => letter == 'a' + i)).ToArray())));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("letters", null, "letters-26", 26) : null;

    public void Dispose()
    {
    }
}
