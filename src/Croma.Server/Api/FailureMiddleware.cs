using Croma.Server.Monitoring;
using Microsoft.Extensions.Logging;

namespace Croma.Server.Api;

/// <summary>Turns whatever goes wrong into a problem with a status; nothing of what happened inside is shown.</summary>
internal sealed partial class FailureMiddleware(ServerMetrics metrics, ILogger<FailureMiddleware> logger)
{
    // what a proxy would note (nginx); nobody is there to read it
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null }) await Respond.ProblemAsync(context, context.Response.StatusCode, Plain(context.Response.StatusCode)).ConfigureAwait(false);
        }
        catch (RequestProblem problem)
        {
            await AnswerAsync(context, problem.Status, problem.Message, problem.RetryAfter).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(context, e.StatusCode, Plain(e.StatusCode), null).ConfigureAwait(false);
        }
        catch (CromaException e)
        {
            await AnswerAsync(context, StatusCodes.Status422UnprocessableEntity, e.Message, null).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
        }
#pragma warning disable CA1031 // nobody above would answer the client
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failed(logger, context.Request.Method, context.Request.Path, e);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "This is a defect of the server; its log says more.", null).ConfigureAwait(false);
        }
        if (context.Response.StatusCode >= 400) metrics.Refused(context.Response.StatusCode);
    }

    private static Task AnswerAsync(HttpContext context, int status, string detail, int? retryAfter)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }
        return Respond.ProblemAsync(context, status, detail, retryAfter);
    }

    private static string Plain(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is broken off or not well formed.",
        StatusCodes.Status404NotFound => "There is nothing at this address: /openapi/v1.json describes what there is.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take this method: /openapi/v1.json describes what it takes.",
        StatusCodes.Status408RequestTimeout => "The request came too slowly.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this server takes: GET /api/models says how large it may be.",
        StatusCodes.Status414UriTooLong => "The address is too long.",
        StatusCodes.Status415UnsupportedMediaType => "The body must be application/json or multipart/form-data.",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers are too large.",
        _ => "The request cannot be answered.",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, string method, string path, Exception exception);
}
