using System.Text.Json.Serialization;

namespace Croma.Data;

/// <summary>Which phase of the protocol may see a concept.</summary>
public enum ConceptSplit
{
    MetaTrain,
    MetaValidation,
    MetaTest,
}

/// <summary>What a sample may be used for; the three uses never share a sample, nor a group of samples.</summary>
public enum Part
{
    /// <summary>Pairs of the two modalities.</summary>
    Alignment = 0,

    /// <summary>Classification tasks in the source modality.</summary>
    Source = 1,

    /// <summary>Classification tasks in the target modality.</summary>
    Target = 2,
}

/// <summary>How the samples of a modality are stored.</summary>
public enum ModalityKind
{
    /// <summary>Sequences of bytes, such as text in UTF-8.</summary>
    Bytes,

    /// <summary>Sequences of vectors, such as the log-mel frames of speech.</summary>
    Frames,

    /// <summary>One vector a sample.</summary>
    Features,

    /// <summary>Pictures in red, green and blue, a byte each: one plane a colour, rows from top to bottom.</summary>
    Images,
}

/// <summary>A class of the classification tasks, such as a language.</summary>
/// <param name="Id">Short and unique in the data set.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Split">The phase that may see it.</param>
/// <param name="Cluster">
/// A coarse group of concepts that are alike, such as a family of languages; null where it is in none. The samples of a
/// cluster in the two modalities are a weak pair (X_s, X_t), and the cluster is a sample's weak label.
/// </param>
public sealed record Concept(string Id, string Name, ConceptSplit Split,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Cluster = null);

/// <summary>A one-to-one correspondence of two samples, as indices into the source and the target modality.</summary>
public readonly record struct StrongPair(int Source, int Target);
