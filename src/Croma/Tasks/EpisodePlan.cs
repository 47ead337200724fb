using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Compute;
using Croma.Data;
using Croma.Data.Formats;

namespace Croma.Tasks;

/// <summary>One few-shot task in the target modality.</summary>
/// <param name="Concepts">The data set's numbers of its classes [ways].</param>
/// <param name="Support">Labelled samples [ways][most shots]; k shots are the first k, so 1 shot is part of 5.</param>
/// <param name="Query">Samples to be classified [ways][queries], disjoint from the support.</param>
public sealed record Episode(int[] Concepts, int[][] Support, int[][] Query)
{
    /// <summary>The classes the support is said to be of [ways][most shots]; null where that is true of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[][]? SupportLabels { get; init; }
}

/// <summary>
/// Evaluation tasks planned ahead, so that every method meets the same ones. Saved as JSON and named by its hash. As far
/// as a class has enough of them, queries are of other groups than the support (other takes of a sound, say).
/// </summary>
/// <param name="Dataset">The data set's SHA-256.</param>
/// <param name="Split">Whose concepts are used.</param>
/// <param name="Seed">What the plan was drawn from.</param>
/// <param name="Ways">Classes a task.</param>
/// <param name="MaxShots">Support samples a class.</param>
/// <param name="Queries">Query samples a class.</param>
/// <param name="Episodes">The tasks.</param>
public sealed record EpisodePlan(string Dataset, ConceptSplit Split, ulong Seed, int Ways, int MaxShots, int Queries, IReadOnlyList<Episode> Episodes)
{
    /// <summary>Draws a plan.</summary>
    /// <exception cref="CromaException">The split has too few concepts or a concept too few samples.</exception>
    public static EpisodePlan Create(CrossModalDataset dataset, ConceptSplit split, int tasks, int ways, int maxShots, int queries, ulong seed)
    {
        var samples = new LabelledSamples(dataset, dataset.Target, split, Part.Target);
        if (samples.Concepts.Count < ways)
            throw new CromaException($"{ways}-way tasks need {ways} concepts in {split}; '{dataset.Name}' has {samples.Concepts.Count}: ask for fewer ways.");
        for (var i = 0; i < samples.Concepts.Count; i++)
            if (samples.Samples[i].Length < maxShots + queries)
                throw new CromaException($"{maxShots} shots and {queries} queries need {maxShots + queries} target samples a class; concept '{dataset.Concepts[samples.Concepts[i]].Id}' of '{dataset.Name}' has {samples.Samples[i].Length}: ask for fewer.");
        return new EpisodePlan(dataset.Sha256, split, seed, ways, maxShots, queries,
            [.. Enumerable.Range(0, tasks).Select(task => Draw(samples, dataset.Target.Group, ways, maxShots, queries, new CounterRandom(seed, CounterRandom.Stream("episode " + split, task))))]);
    }

    /// <summary>The rate at which the support's labels are wrong; the queries' never are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double LabelNoise { get; init; }

    /// <summary>The same tasks with symmetric noise on the support's labels; wrong labels of a lower rate stay wrong at a higher one.</summary>
    public EpisodePlan WithLabelNoise(double rate)
    {
        SymmetricNoise.RequireRate(rate);
        if (rate == 0) return this;
        return this with
        {
            LabelNoise = rate,
            Episodes = [.. Episodes.Select((episode, task) => episode with { SupportLabels = Mislabel(new CounterRandom(Seed, CounterRandom.Stream("noise of episode " + Split, task)), rate) })],
        };
    }

    /// <summary>SHA-256 of the plan's JSON, in hexadecimal.</summary>
    [JsonIgnore]
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    /// <summary>The plan as JSON, always the same bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EpisodePlanJson.Default.EpisodePlan);

    /// <summary>Reads a plan.</summary>
    /// <exception cref="DataFormatException">The file is none.</exception>
    /// <exception cref="CromaException">It cannot be read.</exception>
    public static EpisodePlan Read(string path)
    {
        var plan = JsonFile.Read(path, EpisodePlanJson.Default.EpisodePlan, "plan of tasks");
        for (var i = 0; i < plan.Episodes.Count; i++)
        {
            var episode = plan.Episodes[i];
            var sound = episode is not null && episode.Concepts.Length == plan.Ways && Each(episode.Support, plan.MaxShots) && Each(episode.Query, plan.Queries) && (episode.SupportLabels is not { } labels || Each(labels, plan.MaxShots));
            if (!sound) throw new DataFormatException(path, -1, $"task {i} is not of {plan.Ways} classes with {plan.MaxShots} support and {plan.Queries} query samples each");
        }
        return plan;

        bool Each(int[][] samples, int count) => samples.Length == plan.Ways && Array.TrueForAll(samples, s => s?.Length == count);
    }

    private int[][] Mislabel(CounterRandom random, double rate) =>
        [.. Enumerable.Range(0, Ways).Select(way => Enumerable.Range(0, MaxShots).Select(_ => SymmetricNoise.Apply(way, Ways, rate, random)).ToArray())];

    private static Episode Draw(LabelledSamples from, Func<int, int> groupOf, int ways, int shots, int queries, CounterRandom random)
    {
        int[] concepts = [.. Enumerable.Range(0, from.Concepts.Count)];
        random.Shuffle(concepts);
        var (chosen, support, query) = (new int[ways], new int[ways][], new int[ways][]);
        for (var way = 0; way < ways; way++)
        {
            int[] samples = [.. from.Samples[concepts[way]]];
            random.Shuffle(samples);
            var shown = samples[..shots].Select(groupOf).Where(g => g != ModalityData.NoGroup).ToHashSet();
            // another take of what was shown is asked about only where there is nothing else; the order stays
            var rest = samples[shots..].OrderBy(s => shown.Contains(groupOf(s)));
            (chosen[way], support[way], query[way]) = (from.Concepts[concepts[way]], samples[..shots], [.. rest.Take(queries)]);
        }
        return new Episode(chosen, support, query);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(EpisodePlan))]
internal sealed partial class EpisodePlanJson : JsonSerializerContext;
