using Microsoft.Extensions.Logging;

namespace Croma.Server;

/// <summary>What is served, where, and to whom.</summary>
public sealed record ServerOptions
{
    /// <summary>Folders of trained models, one or more.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Addresses, such as "http://127.0.0.1:5080" (the default); port 0 takes any that is free.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:5080"];

    /// <summary>Folder of the classifiers, made where it is missing. Default "runs/serve".</summary>
    public string State { get; init; } = "runs/serve";

    /// <summary>File with the token that requests must have; null (the default): none on loopback, and elsewhere one that is drawn.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Data sets, folders of files or indexes to retrieve from; each is used for the models that it fits. Default none.</summary>
    public IReadOnlyList<string> RetrieveIn { get; init; } = [];

    /// <summary>What may be asked of it.</summary>
    public ServerLimits Limits { get; init; } = new();

    /// <summary>Threads that a piece of work may take. Default: as many as there are processors.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told of what goes wrong. Default: nobody.</summary>
    public ILoggerProvider? Logger { get; init; }
}
