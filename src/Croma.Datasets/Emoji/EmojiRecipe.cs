using System.Text;
using Croma.Compute;
using Croma.Data;
using Croma.Datasets.Import;

namespace Croma.Datasets.Emoji;

/// <summary>
/// The recipe `emoji`: names and keywords of emojis (source) and their pictures by two vendors (target). Classes are
/// emojibase's subgroups. All of an emoji is in one part: alignment (two pairs, name and keywords each with a picture),
/// source classification (the texts) or target classification (the pictures).
/// </summary>
public static class EmojiRecipe
{
    /// <summary>The data set's name.</summary>
    public const string Name = "emoji";

    // 10 shots of different emojis may leave none of their pictures for 10 queries: 5 further emojis
    private const int TargetsOfUnseenClass = 15, SmallestUnseenClass = TargetsOfUnseenClass + 1, SmallestClass = 4;
    private const int TestClasses = 10, ValidationClasses = 8;

    internal static NpmPackage Data { get; } = new("emojibase-data", "17.0.0", "Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==");

    internal static IReadOnlyList<(string Vendor, NpmPackage Package)> Vendors { get; } =
    [
        ("google", new("emoji-datasource-google", "16.0.0", "ZRexfzs7MVoLnmzZmNsO4TKhnAJp5D++Vm6PpUpH/jEQQlemp3l88CjZ+DoZ2faM9R4QxZkOPJCoT8DlPhfQ3A==")),
        ("twitter", new("emoji-datasource-twitter", "16.0.0", "7F+uCuHH+7Qnrc15P5tnbvKkg9E6tlzi4MnT2uW1RlN4pLYTza6cP/dstIfSDMtpjFLWuZewWg8jBbuL2eyELQ==")),
    ];

    /// <summary>The Debian packages that are missing: "ffmpeg", and "npm" unless all archives are in the cache folder.</summary>
    public static IReadOnlyList<string> Missing(string cacheDirectory, CancellationToken cancellation = default)
    {
        var missing = new List<string>();
        if (FFmpeg.Version(cancellation) is null) missing.Add(FFmpeg.Program);
        if (!Vendors.Select(v => v.Package).Append(Data).All(p => p.IsCached(cacheDirectory)) && !NpmPackage.IsNpmInstalled(cancellation)) missing.Add("npm");
        return missing;
    }

    /// <summary>Makes the data set.</summary>
    /// <param name="folder">The folder to make. Interrupted, the recipe keeps what it has decoded in `.partial` there, and goes on from it.</param>
    /// <param name="cacheDirectory">Where archives are kept.</param>
    /// <param name="seed">Draws splits and parts.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="CromaException">ffmpeg or npm is missing, or an archive is not the known one.</exception>
    public static void Make(string folder, string cacheDirectory, ulong seed, IProgress<RecipeProgress>? progress = null, CancellationToken cancellation = default)
    {
        var version = FFmpeg.Version(cancellation) ?? throw new CromaException(DebianPackages.Describe([FFmpeg.Program]));
        progress?.Report(new RecipeProgress("files", 0, 1));
        var files = Data.Read(Data.Fetch(cacheDirectory, cancellation), name => name is "package/en/data.json" or "package/en/messages.json" ? Path.GetFileName(name) : null);
        if (files.Count != 2) throw new CromaException($"{Data.FileName}: there is no package/en/data.json or messages.json");
        var emojis = EmojiTable.Read(files["data.json"], files["messages.json"]);

        var (pictures, kept) = (new List<Dictionary<string, byte[]>>(), EmojiPictures.Kept(folder, version));
        foreach (var (vendor, package) in Vendors)
        {
            var prefix = $"package/img/{vendor}/64/";
            var png = package.Read(package.Fetch(cacheDirectory, cancellation), name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(".png", StringComparison.Ordinal) ? name[prefix.Length..^4] : null);
            var own = emojis.Where(e => png.ContainsKey(e.Code)).ToList();
            var decoded = EmojiPictures.Decode([.. own.Select(e => ($"{vendor}/{e.Code}.png", png[e.Code]))], kept,
                done => progress?.Report(new RecipeProgress("pictures", pictures.Count * own.Count + done, Vendors.Count * own.Count)), cancellation);
            pictures.Add(own.Zip(decoded).ToDictionary(p => p.First.Code, p => p.Second, StringComparer.Ordinal));
        }
        progress?.Report(new RecipeProgress("writing", 0, 1));
        Assemble([.. emojis.Where(e => pictures.TrueForAll(p => p.ContainsKey(e.Code)))], pictures, seed, version).Write(folder);
        kept.Remove();
        progress?.Report(new RecipeProgress("writing", 1, 1));
    }

