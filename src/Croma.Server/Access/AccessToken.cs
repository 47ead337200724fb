using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Croma.Server.Access;

/// <summary>What requests must show where the server is not for its own machine alone. Only its hash is kept in memory.</summary>
internal sealed class AccessToken
{
    private const int DrawnBytes = 32, Shortest = 16, Longest = 1024;
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash;

    private AccessToken(string token) => _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Draws a token.</summary>
    public static (AccessToken Token, string Text) Draw()
    {
        var text = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(DrawnBytes));
        return (new AccessToken(text), text);
    }

    /// <summary>Reads a token from a file of one line.</summary>
    /// <exception cref="CromaException">There is none, or it is too short.</exception>
    public static AccessToken Read(string path)
    {
        string text;
        try
        {
            text = new FileInfo(path).Length <= Longest ? File.ReadAllText(path).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: the token cannot be read: {e.Message}", e);
        }
        return text.Length >= Shortest && text.All(c => c is > ' ' and < '\x7f') ? new AccessToken(text)
            : throw new CromaException($"{path}: a token has from {Shortest} to {Longest} characters, without spaces, in one line; 'openssl rand -base64 32' draws one.");
    }

    /// <summary>Whether an Authorization header has the token. Takes as long for every wrong one.</summary>
    public bool IsIn(string? authorization) =>
        authorization is { Length: <= Longest + 16 } && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim())), _hash);
}
