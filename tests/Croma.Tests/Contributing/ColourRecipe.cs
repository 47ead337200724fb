using System.Text;
using Croma.Compute;
using Croma.Data;

namespace Croma.Tests.Contributing;

/// <summary>The recipe `colours`: words for hues (source) and what a sensor reads of them (target).</summary>
public static class ColourRecipe
{
    public const string Name = "colours";

    private const int Hues = 30, SamplesOfPart = 20;

    public static void Make(string folder, ulong seed)
    {
        var writer = new DatasetWriter(Name, seed, ModalityWriter.Bytes("text"), ModalityWriter.Features("sensor", 3))
        {
            Description = "Words for hues and readings of red, green and blue. Classes are hues.",
            Provenance = [new("text", "Croma", "1", "MIT", "made of the hue's number"), new("sensor", "Croma", "1", "MIT", "computed, with noise")],
            Synthetic = ["sensor"],
        };
        var random = new CounterRandom(seed, CounterRandom.Stream("colours"));
        for (var hue = 0; hue < Hues; hue++)
        {
            var split = (hue % 6) switch { 1 => ConceptSplit.MetaValidation, 4 => ConceptSplit.MetaTest, _ => ConceptSplit.MetaTrain };
            var concept = writer.AddConcept($"hue-{hue}", $"Hue {hue}", split);
            for (var i = 0; i < 3 * SamplesOfPart; i++)
            {
                // a group is what must not be in two parts: here every sample is its own
                var (part, group) = ((Part)(i % 3), i);
                var text = writer.Source.Add(concept, part, group, Encoding.UTF8.GetBytes($"{(char)('a' + hue)}{(char)('a' + i % 20)}"));
                var reading = writer.Target.Add(concept, part, group, Read(hue, random));
                if (part == Part.Alignment) writer.AddPair(text, reading);
            }
        }
        writer.Write(folder);
    }

    private static Half[] Read(int hue, CounterRandom random) =>
        [.. Enumerable.Range(0, 3).Select(c => (Half)(2 * Math.Cos(2 * Math.PI * ((double)hue / Hues - c / 3.0)) + 0.05 * random.NextNormal()))];
}