    /// <summary>Splits classes, and the emojis of each class into parts.</summary>
    internal static DatasetWriter Assemble(IReadOnlyList<EmojiEntry> emojis, IReadOnlyList<IReadOnlyDictionary<string, byte[]>> pictures, ulong seed, string ffmpeg)
    {
        var writer = new DatasetWriter(Name, seed, ModalityWriter.Bytes("text"), ModalityWriter.Images("image", EmojiPictures.Side, EmojiPictures.Side))
        {
            Description = "Names and keywords of emojis, and their pictures by two vendors on white. Classes are emojibase's subgroups, clusters its groups. The group of a sample is its emoji: parts share none.",
            Provenance = Sources(ffmpeg),
        };
        // but for the last bit where it is translucent, a picture of a user's is shrunk alike
        writer.Target.Preparation = Preparation.Picture;
        var classes = emojis.GroupBy(e => e.Subgroup, StringComparer.Ordinal).Where(c => c.Count() >= SmallestClass).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
        var splits = Split(classes, seed);
        var number = 0;
        foreach (var (i, own) in classes.Index())
        {
            var concept = writer.AddConcept(own.Key, own.Key.Replace('-', ' '), splits[i], own.First().Group);
            EmojiEntry[] shuffled = [.. own];
            new CounterRandom(seed, CounterRandom.Stream("emoji/parts", i)).Shuffle(shuffled.AsSpan());
            var (targets, sources) = splits[i] == ConceptSplit.MetaTrain ? (shuffled.Length / 4, shuffled.Length / 4) : (Math.Max(TargetsOfUnseenClass, shuffled.Length / 2), 0);
            foreach (var (place, emoji) in shuffled.Index())
                Add(writer, concept, emoji, place < targets ? Part.Target : place < targets + sources ? Part.Source : Part.Alignment, number++, [.. pictures.Select(p => p[emoji.Code])]);
        }
        return writer;
    }

    /// <summary>An emoji's two texts, its two pictures, or both in pairs.</summary>
    private static void Add(DatasetWriter writer, int concept, EmojiEntry emoji, Part part, int group, byte[][] pictures)
    {
        string[] texts = [emoji.Label, emoji.Tags.Count > 0 ? string.Join(", ", emoji.Tags) : emoji.Label];
        int[] sources = part == Part.Target ? [] : [.. texts.Select(t => writer.Source.Add(concept, part, group, Encoding.UTF8.GetBytes(t)))];
        int[] targets = part == Part.Source ? [] : [.. pictures.Select(p => writer.Target.Add(concept, part, group, p))];
        foreach (var (source, target) in sources.Zip(targets)) writer.AddPair(source, target);
    }

    /// <summary>Meta-test and meta-validation have classes of enough emojis; the others are meta-train.</summary>
    private static ConceptSplit[] Split(IReadOnlyList<IGrouping<string, EmojiEntry>> classes, ulong seed)
    {
        bool[] large = [.. classes.Select(c => c.Count() >= SmallestUnseenClass)];
        return large.Count(l => l) >= TestClasses + ValidationClasses ? ConceptSplits.Draw("emoji/splits", large, ValidationClasses, TestClasses, seed)
            : throw new CromaException($"There are {large.Count(l => l)} classes of {SmallestUnseenClass} or more emojis with pictures by both vendors; {TestClasses + ValidationClasses} are needed.");
    }

    private static Provenance[] Sources(string ffmpeg) =>
    [
        new("text", $"npm package {Data.Name}", Data.Version, "MIT", "English names and keywords of the Unicode CLDR."),
        new("image", $"npm package {Vendors[0].Package.Name}: Noto Emoji by Google", Vendors[0].Package.Version, "Apache-2.0", $"64 x 64 pixels, decoded by ffmpeg {ffmpeg}, on white, shrunk to half."),
        new("image", $"npm package {Vendors[1].Package.Name}: Twemoji by Twitter", Vendors[1].Package.Version, "CC BY 4.0", "likewise."),
    ];
}
