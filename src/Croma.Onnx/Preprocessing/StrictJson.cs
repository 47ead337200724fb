using System.Text.Json;
using System.Text.Json.Nodes;
using Croma.Configuration;

namespace Croma.Onnx.Preprocessing;

/// <summary>Reads a JSON object key by key; a key that nobody asked for is an error, as is a value out of its range.</summary>
/// <param name="given">The object.</param>
/// <param name="file">What messages call the file.</param>
/// <param name="path">Where in it the object is, such as "image."; empty at the top.</param>
internal sealed class StrictJson(JsonObject given, string file, string path)
{
    private readonly List<string> _known = [];

    /// <summary>A section, or null where there is none.</summary>
    public StrictJson? Section(string key) => Find(key) switch
    {
        null => null,
        JsonObject section => new StrictJson(section, file, $"{path}{key}."),
        _ => throw Error(key, "is a section, { ... }"),
    };

    /// <summary>A text, or <paramref name="byDefault"/>.</summary>
    public string? Text(string key, string? byDefault) => Find(key) switch
    {
        null => byDefault,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw Error(key, "is a text"),
    };

    /// <summary>True or false, or <paramref name="byDefault"/>.</summary>
    public bool Flag(string key, bool byDefault) => Find(key) switch
    {
        null => byDefault,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => throw Error(key, "is true or false"),
    };

    /// <summary>The value of an enumeration by its name in any case.</summary>
    public T Choice<T>(string key, T byDefault) where T : struct, Enum
    {
        if (Text(key, null) is not { } text) return byDefault;
        string[] names = [.. Enum.GetNames<T>()];
        var index = Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? Enum.GetValues<T>()[index] : throw Error(key, $"is one of {string.Join(", ", names.Select(n => n.ToLowerInvariant()))}, not '{text}'");
    }

    /// <summary>A number in a range; null as default: it must be there.</summary>
    public double Number(string key, double? byDefault, double least, double most)
    {
        if (Find(key) is not { } node) return byDefault ?? throw Error(key, "is missing");
        return Value(node) is { } value && value >= least && value <= most ? value : throw Error(key, FormattableString.Invariant($"is a number from {least} to {most}"));
    }

    /// <summary>A whole number in a range; null as default: it must be there.</summary>
    public int Whole(string key, int? byDefault, int least, int most)
    {
        if (Find(key) is not { } node) return byDefault ?? throw Error(key, "is missing");
        return Value(node) is { } value && value == Math.Floor(value) && value >= least && value <= most ? (int)value : throw Error(key, $"is a whole number from {least} to {most}");
    }

    /// <summary>A list of as many numbers as the default has.</summary>
    public double[] Numbers(string key, double[] byDefault, double least, double most)
    {
        if (Find(key) is not { } node) return byDefault;
        double?[] values = node is JsonArray list ? [.. list.Select(Value)] : [];
        return values.Length == byDefault.Length && values.All(v => v >= least && v <= most)
            ? [.. values.Select(v => v!.Value)]
            : throw Error(key, FormattableString.Invariant($"is a list of {byDefault.Length} numbers from {least} to {most}"));
    }

    /// <summary>Ends the reading: no key may be left.</summary>
    public void Finish()
    {
        foreach (var (key, _) in given)
            if (!_known.Contains(key)) throw new CromaException($"{file}: there is no setting '{path}{key}'{Closest.Hint(key, _known)}");
    }

    public CromaException Error(string key, string reason) => new($"{file}: '{path}{key}' {reason}.");

    private JsonNode? Find(string key)
    {
        _known.Add(key);
        return given.TryGetPropertyValue(key, out var value) ? value ?? throw Error(key, "is null") : null;
    }

    private static double? Value(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double number) && double.IsFinite(number) ? number : null;
}
