using Croma.Data;
using Croma.Data.Formats;

namespace Croma.Datasets.Import;

/// <summary>What the samples of a modality hold, ready to be written.</summary>
internal sealed class LoadedSamples
{
    private readonly Func<string, ModalityWriter> _newWriter;
    private readonly byte[][]? _bytes;
    private readonly Half[][]? _values;

    private LoadedSamples(Func<string, ModalityWriter> newWriter, byte[][]? bytes, Half[][]? values, string form) =>
        (_newWriter, _bytes, _values, Form) = (newWriter, bytes, values, form);

    /// <summary>How it was stored, for the data set's provenance.</summary>
    public string Form { get; }

    /// <summary>What is wrong with half precision for these numbers, in a sentence; null where nothing is.</summary>
    public string? Remark { get; private init; }

    /// <summary>How files became these samples; null where they are as they were.</summary>
    public string? Preparation { get; private init; }

    public static LoadedSamples Texts(byte[][] texts) => new(ModalityWriter.Bytes, texts, null, "Text in UTF-8, as it is.");

    public static LoadedSamples Images(byte[][] pixels, int side, string program, string preparation) => new(name => ModalityWriter.Images(name, side, side), pixels, null,
        $"Decoded by {program}, on white; the middle square, scaled to {side} x {side} pixels.") { Preparation = preparation };

    public static LoadedSamples Sounds(Half[][] frames, int seconds, string program, string preparation) => new(name => ModalityWriter.Frames(name, Speech.LogMel.Bands, Speech.LogMel.FramesPerSecond), null, frames,
        $"Decoded by {program}: the first {seconds} s as log-mel energies, each clip shifted and scaled as a whole.") { Preparation = preparation };

    /// <summary>A vector a sample [width], or a sequence of them [steps, width].</summary>
    public static LoadedSamples Vectors(Half[][] values, int width, bool sequences, string? preparation = null) => sequences
        ? new(name => ModalityWriter.Frames(name, width, 0), null, values, "Sequences of vectors, as they are, in half precision.")
        : new(name => ModalityWriter.Features(name, width), null, values, "Feature vectors, as they are, in half precision.") { Remark = HalfPrecision.Remark(values, width), Preparation = preparation };

    public ModalityWriter NewWriter(string name)
    {
        var writer = _newWriter(name);
        writer.Preparation = Preparation;
        return writer;
    }

    /// <summary>The samples in memory, for a model that was trained on such.</summary>
    public MemorySamples InMemory(SampleShape shape) => _values is not null ? new MemorySamples(shape, _values) : new MemorySamples(shape, _bytes!);

    public int Add(ModalityWriter writer, int sample, int concept, Part part, int group) =>
        _values is not null ? writer.Add(concept, part, group, _values[sample]) : writer.Add(concept, part, group, _bytes![sample]);
}

/// <summary>Numbers as a data set stores them.</summary>
internal static class HalfPrecision
{
    // a column whose values differ by less than this share of their size has 3 bits or fewer left for what differs
    private const double LeastSpread = 1.0 / 256;

    /// <summary>Converts numbers, rows of <paramref name="width"/>.</summary>
    /// <exception cref="DataFormatException">A number is missing (NaN), infinite or beyond half precision.</exception>
    public static Half[] Convert(ReadOnlySpan<float> values, int width, string file, int firstRow)
    {
        var halves = new Half[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            halves[i] = (Half)values[i];
            if (Half.IsFinite(halves[i])) continue;
            throw new DataFormatException(file, -1, $"row {firstRow + i / width}, column {i % width}: " + (float.IsFinite(values[i])
                ? $"{values[i]} is too large; numbers up to 65504 are stored: divide the column, or take its logarithm"
                : $"the value is {(float.IsNaN(values[i]) ? "missing (NaN)" : "infinite")}; fill it in, or leave the sample out"));
        }
        return halves;
    }

    /// <summary>Which columns lose what tells samples apart.</summary>
    public static string? Remark(Half[][] values, int width)
    {
        var coarse = Enumerable.Range(0, width).Where(column =>
        {
            double sum = 0, squares = 0;
            foreach (var row in values) sum += (double)row[column];
            var mean = sum / values.Length;
            foreach (var row in values) squares += ((double)row[column] - mean) * ((double)row[column] - mean);
            var deviation = Math.Sqrt(squares / values.Length);
            return deviation > 0 && deviation < LeastSpread * Math.Abs(mean);
        }).ToList();
        return coarse.Count == 0 ? null
            : $"{coarse.Count} of {width} columns ({string.Join(", ", coarse.Take(5))}{(coarse.Count > 5 ? ", ..." : "")}) vary little around a large mean and lose precision: subtract each column's mean first.";
    }
}
