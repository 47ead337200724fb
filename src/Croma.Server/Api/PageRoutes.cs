using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Routing;

namespace Croma.Server.Api;

/// <summary>The page: files that are part of the program. It loads nothing from elsewhere, and runs no script but its own.</summary>
internal static class PageRoutes
{
    private const string Folder = "wwwroot/", Index = "index.html";

    private const string Policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly FrozenDictionary<string, string> s_types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8", [".css"] = "text/css; charset=utf-8", [".js"] = "text/javascript; charset=utf-8", [".json"] = "application/json", [".svg"] = "image/svg+xml", [".png"] = "image/png", [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2", [".webmanifest"] = "application/manifest+json", [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary();

    /// <summary>Maps every file of the page, and its first one to the root.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var assembly = typeof(PageRoutes).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var name = resource[Folder.Length..].Replace('\\', '/');
            var (type, tag) = (s_types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"), $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"");
            foreach (var path in name == Index ? new[] { "/", "/" + name } : ["/" + name]) app.MapMethods(path, ["GET", "HEAD"], context => AnswerAsync(context, content, type, tag));
        }
    }

    private static Task AnswerAsync(HttpContext context, byte[] content, string type, string tag)
    {
        var headers = context.Response.Headers;
        (headers.ETag, headers.CacheControl, headers.ContentSecurityPolicy) = (tag, "no-cache", Policy);
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return Respond.BytesAsync(context, content, type);
    }
}
