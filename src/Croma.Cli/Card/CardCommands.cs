using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Croma.Checkpoints;
using Croma.Configuration;

namespace Croma.Cli.Card;

/// <summary>The commands that make a model again.</summary>
internal static class CardCommands
{
    public static string Of(ModelInfo info, string weightsSha256)
    {
        var data = $"data/{FolderName(info.Dataset)}";
        var page = new StringBuilder("## How to repeat it\n\n```sh\n");
        if (Recipes.Names.Contains(info.Dataset)) page.Append(CultureInfo.InvariantCulture, $"croma data make {info.Dataset} --out {data} --seed {info.Data?.Seed ?? 1}\n");
        var differences = Differences(info);
        if (differences != null) page.Append(CultureInfo.InvariantCulture, $"cat >config.json <<'END'\n{differences}\nEND\n");
        page.Append(CultureInfo.InvariantCulture, $"croma train --data {data} --method {info.Method} {(differences == null ? $"--profile {info.Configuration.Profile}" : "--config config.json")} --seed {info.Seed}{(info.Halvings > 0 ? " --on-nan rollback" : "")} --out again\n");
        page.Append(CultureInfo.InvariantCulture, $"""
            sha256sum again/model.safetensors
            ```

            `{data}` is the data set with the SHA-256 above (`croma data info` tells it). The sum is then
            `{weightsSha256}`,
            whatever the number of threads, on a processor with the same vector instructions; on others the figures agree, not the bytes.

            """);
        return page.ToString();
    }

    /// <summary>The settings that are not those of the profile, as a configuration file; null where there are none.</summary>
    public static string? Differences(ModelInfo info)
    {
        var profile = JsonNode.Parse(ConfigurationFile.ToJson(Profiles.Get(info.Configuration.Profile, info.Method)))!.AsObject();
        var own = JsonNode.Parse(ConfigurationFile.ToJson(info.Configuration))!.AsObject();
        var differences = Beyond(own, profile);
        if (differences.Count == 0) return null;
        differences.Insert(0, "profile", info.Configuration.Profile);
        return differences.ToString();
    }

    private static JsonObject Beyond(JsonObject own, JsonObject profile)
    {
        var differences = new JsonObject();
        foreach (var (key, value) in own)
        {
            if (value is JsonObject section && profile[key] is JsonObject other)
            {
                if (Beyond(section, other) is { Count: > 0 } inner) differences[key] = inner;
            }
            else if (!JsonNode.DeepEquals(value, profile[key])) differences[key] = value?.DeepClone();
        }
        return differences;
    }

    /// <summary>A folder's name that no shell takes for anything else.</summary>
    private static string FolderName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
}
