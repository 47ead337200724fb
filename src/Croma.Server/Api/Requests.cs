using System.Text.Json;
using System.Text.Json.Serialization;

namespace Croma.Server.Api;

/// <summary>A sample in JSON: one of text, features, audio and image.</summary>
internal sealed record SampleJson
{
    /// <summary>Its class; of support samples only.</summary>
    public string? Class { get; init; }

    /// <summary>What it is called.</summary>
    public string? Name { get; init; }

    public string? Text { get; init; }

    /// <summary>Numbers, or where samples are sequences, a list of such lists.</summary>
    [JsonConverter(typeof(FeatureNumbersConverter))]
    public FeatureNumbers? Features { get; init; }

    /// <summary>A sound's file in base64.</summary>
    public byte[]? Audio { get; init; }

    /// <summary>A picture's file in base64.</summary>
    public byte[]? Image { get; init; }
}

/// <summary>POST /api/classifiers.</summary>
internal sealed record CreateRequest
{
    /// <summary>Id of the model; may be left out where one is served.</summary>
    public string? Model { get; init; }

    /// <summary>As people call the classifier.</summary>
    public string? Name { get; init; }

    /// <summary>How: "auto" (the default), "fine-tuning" or a head.</summary>
    public string? Head { get; init; }

    /// <summary>The share of samples of its classes that may be called 'none of these'. Default 0.1.</summary>
    public double? FalseAlarmRate { get; init; }

    /// <summary>Labelled samples of two or more classes.</summary>
    public required IReadOnlyList<SampleJson> Samples { get; init; }
}

/// <summary>POST /api/classifiers/{id}/samples.</summary>
internal sealed record ExtendRequest
{
    /// <summary>Labelled samples, of classes that are there or new.</summary>
    public required IReadOnlyList<SampleJson> Samples { get; init; }
}

/// <summary>POST /api/classifiers/{id}/predict.</summary>
internal sealed record PredictRequest
{
    /// <summary>Samples.</summary>
    public required IReadOnlyList<SampleJson> Inputs { get; init; }

    /// <summary>Instead of the classifier's.</summary>
    public double? FalseAlarmRate { get; init; }
}

/// <summary>POST /api/models/{id}/retrieve.</summary>
internal sealed record RetrieveRequest
{
    /// <summary>What to look for.</summary>
    public required SampleJson Input { get; init; }

    /// <summary>How many items. Default 10.</summary>
    public int? Top { get; init; }
}

/// <summary>The numbers of a sample.</summary>
/// <param name="Values">All of them, vector after vector.</param>
/// <param name="Width">Numbers of each vector of a sequence; null where it is one list.</param>
internal sealed record FeatureNumbers(float[] Values, int? Width);

/// <summary>Reads [1, 2] and [[1, 2], [3, 4]].</summary>
internal sealed class FeatureNumbersConverter : JsonConverter<FeatureNumbers>
{
    private const int UsualNumbers = 64;

    public override FeatureNumbers Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("\"features\" is a list of numbers, or a list of such lists");
        var (values, count) = (new float[UsualNumbers], 0);
        int? width = null;
        var nested = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartArray && (nested || count == 0))
            {
                nested = true;
                var before = count;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Add(ref reader);
                width ??= count;
                if (count - before != width) throw new JsonException($"\"features\" has a list of {count - before} numbers after lists of {width}: all must have as many");
            }
            else if (nested) throw new JsonException("\"features\" has a number among lists");
            else Add(ref reader);
        }
        return new FeatureNumbers(values.AsSpan(0, count).ToArray(), width);

        void Add(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.Number) throw new JsonException($"\"features\" holds {reader.TokenType}; it must hold numbers");
            if (count == values.Length) Array.Resize(ref values, 2 * count);
            values[count++] = reader.GetSingle();
        }
    }

    public override void Write(Utf8JsonWriter writer, FeatureNumbers value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value.Values) writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
