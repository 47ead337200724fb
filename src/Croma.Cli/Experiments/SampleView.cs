using System.Text;
using System.Text.Json.Serialization;
using Croma.Cli.Report.Charts;
using Croma.Data;

namespace Croma.Cli.Experiments;

/// <summary>How a reader meets a sample.</summary>
internal enum SampleForm
{
    Text,
    Sound,
    Picture,

    /// <summary>For want of a media file, its frames drawn as a picture.</summary>
    Frames,
}

/// <summary>A sample as a reader meets it: to be read, heard or seen.</summary>
/// <param name="Sample">Its number in its modality.</param>
/// <param name="Concept">Its concept, as people call it.</param>
/// <param name="Form">How it is shown.</param>
/// <param name="Text">What it says, where it is text; a long one is cut.</param>
internal sealed record SampleView(int Sample, string Concept, SampleForm Form, string? Text)
{
    private const int LongestText = 240;

    /// <summary>Its sound or picture as a data URI; null for text.</summary>
    [JsonIgnore]
    public string? Uri { get; init; }

    /// <summary>A sample with its media file or, where there is none, its image or its frames drawn as a picture.</summary>
    public static SampleView Of(CrossModalDataset dataset, ModalityData data, int sample)
    {
        var concept = dataset.Concepts[data.Concept(sample)].Name;
        if (data.Media(sample) is { } media)
            return new SampleView(sample, concept, media.Type.StartsWith("audio/", StringComparison.Ordinal) ? SampleForm.Sound : SampleForm.Picture, null) { Uri = Data(media.Type, media.Read()) };
        if (data.Kind == ModalityKind.Bytes) return new SampleView(sample, concept, SampleForm.Text, Cut(Encoding.UTF8.GetString(data.Contents.Bytes(sample))));
        return new SampleView(sample, concept, data.Kind == ModalityKind.Images ? SampleForm.Picture : SampleForm.Frames, null) { Uri = Data("image/png", SamplePicture.Of(data.Contents, sample)) };
    }

    private static string Data(string type, byte[] content) => $"data:{type};base64,{Convert.ToBase64String(content)}";

    private static string Cut(string text)
    {
        if (text.Length <= LongestText) return text;
        var end = char.IsLowSurrogate(text[LongestText]) ? LongestText - 1 : LongestText;
        return text[..end].TrimEnd() + " …";
    }
}
