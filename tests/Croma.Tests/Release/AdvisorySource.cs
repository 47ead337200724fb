using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Croma.Tests.Release;

/// <summary>A source of advisories about packages on this machine's loopback, in the form that NuGet asks for (VulnerabilityInfo 6.7.0).</summary>
internal sealed class AdvisorySource : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _vulnerabilities;

    /// <param name="packages">Identifiers in lower case: all versions below 100 are said to be vulnerable.</param>
    public AdvisorySource(params IEnumerable<string> packages)
    {
        _vulnerabilities = $"{{{string.Join(',', packages.Select(p => $"\"{p}\":[{{\"severity\":2,\"url\":\"https://example.org/{p}\",\"versions\":\"(, 100.0.0)\"}}]"))}}}";
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Serve();
    }

    public string Address { get; }

    public void Dispose() => _listener.Close();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var answer = Encoding.UTF8.GetBytes(context.Request.Url!.AbsolutePath switch
                {
                    "/index.json" => $$"""{"version":"3.0.0","resources":[{"@id":"{{Address}}pages","@type":"VulnerabilityInfo/6.7.0"}]}""",
                    "/pages" => $$"""[{"@name":"base","@id":"{{Address}}base","@updated":"2026-01-01T00:00:00Z"}]""",
                    _ => _vulnerabilities,
                });
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(answer);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // closed by Dispose
        }
    }
}
