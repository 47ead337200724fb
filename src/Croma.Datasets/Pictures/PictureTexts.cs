using System.Text;
using Croma.Compute;
using Croma.Data;

namespace Croma.Datasets.Pictures;

/// <summary>A picture and its text.</summary>
/// <param name="Class">What it is of; the concept.</param>
/// <param name="Text">The text.</param>
/// <param name="Pixels">Planes of red, green and blue.</param>
/// <param name="Keys">What it has in common with others: those that share one are of one group.</param>
/// <param name="Jpeg">The picture for people to see; null where the pixels must do.</param>
internal sealed record PictureText(string Class, string Text, byte[] Pixels, IReadOnlyList<string> Keys, Func<byte[]>? Jpeg = null);

/// <summary>
/// Text to image of one text a picture. Classes are split 0.7 / 0.15 / 0.15, as the paper's released code splits recipes.
/// Half of a meta-train class is alignment, as there; the other half is for source and target classification alike. Half of
/// an unseen class is for target classification, half for retrieval.
/// </summary>
internal static class PictureTexts
{
    private const int LeastUnseen = 5, LeastOfUnseenClass = 40, MostBytesToSee = 1 << 18;

    /// <summary>Fills a data set whose source is text and whose target is pictures.</summary>
    /// <exception cref="CromaException">There are too few classes, or one has too few pictures.</exception>
    public static void Assemble(DatasetWriter writer, string name, IReadOnlyList<PictureText> items, ulong seed)
    {
        var groups = SharedKeys.Groups([.. items.Select(item => item.Keys)]);
        var classes = items.Index().GroupBy(item => item.Item.Class, StringComparer.Ordinal).OrderBy(c => c.Key, StringComparer.Ordinal).ToList();
        var splits = Split(name, classes.Count, seed);
        var partOf = new Dictionary<int, Part>();
        foreach (var (number, own) in classes.Index())
        {
            var unseen = splits[number] != ConceptSplit.MetaTrain;
            if (unseen && own.Count() < LeastOfUnseenClass) throw new CromaException($"The class '{own.Key}' has {own.Count()} pictures; {LeastOfUnseenClass} are needed.");
            var concept = writer.AddConcept(own.Key, own.Key.Replace('_', ' ').Replace('|', ' '), splits[number]);
            Divide([.. own.Select(item => groups[item.Index])], unseen, partOf, new CounterRandom(seed, CounterRandom.Stream(name + "/parts", number)));
            foreach (var (i, item) in own) Add(writer, concept, partOf[groups[i]], groups[i], item, toSee: splits[number] == ConceptSplit.MetaTest);
        }
    }

    private static void Add(DatasetWriter writer, int concept, Part part, int group, PictureText item, bool toSee)
    {
        int? source = part == Part.Target ? null : writer.Source.Add(concept, part, group, Encoding.UTF8.GetBytes(item.Text));
        int? target = part == Part.Source ? null : writer.Target.Add(concept, part, group, item.Pixels);
        if (source is { } s && target is { } t) writer.AddPair(s, t);
        if (toSee && target is { } seen && item.Jpeg?.Invoke() is { Length: <= MostBytesToSee } jpeg && jpeg is [0xFF, 0xD8, ..]) writer.Target.AddMedia(seen, ".jpg", jpeg);
    }

    /// <summary>Gives each group that has no part yet one, so that pictures come near the shares.</summary>
    private static void Divide(int[] groupOfPicture, bool unseen, Dictionary<int, Part> partOf, CounterRandom random)
    {
        var sizes = groupOfPicture.CountBy(g => g).ToDictionary();
        int[] free = [.. sizes.Keys.Where(g => !partOf.ContainsKey(g))];
        random.Shuffle(free.AsSpan());
        var (target, source) = unseen ? (groupOfPicture.Length / 2, 0) : (groupOfPicture.Length / 4, groupOfPicture.Length / 4);
        target -= groupOfPicture.Count(g => partOf.TryGetValue(g, out var part) && part == Part.Target);
        source -= groupOfPicture.Count(g => partOf.TryGetValue(g, out var part) && part == Part.Source);
        foreach (var group in free)
        {
            partOf[group] = target > 0 ? Part.Target : source > 0 ? Part.Source : Part.Alignment;
            if (target > 0) target -= sizes[group];
            else if (source > 0) source -= sizes[group];
        }
    }

    private static ConceptSplit[] Split(string name, int classes, ulong seed)
    {
        var unseen = classes - 7 * classes / 10;
        return unseen / 2 >= LeastUnseen ? ConceptSplits.Draw(name + "/classes", [.. Enumerable.Repeat(true, classes)], unseen / 2, unseen - unseen / 2, seed)
            : throw new CromaException($"There are {classes} classes of enough pictures; 31 are needed, so that the splits of 0.7, 0.15 and 0.15 have five for a task.");
    }
}
