using System.Text.Json;
using Croma.Server.Input;

namespace Croma.Server.Api;

/// <summary>What JSON bodies hold, as samples.</summary>
internal static class RequestJson
{
    public const int MaxDepth = 8;

    /// <summary>The samples of a body.</summary>
    /// <param name="samples">As they came.</param>
    /// <param name="limits">How many, and how large.</param>
    /// <param name="what">What a nameless one is called.</param>
    public static SentSample[] Samples(IReadOnlyList<SampleJson> samples, ServerLimits limits, string what)
    {
        if (samples.Count > limits.Files) throw RequestProblem.TooLarge($"There are {samples.Count} samples; at most {limits.Files} are taken in a request: send them in several.");
        var sent = new SentSample[samples.Count];
        for (var i = 0; i < sent.Length; i++) sent[i] = Sample(samples[i] ?? throw RequestProblem.Malformed($"{what} {i + 1} is null."), limits, $"{what} {i + 1}");
        return sent;
    }

    /// <summary>One sample.</summary>
    public static SentSample Sample(SampleJson sample, ServerLimits limits, string otherwise)
    {
        var name = Names.OfSample(sample.Name, otherwise);
        if ((sample.Text is null ? 0 : 1) + (sample.Features is null ? 0 : 1) + (sample.Audio is null ? 0 : 1) + (sample.Image is null ? 0 : 1) != 1)
            throw RequestProblem.Malformed($"'{name}' must have one of \"text\", \"features\", \"audio\" and \"image\".");
        if (sample.Features is { } numbers) return new SentSample(sample.Class, name, SentKind.Features, [], SentKinds.NumbersType, numbers.Values, numbers.Width);
        if (sample.Text is { } text) return new SentSample(sample.Class, name, SentKind.Text, System.Text.Encoding.UTF8.GetBytes(text), SentKinds.TextType);
        var content = (sample.Audio ?? sample.Image)!;
        if (content.Length > limits.FileBytes) throw RequestProblem.TooLarge($"'{name}' has {content.Length} bytes; at most {limits.FileBytes} are taken.");
        var (kind, type) = SentKinds.OfFile(content);
        var wanted = sample.Audio is not null ? SentKind.Audio : SentKind.Image;
        return kind == wanted ? new SentSample(sample.Class, name, kind, content, type) : throw RequestProblem.Unusable($"'{name}' is no {SentKinds.Describe(wanted).Replace("a ", "", StringComparison.Ordinal)}.");
    }

    /// <summary>What is wrong with JSON, without the names of types.</summary>
    public static string Explain(JsonException e)
    {
        var where = e.Path is { Length: > 1 } path ? $" at {path}" : "";
        var line = e.LineNumber is { } number ? $" (line {number + 1}, byte {e.BytePositionInLine + 1})" : "";
        var reason = e.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) ? "there is no such member"
            : e.Message.Contains("missing required", StringComparison.Ordinal) ? "a member that must be there is missing"
            : e.Message.Contains("uplicate", StringComparison.Ordinal) ? "a member comes twice"
            : e.Message.Contains("depth", StringComparison.Ordinal) ? $"it is nested more than {MaxDepth} deep"
            : e.Message.StartsWith("\"features\"", StringComparison.Ordinal) ? e.Message[..(e.Message.IndexOf(" Path:", StringComparison.Ordinal) is > 0 and var end ? end : e.Message.Length)].TrimEnd('.')
            : e.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) ? "the value is not of the type that is needed (base64, a number, a text or a list)"
            : "it is not well formed";
        return $"The body is no JSON that is understood here: {reason}{where}{line}. See /openapi/v1.json.";
    }
}
