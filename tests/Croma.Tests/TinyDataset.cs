using Croma.Compute;
using Croma.Data;

namespace Croma.Tests;

/// <summary>Small made-up data sets in which a concept is a direction that both modalities show in their own way.</summary>
internal static class TinyDataset
{
    public const int SamplesPerPart = 12;

    /// <summary>Concepts c, c + 5, ... are in one cluster.</summary>
    public const int Clusters = 5;

    /// <summary>Writes one and opens it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="sequences">Text and frames; otherwise feature vectors in both modalities.</param>
    /// <param name="relabel">Changes the concept that a target sample claims: (concept, part) to concept.</param>
    /// <param name="noise">Standard deviation of what a sample adds to its concept.</param>
    /// <param name="clusters">Whether concepts are in clusters.</param>
    public static CrossModalDataset Create(string folder, bool sequences = false, Func<int, Part, int>? relabel = null, double noise = 0.3, bool clusters = true)
    {
        Write(folder, sequences, relabel, noise, clusters: clusters);
        return CrossModalDataset.Open(folder);
    }

    /// <summary>Writes one under another name or of another size.</summary>
    public static void Write(string folder, bool sequences = false, Func<int, Part, int>? relabel = null, double noise = 0.3, string name = "tiny", int samplesPerPart = SamplesPerPart, int trainConcepts = 10, bool clusters = true, bool media = false)
    {
        const int Width = 6, HeldOut = 5;
        var concepts = trainConcepts + 2 * HeldOut;
        var writer = sequences
            ? new DatasetWriter(name, 1, ModalityWriter.Bytes("text"), ModalityWriter.Frames("speech", Width, 100))
            : new DatasetWriter(name, 1, ModalityWriter.Features("image", Width), ModalityWriter.Features("audio", Width));
        var random = new CounterRandom(11, 1);
        for (var c = 0; c < concepts; c++)
        {
            var split = c < trainConcepts ? ConceptSplit.MetaTrain : c < trainConcepts + HeldOut ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest;
            writer.AddConcept($"c{c}", $"Concept {c}", split, clusters ? $"cluster {c % Clusters}" : null);
        }
        double[][] centres = [.. Enumerable.Range(0, concepts).Select(_ => Draw(random, Width, 1))];
        for (var c = 0; c < concepts; c++)
            for (var i = 0; i < 3 * samplesPerPart; i++)
            {
                var part = (Part)(i / samplesPerPart);
                var said = relabel?.Invoke(c, part) ?? c;
                var source = sequences
                    ? writer.Source.Add(c, part, i, Text(random, c))
                    : writer.Source.Add(c, part, i, Vector(random, centres[c], noise, flip: false));
                var target = sequences
                    ? writer.Target.Add(said, part, i, Enumerable.Range(0, 5 + random.Next(4)).SelectMany(_ => Vector(random, centres[c], noise, flip: true)).ToArray())
                    : writer.Target.Add(said, part, i, Vector(random, centres[c], noise, flip: true));
                if (part == Part.Alignment) writer.AddPair(source, target);
                if (media && c >= trainConcepts + HeldOut) writer.Target.AddMedia(target, ".wav", Sound(target));
            }
        writer.Write(folder);
    }

    private static double[] Draw(CounterRandom random, int width, double scale) => [.. Enumerable.Range(0, width).Select(_ => scale * random.NextNormal())];

    private static Half[] Vector(CounterRandom random, double[] centre, double noise, bool flip)
    {
        var drawn = centre.Zip(Draw(random, centre.Length, noise), (a, b) => (Half)(a + b));
        return [.. flip ? drawn.Reverse() : drawn];
    }

    /// <summary>What stands in for the sound of a sample; differs from all others.</summary>
    public static byte[] Sound(int sample) => [.. "RIFF"u8, .. BitConverter.GetBytes(sample)];

    private static byte[] Text(CounterRandom random, int concept) =>
        [.. Enumerable.Range(0, 6 + random.Next(6)).Select(_ => (byte)('a' + (concept * 3 + random.Next(4)) % 26))];
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("croma-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
