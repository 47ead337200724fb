namespace Croma.Server.Api;

/// <summary>A request that cannot be answered: what is wrong and what would be right, for the client.</summary>
internal sealed class RequestProblem(int status, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    /// <summary>Seconds after which the client may ask again; null where that would not help.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>400: the request is not well formed.</summary>
    public static RequestProblem Malformed(string detail) => new(StatusCodes.Status400BadRequest, detail);

    /// <summary>404.</summary>
    public static RequestProblem NotFound(string detail) => new(StatusCodes.Status404NotFound, detail);

    /// <summary>409: it does not go with what there is.</summary>
    public static RequestProblem Conflict(string detail) => new(StatusCodes.Status409Conflict, detail);

    /// <summary>413.</summary>
    public static RequestProblem TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, detail);

    /// <summary>415: a body or a file is of a kind that is not taken.</summary>
    public static RequestProblem Unsupported(string detail) => new(StatusCodes.Status415UnsupportedMediaType, detail);

    /// <summary>422: well formed, and still nothing that can be worked with.</summary>
    public static RequestProblem Unusable(string detail) => new(StatusCodes.Status422UnprocessableEntity, detail);

    /// <summary>429.</summary>
    public static RequestProblem Busy(string detail, int retryAfter) => new(StatusCodes.Status429TooManyRequests, detail) { RetryAfter = retryAfter };
}
