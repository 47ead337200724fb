using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Data.Formats;

namespace Croma.Tests.Data;

/// <summary>JSON that others may have made.</summary>
public sealed partial class JsonFileTests
{
    [Theory]
    [InlineData("""{"value": 7}""")]
    [InlineData("""{"formatVersion": 1, "value": 7}""")]
    [InlineData("""{"formatVersion": 2, "value": 7}""")]
    public void Versions_up_to_the_newest_are_read(string json) => Assert.Equal(7, Parse(json).Value);

    [Theory]
    [InlineData("""{"formatVersion": 3, "value": 7}""", "the thing has format version 3, this program reads up to 2: use a newer version of Croma")]
    [InlineData("""{"later": {"a": [1, {}]}, "value": "of another kind", "formatVersion": 3}""", "the thing has format version 3, this program reads up to 2: use a newer version of Croma")]
    [InlineData("""{"formatVersion": 0}""", "\"formatVersion\" must be a whole number from 1 on")]
    [InlineData("""{"formatVersion": -1}""", "\"formatVersion\" must be a whole number from 1 on")]
    [InlineData("""{"formatVersion": 1.5}""", "\"formatVersion\" must be a whole number from 1 on")]
    [InlineData("""{"formatVersion": 4294967297}""", "\"formatVersion\" must be a whole number from 1 on")]
    [InlineData("""{"formatVersion": "3"}""", "this is no thing")]
    [InlineData("""{"later": 1}""", "this is no thing")]
    public void Other_versions_are_refused_as_such(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<DataFormatException>(() => Parse(json)).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("nothing", 1, 1)]
    [InlineData("{\n\"value\": tru}", 2, 10)]
    [InlineData("{\"a\": [1, True]}", 1, 11)]
    [InlineData("{\"a\" 1}", 1, 6)]
    public void What_is_no_JSON_is_said_with_its_place_and_not_with_all_that_follows(string json, int line, int column)
    {
        var error = Assert.ThrowsAny<JsonException>(() => JsonText.Require(Encoding.UTF8.GetBytes(json + new string('x', 10_000))));
        Assert.Equal((line - 1, column - 1), (error.LineNumber, error.BytePositionInLine));
        Assert.InRange(error.Message.Length, 1, 300);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[true, false, null, \"nothing, true\", -1e5, {\"t\": false}, {}]")]
    [InlineData(" {\"n\" : null\n, \"f\":[]} ")]
    public void What_is_JSON_passes(string json) => JsonText.Require(Encoding.UTF8.GetBytes(json));

    [Fact]
    public void A_reason_is_a_short_line() => Assert.Equal(new string('x', 200) + "...", JsonText.Reason(new JsonException(new string('x', 500) + "\nmore")));

    private static Thing Parse(string json) => JsonFile.Parse("x.json", Encoding.UTF8.GetBytes(json), ThingJson.Default.Thing, "thing", newest: 2);

    internal sealed record Thing(int Value, int FormatVersion = 1);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
    [JsonSerializable(typeof(Thing))]
    internal sealed partial class ThingJson : JsonSerializerContext;
}
