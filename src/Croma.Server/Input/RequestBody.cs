using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Croma.Server.Api;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Croma.Server.Input;

/// <summary>What a multipart body held: its plain fields and its samples.</summary>
internal sealed record FormContent(IReadOnlyDictionary<string, string> Fields, IReadOnlyList<SentSample> Samples);

/// <summary>Reads bodies, within the limits of size and time.</summary>
internal sealed class RequestBody(ServerLimits limits) : IDisposable
{
    // what is smaller and of a known length needs no place among the uploads
    private const int SmallBody = 1 << 20;
    private const int LongestFieldName = 512, MostFields = 16, MostHeaderBytes = 4 << 10;
    private const string SamplePrefix = "sample.", Input = "input";

    private readonly SemaphoreSlim _uploads = new(limits.Uploads);

    /// <summary>Whether a request's body is multipart; otherwise it is JSON.</summary>
    /// <exception cref="RequestProblem">415: neither.</exception>
    public static bool IsMultipart(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) throw Unsupported(request);
        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return true;
        return type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? false : throw Unsupported(request);
    }

    /// <summary>Reads JSON strictly.</summary>
    public async ValueTask<T> JsonAsync<T>(HttpContext context, JsonTypeInfo<T> type) where T : class
    {
        RequireEncoding(context.Request);
        if (context.Request.ContentLength is < SmallBody) return await ReadJsonAsync(context.Request, type, context.RequestAborted).ConfigureAwait(false);
        using var upload = Upload.Begin(_uploads, limits, context);
        return await upload.Within(ReadJsonAsync(context.Request, type, upload.Token).AsTask()).ConfigureAwait(false);
    }

    /// <summary>Reads a multipart body: parts `sample.CLASS` and `input` are samples, others plain fields.</summary>
    public async Task<FormContent> MultipartAsync(HttpContext context)
    {
        RequireEncoding(context.Request);
        using var upload = Upload.Begin(_uploads, limits, context);
        return await upload.Within(ReadPartsAsync(context.Request, upload.Token)).ConfigureAwait(false);
    }

    public void Dispose() => _uploads.Dispose();

    private static RequestProblem Unsupported(HttpRequest request) =>
        RequestProblem.Unsupported($"The body is of type '{Short(request.ContentType ?? "")}'; it must be application/json or multipart/form-data.");

    private static void RequireEncoding(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0) throw RequestProblem.Unsupported("The body is compressed (Content-Encoding): send it as it is.");
    }

    private static async ValueTask<T> ReadJsonAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellation) where T : class
    {
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            if (!result.IsCompleted)
            {
                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }
            try
            {
                return Parse(result, type);
            }
            finally
            {
                // also of a wrong one: what is not taken spoils the connection for the next request
                reader.AdvanceTo(result.Buffer.End);
            }
        }
    }

    private static T Parse<T>(ReadResult result, JsonTypeInfo<T> type) where T : class
    {
        if (result.Buffer.IsEmpty) throw RequestProblem.Malformed("The body is empty: it must be JSON.");
        var reader = new Utf8JsonReader(result.Buffer, new JsonReaderOptions { MaxDepth = RequestJson.MaxDepth });
        try
        {
            var value = JsonSerializer.Deserialize(ref reader, type) ?? throw RequestProblem.Malformed("The body is null: it must be an object.");
            // there is nothing behind it
            reader.Read();
            return value;
        }
        catch (JsonException e)
        {
            throw RequestProblem.Malformed(RequestJson.Explain(e));
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw RequestProblem.Malformed("The body is no JSON that is understood here: see /openapi/v1.json.");
        }
    }

    private async Task<FormContent> ReadPartsAsync(HttpRequest request, CancellationToken cancellation)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200) throw RequestProblem.Malformed("The multipart body has no boundary in its Content-Type, or one of more than 200 characters.");
        var reader = new MultipartReader(boundary, request.Body) { HeadersLengthLimit = MostHeaderBytes };
        var (fields, samples) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<SentSample>());
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation).ConfigureAwait(false) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || NameOf(disposition) is not { Length: > 0 and <= LongestFieldName } name)
                    throw RequestProblem.Malformed("A part of the multipart body has no name, or a very long one.");
                var isInput = name == Input;
                if (!isInput && !name.StartsWith(SamplePrefix, StringComparison.Ordinal))
                {
                    if (fields.Count == MostFields) throw RequestProblem.Malformed($"The multipart body has more than {MostFields} plain fields.");
                    if (!fields.TryAdd(name, System.Text.Encoding.UTF8.GetString(await ReadAsync(section.Body, limits.TextBytes, name, cancellation).ConfigureAwait(false))))
                        throw RequestProblem.Malformed($"The field '{Short(name)}' comes twice.");
                    continue;
                }
                if (samples.Count == limits.Files) throw RequestProblem.TooLarge($"There are more than {limits.Files} samples: send them in several requests.");
                var file = FileNameOf(disposition);
                var content = await ReadAsync(section.Body, file is null ? Math.Max(limits.TextBytes, limits.FileBytes) : limits.FileBytes, file ?? name, cancellation).ConfigureAwait(false);
                samples.Add(Sample(isInput ? null : name[SamplePrefix.Length..], file, $"{(isInput ? Input : "sample")} {samples.Count + 1}", content));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw RequestProblem.Malformed("The multipart body is broken off or not well formed.");
        }
        return new FormContent(fields, samples);
    }

    private static SentSample Sample(string? label, string? file, string otherwise, byte[] content)
    {
        var name = Names.OfSample(file, otherwise);
        if (file is null) return new SentSample(label, name, SentKind.Text, content, SentKinds.TextType);
        if (content.Length == 0) throw RequestProblem.Unusable($"'{name}' is empty.");
        var (kind, type) = SentKinds.OfFile(content);
        return new SentSample(label, name, kind, content, type);
    }

    private static async Task<byte[]> ReadAsync(Stream body, int most, string what, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int read; (read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            if (content.Length + read > most) throw RequestProblem.TooLarge($"'{Names.OfSample(what, "a part")}' has more than {most} bytes, which is the most that is taken.");
            content.Write(buffer, 0, read);
        }
        return content.ToArray();
    }

    // browsers write these three so, and nothing else
    private static string NameOf(ContentDispositionHeaderValue disposition) => HeaderUtilities.RemoveQuotes(disposition.Name).ToString()
        .Replace("%22", "\"", StringComparison.Ordinal).Replace("%0D", "\r", StringComparison.Ordinal).Replace("%0A", "\n", StringComparison.Ordinal);

    private static string? FileNameOf(ContentDispositionHeaderValue disposition) =>
        disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : disposition.FileName.HasValue ? HeaderUtilities.RemoveQuotes(disposition.FileName).Value : null;

    private static string Short(string text) => string.Concat(text[..Math.Min(text.Length, 80)].Where(c => !char.IsControl(c)));
}
