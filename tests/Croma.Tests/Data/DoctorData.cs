using System.Text;
using Croma.Compute;
using Croma.Data;

namespace Croma.Tests.Data;

/// <summary>A data set of 22 classes, 12 of them of meta-train, in which nothing is the matter but what a test changes.</summary>
internal sealed class DoctorData
{
    public const int Width = 16;

    public Func<int, int> SourcesOf { get; init; } = _ => 6;

    public Func<int, int> PairsOf { get; init; } = _ => 6;

    public Func<int, string?> ClusterOf { get; init; } = _ => null;

    public int Unpaired { get; init; }

    public Func<int, int, byte[]>? TextOf { get; init; }

    public Func<int, Part, int, bool, Half[], Half[]> Change { get; init; } = (_, _, _, _, vector) => vector;

    public void Write(string folder)
    {
        const int Classes = 22, Train = 12, Validation = 17;
        var writer = new DatasetWriter("made", 1, TextOf is null ? ModalityWriter.Features("a", Width) : ModalityWriter.Bytes("a"), ModalityWriter.Features("b", Width));
        for (var c = 0; c < Classes; c++)
        {
            writer.AddConcept($"c{c}", $"c{c}", c < Train ? ConceptSplit.MetaTrain : c < Validation ? ConceptSplit.MetaValidation : ConceptSplit.MetaTest, ClusterOf(c));
            var texts = 0;
            for (var i = 0; i < PairsOf(c) + Unpaired; i++)
            {
                var (source, target) = (AddSource(c, Part.Alignment, i, ref texts), AddTarget(c, Part.Alignment, i));
                if (i < PairsOf(c)) writer.AddPair(source, target);
            }
            for (var i = 0; i < (c < Train ? SourcesOf(c) : 15); i++) AddSource(c, Part.Source, i, ref texts);
            for (var i = 0; i < 15; i++) AddTarget(c, Part.Target, i);
        }
        writer.Write(folder);

        int AddSource(int c, Part part, int i, ref int texts) => TextOf is { } text
            ? writer.Source.Add(c, part, ModalityData.NoGroup, text(c, texts++))
            : writer.Source.Add(c, part, ModalityData.NoGroup, Change(c, part, i, false, Vector(c, part, i, false)));

        int AddTarget(int c, Part part, int i) => writer.Target.Add(c, part, ModalityData.NoGroup, Change(c, part, i, true, Vector(c, part, i, true)));
    }

    public static byte[] Text(int concept, int i) => Encoding.UTF8.GetBytes($"text {concept} {i}");

    public static Half[] Vector(int concept, Part part, int i, bool target)
    {
        var random = new CounterRandom(3, CounterRandom.Stream($"{part}{target}", concept, i));
        return [.. Enumerable.Range(0, Width).Select(_ => (Half)random.NextNormal())];
    }
}
