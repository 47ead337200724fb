using Croma.Cli.Terminal;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets;
using Croma.Datasets.CifarEsc50;
using Croma.Datasets.Emoji;
using Croma.Datasets.UdhrSpeech;

namespace Croma.Cli;

/// <summary>The recipes by name, and what it takes to run them here.</summary>
internal static class Recipes
{
    // shares of the time that the stages take, measured on two cores
    private const double Beginning = 0.02, Sound = 0.95;

    public static IReadOnlyList<string> Names { get; } = [UdhrSpeechRecipe.Name, CifarEsc50Recipe.Name, EmojiRecipe.Name];

    /// <summary>Makes a data set, or goes on making it.</summary>
    /// <param name="name">The recipe.</param>
    /// <param name="folder">Where.</param>
    /// <param name="seed">Draws voices and splits.</param>
    /// <param name="sources">Files of the user's own, for recipes that need some.</param>
    /// <param name="install">Whether missing programs may be installed.</param>
    /// <param name="context">Threads, progress, and when to stop.</param>
    /// <param name="encoders">Encoders for the data set of features, or null.</param>
    public static void Make(string name, string folder, ulong seed, CifarEsc50Sources? sources, bool install, CommandContext context, CifarEsc50Encoders? encoders = null)
    {
        RequireKnown(name);
        RequirePrograms(name switch
        {
            CifarEsc50Recipe.Name => CifarEsc50Recipe.Missing(context.Cancellation),
            EmojiRecipe.Name => EmojiRecipe.Missing(Cache, context.Cancellation),
            _ => UdhrSpeechPrerequisites.Missing(Cache, context.Cancellation),
        }, install, context);
        try
        {
            context.Progress.Run($"Making {name}", report =>
            {
                var progress = new Reporter<RecipeProgress>(p => report(new Step(Share(p), p.Total > 1 ? $"{p.Stage} {p.Done} of {p.Total}" : p.Stage)));
                if (name == CifarEsc50Recipe.Name) CifarEsc50Recipe.Make(sources!, folder, seed, context.Threads, encoders, progress, context.Cancellation);
                else if (name == EmojiRecipe.Name) EmojiRecipe.Make(folder, Cache, seed, progress, context.Cancellation);
                else UdhrSpeechRecipe.Make(new UdhrSpeechOptions(folder, Cache) { Seed = seed, Threads = context.Threads }, progress, context.Cancellation);
                return true;
            });
        }
        catch (CromaException) when (context.Cancellation.IsCancellationRequested)
        {
            // Ctrl-C stops the programs that speak or decode too: their failing is then no error
            throw new OperationCanceledException(context.Cancellation);
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
