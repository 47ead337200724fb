using System.Net;
using Croma.Server.Api;

namespace Croma.Server.Access;

/// <summary>
/// Who may ask. Without a token the server is for this machine: a page of another site that has its own name resolved to this machine
/// (DNS rebinding) shows that name as Host, and one that sends requests across shows its Origin; both are refused.
/// With a token, everything but the page and the state of health needs it.
/// </summary>
/// <param name="token">The token; null: none is needed.</param>
internal sealed class AccessGuard(AccessToken? token)
{
    private static readonly string[] s_open = ["/health", "/ready", "/openapi"];

    /// <summary>Lets a request pass.</summary>
    /// <exception cref="RequestProblem">401, 403 or 421.</exception>
    public void Check(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path);
        if (token is null && !IsThisMachine(request.Host))
            throw new RequestProblem(StatusCodes.Status421MisdirectedRequest, "This server is for its own machine: ask it as localhost or 127.0.0.1, not by another name.");
        var isPage = !path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && !path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);
        if (IsFromElsewhere(request) && !(isPage && HttpMethods.IsGet(request.Method)))
            throw new RequestProblem(StatusCodes.Status403Forbidden, "Requests from pages of other sites are not taken.");
        if (token is null || isPage || s_open.Any(open => path.StartsWithSegments(open, StringComparison.Ordinal))) return;
        if (token.IsIn(request.Headers.Authorization)) return;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new RequestProblem(StatusCodes.Status401Unauthorized, "A token is needed: send the header 'Authorization: Bearer TOKEN' with the token that the server was started with.");
    }

    private static bool IsThisMachine(HostString host) => host.HasValue && (host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));

    private static bool IsFromElsewhere(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site == "cross-site") return true;
        var origin = request.Headers.Origin;
        return origin.Count > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
