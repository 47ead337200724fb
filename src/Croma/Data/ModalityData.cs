using Croma.Data.Formats;

namespace Croma.Data;

/// <summary>
/// The samples of one modality: what they hold, and what they are of. The latter is for evaluation and for those kinds of training data
/// that say so; a method reads samples through <see cref="Contents"/>. Reading is safe from many threads.
/// </summary>
public sealed class ModalityData
{
    private const string ConceptName = "concept", PartName = "part", GroupName = "group";

    private readonly SafetensorsFile _file;
    private readonly SafetensorsTensor _concept, _part, _group;

    private readonly Dictionary<int, SampleMedia> _media = [];

    internal ModalityData(SafetensorsFile file, ModalityDescription description, int concepts)
    {
        var stored = StoredSamples.Of(file, description);
        (_file, Contents) = (file, stored);
        (_concept, _part, _group) = (PerSample(ConceptName, SafetensorsType.I32), PerSample(PartName, SafetensorsType.U8), PerSample(GroupName, SafetensorsType.I32));
        var expected = stored.Arrays + 3;
        if (file.Tensors.Count != expected) throw new DataFormatException(file.Path, -1, $"the file holds {file.Tensors.Count} arrays; {expected} are expected");
        CheckRange(file.Values<int>(_concept), _concept, 0, concepts - 1);
        CheckRange(file.Values<byte>(_part), _part, (byte)0, (byte)2);
        CheckRange(file.Values<int>(_group), _group, NoGroup, int.MaxValue);
    }

    /// <summary>The group of a sample that belongs to none.</summary>
    public const int NoGroup = -1;

    /// <summary>What the samples hold.</summary>
    public SampleContents Contents { get; }

    /// <summary>Its name, such as "text".</summary>
    public string Name => Contents.Name;

    /// <summary>How its samples are stored.</summary>
    public ModalityKind Kind => Contents.Kind;

    /// <summary>How many samples there are.</summary>
    public int Count => Contents.Count;

    /// <summary>The sample's concept, as an index into <see cref="CrossModalDataset.Concepts"/>.</summary>
    public int Concept(int index) => At<int>(_concept, index);

    /// <summary>What the sample may be used for.</summary>
    public Part Part(int index) => (Part)At<byte>(_part, index);

    /// <summary>
    /// What the sample says, whatever its concept (such as a paragraph's number), or <see cref="NoGroup"/>; samples of one
    /// group are all in one part.
    /// </summary>
    public int Group(int index) => At<int>(_group, index);

    /// <summary>The file by which people hear or see the sample; null where the data set has none of it.</summary>
    public SampleMedia? Media(int index) => _media.GetValueOrDefault(index);

    /// <summary>How many samples have such a file.</summary>
    public int MediaCount => _media.Count;

    internal void AddMedia(string folder, IReadOnlyList<MediaEntry> entries)
    {
        foreach (var (sample, file, bytes, _) in entries)
        {
            if ((uint)sample >= (uint)Count) throw new DataFormatException(Path.Combine(folder, MediaIndex.FileName), -1, $"'{file}' is of sample {sample} of '{Name}'; there are {Count}");
            _media.Add(sample, new SampleMedia(Path.Combine(folder, MediaIndex.Folder, file), SampleMedia.Types[Path.GetExtension(file)], bytes));
        }
    }

    private T At<T>(SafetensorsTensor tensor, int index) where T : unmanaged => _file.Values<T>(tensor, index, 1)[0];

    private SafetensorsTensor PerSample(string name, SafetensorsType type)
    {
        var tensor = _file.Require(name, type, 1);
        return tensor.Count == Count ? tensor : throw Error(tensor, $"'{name}' has {tensor.Count} elements; there are {Count} samples");
    }

    private void CheckRange<T>(ReadOnlySpan<T> values, SafetensorsTensor tensor, T minimum, T maximum) where T : unmanaged, IComparable<T>
    {
        for (var i = 0; i < values.Length; i++)
            if (values[i].CompareTo(minimum) < 0 || values[i].CompareTo(maximum) > 0)
                throw Error(tensor, $"'{tensor.Name}' of sample {i} is {values[i]}; it must be from {minimum} to {maximum}", i);
    }

    private DataFormatException Error(SafetensorsTensor tensor, string reason, int element = 0) =>
        new(_file.Path, tensor.Offset + (long)element * tensor.Type.Size(), reason);
}
