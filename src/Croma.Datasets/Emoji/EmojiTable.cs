using System.Text.Json;
using System.Text.Json.Serialization;

namespace Croma.Datasets.Emoji;

/// <summary>An emoji: its code points as picture files name them, and what the data set says of it.</summary>
/// <param name="Code">Such as "1f481-200d-2640-fe0f".</param>
/// <param name="Label">Its name.</param>
/// <param name="Tags">Keywords.</param>
/// <param name="Subgroup">Its class, such as "animal-bird".</param>
/// <param name="Group">What the class belongs to, such as "animals-nature".</param>
internal sealed record EmojiEntry(string Code, string Label, IReadOnlyList<string> Tags, string Subgroup, string Group);

/// <summary>Reads emojibase's English data.</summary>
internal static class EmojiTable
{
    /// <summary>The emojis that have a class, in the data's order.</summary>
    /// <param name="data">data.json.</param>
    /// <param name="messages">messages.json, which names groups and subgroups.</param>
    public static IReadOnlyList<EmojiEntry> Read(byte[] data, byte[] messages)
    {
        var names = Parse(messages, EmojiJson.Default.EmojiMessages, "messages.json");
        var (groups, subgroups) = (ByOrder(names.Groups), ByOrder(names.Subgroups));
        return [.. from emoji in Parse(data, EmojiJson.Default.EmojiDataArray, "data.json")
                   where emoji.Group is { } g && groups.ContainsKey(g) && emoji.Subgroup is { } s && subgroups.ContainsKey(s)
                   select new EmojiEntry(emoji.Hexcode.ToLowerInvariant(), emoji.Label, emoji.Tags ?? [], subgroups[emoji.Subgroup!.Value], groups[emoji.Group!.Value])];
    }

    // of two subgroups with one number the later is the one that emojis are in
    private static Dictionary<int, string> ByOrder(EmojiName[] names) => names.GroupBy(n => n.Order).ToDictionary(g => g.Key, g => g.Last().Key);

    private static T Parse<T>(byte[] json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new CromaException($"{name} of the emoji data is empty");
        }
        catch (JsonException e)
        {
            throw new CromaException($"{name} of the emoji data is not what it should be: {e.Path}, line {e.LineNumber + 1}", e);
        }
    }
}

internal sealed record EmojiData(string Hexcode, string Label, string[]? Tags = null, int? Group = null, int? Subgroup = null);

internal sealed record EmojiName(string Key, int Order);

internal sealed record EmojiMessages(EmojiName[] Groups, EmojiName[] Subgroups);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EmojiData[]))]
[JsonSerializable(typeof(EmojiMessages))]
internal sealed partial class EmojiJson : JsonSerializerContext;
