using System.Globalization;
using System.Runtime.InteropServices;
using Croma.Data.Formats;

namespace Croma.Onnx.Features;

/// <summary>Some inputs of an encoding job, and the safetensors file that keeps their features until the whole is written.</summary>
/// <param name="folder">Where it is kept.</param>
/// <param name="number">Its number in the job.</param>
/// <param name="inputs">The files or texts.</param>
/// <param name="key">What the features depend on.</param>
/// <param name="dimension">Numbers a vector has.</param>
internal sealed class EncodingChunk(string folder, int number, EncodingInput[] inputs, string key, int dimension)
{
    private const string KeyName = "job", FeaturesName = "features";

    // failures are kept in the metadata, by the input's place in the chunk
    private SortedDictionary<int, string>? _failures;

    public EncodingInput[] Inputs => inputs;

    /// <summary>The place of its first input in the job.</summary>
    public int FirstRow => number * EncodingJob.ChunkSize;

    /// <summary>Inputs that have features, once it is finished.</summary>
    public int Rows => inputs.Length - Require().Count;

    /// <summary>A folder for decoding.</summary>
    public string Scratch => Path.Combine(folder, $"media-{number}-{Environment.ProcessId}");

    private string Kept => Path.Combine(folder, $"chunk-{number:000000}.safetensors");

    /// <summary>Whether its features are there already.</summary>
    /// <param name="withFailures">Whether a chunk of which files failed counts; otherwise these are tried again.</param>
    public bool IsFinished(bool withFailures)
    {
        // another process may have made it, or tried its failures again, since it was last looked at
        if (_failures is not { Count: 0 }) _failures = Read();
        return _failures != null && (withFailures || _failures.Count == 0);
    }

    public IEnumerable<FailedInput> Failures() => Require().Select(f => new FailedInput(inputs[f.Key].Name, f.Value));

    /// <summary>The inputs that have features.</summary>
    public IEnumerable<string> Encoded() => inputs.Where((_, i) => !Require().ContainsKey(i)).Select(input => input.Name);

    public void Write(IReadOnlyList<EncodedFile> results)
    {
        float[] features = [.. results.SelectMany(r => r.Features ?? [])];
        _failures = new(results.Index().Where(r => r.Item.Reason != null).ToDictionary(r => r.Index, r => r.Item.Reason!));
        var metadata = _failures.ToDictionary(f => f.Key.ToString(CultureInfo.InvariantCulture), f => f.Value);
        metadata[KeyName] = key;
        SafetensorsWriter.Write(Kept, [SafetensorsArray.Of<float>(FeaturesName, features, Rows, dimension)], metadata);
    }

    public void CopyTo(Stream stream)
    {
        if (Rows == 0) return;
        using var file = SafetensorsFile.Open(Kept);
        stream.Write(MemoryMarshal.AsBytes(file.Values<float>(file.Require(FeaturesName, SafetensorsType.F32, 2))));
    }

    private SortedDictionary<int, string> Require() => _failures ?? throw new InvalidOperationException($"chunk {number} is not finished");

    /// <summary>What failed in a chunk that an earlier run has finished; null where there is none, or one of another job.</summary>
    private SortedDictionary<int, string>? Read()
    {
        if (!File.Exists(Kept)) return null;
        using var file = SafetensorsFile.Open(Kept);
        if (file.Metadata.GetValueOrDefault(KeyName) != key) return null;
        var failures = new SortedDictionary<int, string>();
        foreach (var (place, reason) in file.Metadata)
            if (int.TryParse(place, CultureInfo.InvariantCulture, out var i)) failures[i] = reason;
        var tensor = file.Require(FeaturesName, SafetensorsType.F32, 2);
        return tensor.Shape[0] == inputs.Length - failures.Count && tensor.Shape[1] == dimension ? failures : null;
    }
}
