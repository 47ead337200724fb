using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.CifarEsc50;
using Croma.Datasets.Emoji;
using Croma.Datasets.Fashion;
using Croma.Datasets.UdhrSpeech;
using Croma.Datasets.Voices;
using Croma.Datasets.Wilderness;
using Croma.Datasets.Yummly28K;

namespace Croma.Cli;

/// <summary>What recipes read of the user's own.</summary>
/// <param name="CifarEsc50">For that recipe; null for others.</param>
/// <param name="From">A folder, for recipes that read one; null for others.</param>
/// <param name="SkipBroken">Whether files that cannot be decoded are left out.</param>
/// <param name="Encoders">For the data set of features that the recipe makes instead; null: none.</param>
internal sealed record RecipeInputs(CifarEsc50Sources? CifarEsc50 = null, string? From = null, bool SkipBroken = false, CifarEsc50Encoders? Encoders = null);

/// <summary>The recipes by name, and what it takes to run them here.</summary>
internal static class Recipes
{
    // shares of the time that the stages take, measured on two cores
    private const double Beginning = 0.02, Sound = 0.95;

    public static IReadOnlyList<string> Names { get; } = [UdhrSpeechRecipe.Name, CifarEsc50Recipe.Name, EmojiRecipe.Name, .. ReadingAFolder];

    /// <summary>Those that make a data set of one folder of the user's own.</summary>
    public static IReadOnlyList<string> ReadingAFolder => [VoicesRecipe.Name, WildernessRecipe.Name, Yummly28KRecipe.Name, FashionRecipe.Name];

    /// <summary>Makes a data set, or goes on making it.</summary>
    /// <param name="name">The recipe.</param>
    /// <param name="folder">Where.</param>
    /// <param name="seed">Draws voices and splits.</param>
    /// <param name="inputs">Files of the user's own, for recipes that need some.</param>
    /// <param name="install">Whether missing programs may be installed.</param>
    /// <param name="context">Threads, progress, and when to stop.</param>
    /// <returns>Files that were skipped, and why.</returns>
    public static IReadOnlyList<string> Make(string name, string folder, ulong seed, RecipeInputs inputs, bool install, CommandContext context)
    {
        RequireKnown(name);
        RequirePrograms(name switch
        {
            CifarEsc50Recipe.Name => CifarEsc50Recipe.Missing(context.Cancellation),
            EmojiRecipe.Name => EmojiRecipe.Missing(Cache, context.Cancellation),
            VoicesRecipe.Name or WildernessRecipe.Name or Yummly28KRecipe.Name => CifarEsc50Recipe.Missing(context.Cancellation),
            FashionRecipe.Name => [],
            _ => UdhrSpeechPrerequisites.Missing(Cache, context.Cancellation),
        }, install, context);
        try
        {
            return context.Progress.Run($"Making {name}", report =>
            {
                var progress = new Reporter<RecipeProgress>(p => report(new Step(Share(p), p.Total > 1 ? $"{p.Stage} {p.Done} of {p.Total}" : p.Stage)));
                return Make(name, folder, seed, inputs, progress, context);
            });
        }
        catch (CromaException) when (context.Cancellation.IsCancellationRequested)
        {
            // Ctrl-C stops the programs that speak or decode too: their failing is then no error
            throw new OperationCanceledException(context.Cancellation);
        }
    }

    private static IReadOnlyList<string> Make(string name, string folder, ulong seed, RecipeInputs inputs, IProgress<RecipeProgress> progress, CommandContext context)
    {
        var cancellation = context.Cancellation;
        switch (name)
        {
            case VoicesRecipe.Name:
                return VoicesRecipe.Make(inputs.From!, folder, seed, context.Threads, inputs.SkipBroken, progress, cancellation);
            case WildernessRecipe.Name:
                return WildernessRecipe.Make(inputs.From!, folder, seed, context.Threads, inputs.SkipBroken, progress, cancellation);
            case Yummly28KRecipe.Name:
                return Yummly28KRecipe.Make(inputs.From!, folder, seed, context.Threads, inputs.SkipBroken, progress, cancellation);
            case FashionRecipe.Name:
                FashionRecipe.Make(inputs.From!, folder, seed, progress, cancellation);
                return [];
            case CifarEsc50Recipe.Name:
                CifarEsc50Recipe.Make(inputs.CifarEsc50!, folder, seed, context.Threads, inputs.Encoders, progress, cancellation);
                return [];
            case EmojiRecipe.Name:
                EmojiRecipe.Make(folder, Cache, seed, progress, cancellation);
                return [];
            default:
                UdhrSpeechRecipe.Make(new UdhrSpeechOptions(folder, Cache) { Seed = seed, Threads = context.Threads }, progress, cancellation);
                return [];
        }
    }

    public static void RequireKnown(string name)
    {
        if (!Names.Contains(name)) throw new CromaException($"There is no recipe '{name}'{Closest.Hint(name, Names)}");
    }

    /// <summary>Whether a folder holds the data set already; another one there is an error.</summary>
    public static bool IsMade(string name, string folder, ulong seed)
    {
        if (!File.Exists(Path.Combine(folder, DatasetManifest.FileName))) return false;
        using var dataset = CrossModalDataset.Open(folder);
        if (dataset.Name == name && dataset.Manifest.Seed == seed) return true;
        throw new CromaException($"'{folder}' holds '{dataset.Name}' of seed {dataset.Manifest.Seed} already: remove it, or choose another folder or seed.");
    }

    private static string Cache
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set
                : home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath();
            return Path.Combine(caches, "croma");
        }
    }

    private static void RequirePrograms(IReadOnlyList<string> missing, bool install, CommandContext context)
    {
        if (missing.Count == 0) return;
        if (!install || !Environment.IsPrivilegedProcess) throw new CromaException(DebianPackages.Describe(missing));
        Output.Say($"Installing {string.Join(" and ", missing)} (Debian packages, a few minutes) ...");
        DebianPackages.Install(missing, context.Cancellation);
    }

    private static double Share(RecipeProgress progress)
    {
        var done = progress.Total == 0 ? 1 : (double)progress.Done / progress.Total;
        return progress.Stage switch
        {
            "texts" or "files" => Beginning * done,
            "speech" or "sounds" or "pictures" => Beginning + (Sound - Beginning) * done,
            _ => Sound + (1 - Sound) * done,
        };
    }
}
