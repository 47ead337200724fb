namespace Croma.Server;

/// <summary>What a request, a classifier and all of them together may cost; what would cost more is refused.</summary>
public sealed record ServerLimits
{
    /// <summary>Bytes of a request's body. Default 64 MiB.</summary>
    public long BodyBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of a file. Default 16 MiB.</summary>
    public int FileBytes { get; init; } = 16 << 20;

    /// <summary>Samples in a request, as files or in JSON. Default 256.</summary>
    public int Files { get; init; } = 256;

    /// <summary>Bytes of a text in UTF-8. Default 64 KiB.</summary>
    public int TextBytes { get; init; } = 64 << 10;

    /// <summary>Numbers of a sample of features. Default 1 million.</summary>
    public int Numbers { get; init; } = 1_000_000;

    /// <summary>Seconds of a sound. Default 60.</summary>
    public double Seconds { get; init; } = 60;

    /// <summary>Pixels of a picture. Default 40 million.</summary>
    public int Pixels { get; init; } = 40_000_000;

    /// <summary>Samples of a classifier. Default 1000.</summary>
    public int Samples { get; init; } = 1000;

    /// <summary>Classifiers that are kept. Default 1000.</summary>
    public int Classifiers { get; init; } = 1000;

    /// <summary>Requests a second of one client, with bursts of twice as many. Default 1000.</summary>
    public int RequestsPerSecond { get; init; } = 1000;

    /// <summary>Requests that are worked at at the same time. Default 256.</summary>
    public int Requests { get; init; } = 256;

    /// <summary>Requests with large or multipart bodies among these: their bodies are in memory. Default 8.</summary>
    public int Uploads { get; init; } = 8;

    /// <summary>Changes of classifiers that wait, one being made. Default 16.</summary>
    public int WaitingChanges { get; init; } = 16;

    /// <summary>Files to be decoded, samples to be encoded and searches that wait. Default 64.</summary>
    public int WaitingWork { get; init; } = 64;

    /// <summary>Bytes a second that a client sends at least, after <see cref="Patience"/>. Default 1 KiB.</summary>
    public int BodyBytesPerSecond { get; init; } = 1 << 10;

    /// <summary>How long a client may send nothing or too little of a body, above 1 second. Default 5 seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long sending headers may take. Default 10 seconds.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long sending a body may take. Default a minute.</summary>
    public TimeSpan Body { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long requests may take to end when the server stops. Default a minute.</summary>
    public TimeSpan Shutdown { get; init; } = TimeSpan.FromMinutes(1);
}
