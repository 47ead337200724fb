using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Croma.Server;

namespace Croma.Tests.Server;

/// <summary>What the server answered.</summary>
internal sealed record Answer(int Status, string Body, HttpResponseMessage Message)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Requires a problem (RFC 9457) of this status, and returns its words.</summary>
    public string RequireProblem(int status)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Body}");
        Assert.Equal("application/problem+json", Message.Content.Headers.ContentType?.ToString());
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.NotEqual("", Json.GetProperty("title").GetString());
        var detail = Json.GetProperty("detail").GetString()!;
        Assert.DoesNotContain("Exception", detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), detail, StringComparison.Ordinal);
        return detail;
    }

    /// <summary>Requires success, and returns the JSON.</summary>
    public JsonElement Require(int status = 200)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Body}");
        return Json;
    }
}

/// <summary>A server on a free port of this machine, and a client of it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) });

    private RunningServer(CromaServer server)
    {
        Server = server;
        // a server on all addresses is asked on this machine's own
        Url = new Uri(server.Urls[0].Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
    }

    public CromaServer Server { get; }

    public Uri Url { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RunningServer> Start(ServerOptions options) => new(await CromaServer.StartAsync(options with { Urls = options.Urls[0].EndsWith(":5080", StringComparison.Ordinal) ? ["http://127.0.0.1:0"] : options.Urls, Threads = 2 }, Token));

    public static Task<RunningServer> Start(string state, params string[] models) => Start(new ServerOptions { Models = models, State = state });

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path)) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        // a body that is refused by its length is not sent
        request.Headers.ExpectContinue = content?.Headers.ContentLength > 1 << 20 ? true : null;
        var response = await _client.SendAsync(request, Token);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(Token), response);
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path);

    /// <summary>JSON, as it stands or of an object.</summary>
    public Task<Answer> Post(string path, object body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"), headers);

    /// <summary>Parts: a string is a plain field, bytes are a file.</summary>
    public Task<Answer> Form(string path, params (string Name, object Value, string? File)[] parts) => Send(HttpMethod.Post, path, FormOf(parts));

    public static MultipartFormDataContent FormOf(params (string Name, object Value, string? File)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value, file) in parts)
        {
            var content = value is string text ? new StringContent(text) : new ByteArrayContent((byte[])value);
            content.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"", FileName = file is null ? null : $"\"{file}\"" };
            form.Add(content);
        }
        return form;
    }

    public async Task<byte[]> Bytes(string path) => await _client.GetByteArrayAsync(new Uri(Url, path), Token);

    /// <summary>A connection, to be written to by hand.</summary>
    public async Task<NetworkStream> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Url.Port, Token);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A connection with a request whose handler waits for the rest of its body.</summary>
    /// <param name="path">To be posted to.</param>
    /// <param name="type">Of the body.</param>
    /// <param name="length">Of the whole body.</param>
    public async Task<NetworkStream> Begin(string path, string type, int length)
    {
        var stream = await Connect();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{Url.Port}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"), Token);
        // the server says so when the handler asks for the body
        var told = new byte["HTTP/1.1 100 Continue\r\n\r\n".Length];
        await stream.ReadExactlyAsync(told, Token);
        Assert.StartsWith("HTTP/1.1 100 Continue", Encoding.ASCII.GetString(told), StringComparison.Ordinal);
        return stream;
    }

    /// <summary>What comes until the server closes the connection.</summary>
    public static async Task<string> ReadToEnd(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>Samples that tests send.</summary>
internal static class Sent
{
    /// <summary>Numbers of a class: near its own centre.</summary>
    public static float[] Numbers(int label, int i, int width = ServerModels.Width)
    {
        var random = new Compute.CounterRandom(8, Compute.CounterRandom.Stream("sent", 1000 * label + i));
        return [.. Enumerable.Range(0, width).Select(n => (float)(2 * Math.Sin((label + 1) * (n + 1)) + 0.2 * random.NextNormal()))];
    }

    /// <summary>A body that makes a classifier of two or more classes.</summary>
    public static object Create(int ways = 2, int shots = 3, string name = "letters") => new
    {
        name, head = "ridge",
        samples = Enumerable.Range(0, ways).SelectMany(w => Enumerable.Range(0, shots).Select(i => new { @class = Label(w), name = $"{Label(w)} {i}", features = Numbers(w, i) })),
    };

    public static string Label(int way) => ((char)('a' + way)).ToString();

    public static object Predict(int label = 0, int i = 100) => new { inputs = new[] { new { features = Numbers(label, i) } } };

    /// <summary>Makes a classifier, and returns its address.</summary>
    public static async Task<string> Classifier(RunningServer server, int ways = 2, int shots = 3) => "/api/classifiers/" + (await server.Post("/api/classifiers", Create(ways, shots))).Require(201).GetProperty("id").GetString();
}
