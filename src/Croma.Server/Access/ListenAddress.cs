using System.Net;

namespace Croma.Server.Access;

/// <summary>An address that the server listens on.</summary>
internal sealed record ListenAddress(string Url, bool IsLoopback)
{
    /// <summary>Reads an address.</summary>
    /// <exception cref="CromaException">It is none, or of another scheme.</exception>
    public static ListenAddress Parse(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException e)
        {
            throw Wrong(url, e);
        }
        if (address.Scheme == "https") throw new CromaException($"'{url}': the server speaks plain HTTP; let a proxy on this machine speak TLS, and give the server an address such as http://127.0.0.1:5080.");
        if (address.Scheme != "http" || address.PathBase.Length > 0 || address.Host.Length == 0 || address.IsUnixPipe || address.IsNamedPipe || address.Port is < 0 or > 65535) throw Wrong(url);
        return new ListenAddress(url, address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
    }

    private static CromaException Wrong(string url, Exception? inner = null) => new($"'{url}' is no address to listen on; one looks like http://127.0.0.1:5080, or http://0.0.0.0:5080 for all of the network.", inner!);
}
