using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;

namespace Croma.Server.Api;

/// <summary>Writes answers.</summary>
internal static class Respond
{
    public const string ProblemType = "application/problem+json";

    /// <summary>An answer in JSON.</summary>
    public static Task JsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        return BytesAsync(context, JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json");
    }

    /// <summary>An answer of bytes.</summary>
    public static Task BytesAsync(HttpContext context, byte[] content, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(content, context.RequestAborted).AsTask();
    }

    /// <summary>What went wrong (RFC 9457).</summary>
    public static Task ProblemAsync(HttpContext context, int status, string detail, int? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        return BytesAsync(context, JsonSerializer.SerializeToUtf8Bytes(new Problem("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail), ServerJson.Api.Problem), ProblemType);
    }

    /// <summary>A file that somebody sent: shown as what it was found to be, and never run as a page.</summary>
    public static Task MediaAsync(HttpContext context, byte[] content, string type)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.CacheControl = "private, max-age=31536000, immutable";
        return BytesAsync(context, content, type);
    }
}
