using System.Text.Json;

namespace Croma.Onnx.Preprocessing;

/// <summary>A vocab.json: one object, each token's number by its text.</summary>
internal static class VocabularyJson
{
    /// <exception cref="JsonException">It is no such object.</exception>
    public static Dictionary<string, int> Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("an object of tokens and their numbers was expected");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = reader.GetString()!;
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id < 0) throw new JsonException($"the token '{token}' has no number");
            if (!tokens.TryAdd(token, id)) throw new JsonException($"the token '{token}' comes twice");
        }
        return tokens;
    }
}
