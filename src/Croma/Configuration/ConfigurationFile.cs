using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Croma.Data.Formats;

namespace Croma.Configuration;

/// <summary>
/// Reads and writes configurations: JSON laid over a profile. Strict: a key that does not exist or a value of the
/// wrong type is an error that says where, and which key is closest.
/// </summary>
public static class ConfigurationFile
{
    private const int LargestFile = 1 << 20, LongestKey = 80;

    /// <summary>Reads a file; its key "profile" (default "paper") names what it is laid over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="method">Whose values of the profile it is laid over.</param>
    /// <exception cref="CromaException">The file is missing, no JSON, or has an unknown key or a value of the wrong type.</exception>
    public static TrainingConfiguration Read(string path, string method = "croma")
    {
        if (!File.Exists(path)) throw new CromaException($"There is no configuration file '{path}'.");
        if (new FileInfo(path).Length > LargestFile) throw new CromaException($"'{path}' is over 1 MiB: that is no configuration file.");
        var bytes = JsonFile.Bytes(path, LargestFile).AsSpan();
        if (!Utf8.IsValid(bytes)) throw new CromaException($"{path}: the text is not UTF-8; save it as UTF-8");
        return Parse(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes, path, method);
    }

    /// <summary>Parses JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="method">Whose values of the profile it is laid over.</param>
    public static TrainingConfiguration Parse(string json, string name, string method = "croma") => Parse(Encoding.UTF8.GetBytes(json), name, method);

    private static TrainingConfiguration Parse(ReadOnlySpan<byte> json, string name, string method)
    {
        try
        {
            return ParseObject(json, name, method);
        }
        catch (InvalidOperationException e)
        {
            throw new CromaException($"{name}: a text is no valid Unicode: {e.Message}", e);
        }
    }

    private static TrainingConfiguration ParseObject(ReadOnlySpan<byte> json, string name, string method)
    {
        JsonNode? overrides;
        try
        {
            JsonText.Require(json);
            overrides = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new CromaException($"{name}, line {e.LineNumber + 1}: this is not JSON, or it says something twice: {JsonText.Reason(e)}", e);
        }
        if (overrides is not JsonObject given) throw new CromaException($"{name}: a configuration is a JSON object, {{ ... }}.");
        var type = ConfigurationJson.Default.TrainingConfiguration;
        RequireKnownKeys(given, type, name, "");
        try
        {
            var profile = given["profile"] is JsonValue value && value.TryGetValue(out string? text) ? text : "paper";
            if (!Profiles.Names.Contains(profile)) throw new CromaException($"{name}: there is no profile '{(profile.Length > LongestKey ? profile[..LongestKey] : profile)}'{Closest.Hint(profile, Profiles.Names)}");
            var merged = JsonSerializer.SerializeToNode(Profiles.Get(profile, method), type)!.AsObject();
            Lay(given, merged);
            var configuration = merged.Deserialize(type)!;
            return ConfigurationLimits.Fault(configuration) is { } fault ? throw new CromaException($"{name}: {fault}") : configuration;
        }
        catch (JsonException e)
        {
            throw new CromaException($"{name}: the value of '{e.Path?.TrimStart('$', '.')}' is of the wrong type.", e);
        }
    }

    /// <summary>The configuration as indented JSON.</summary>
    public static string ToJson(TrainingConfiguration configuration) => JsonSerializer.Serialize(configuration, ConfigurationJson.Default.TrainingConfiguration);

    private static void RequireKnownKeys(JsonObject given, JsonTypeInfo type, string name, string path)
    {
        string[] known = [.. type.Properties.Select(p => p.Name)];
        foreach (var (key, value) in given)
        {
            if (key.Length > LongestKey) throw new CromaException($"{name}: there is no setting '{path}{key[..LongestKey]}...'");
            var property = type.Properties.FirstOrDefault(p => p.Name == key)
                ?? throw new CromaException($"{name}: there is no setting '{path}{key}'{Closest.Hint(key, known)}");
            var section = type.Options.GetTypeInfo(property.PropertyType);
            if (section.Kind != JsonTypeInfoKind.Object) continue;
            if (value is not JsonObject inner) throw new CromaException($"{name}: '{path}{key}' is a section, {{ ... }}.");
            RequireKnownKeys(inner, section, name, $"{path}{key}.");
        }
    }

    private static void Lay(JsonObject over, JsonObject under)
    {
        foreach (var (key, value) in over)
        {
            if (value is JsonObject inner && under[key] is JsonObject below) Lay(inner, below);
            else under[key] = value?.DeepClone();
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TrainingConfiguration))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
