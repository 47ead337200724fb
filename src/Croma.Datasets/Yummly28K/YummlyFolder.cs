using System.Text.Json;
using System.Text.Json.Serialization;
using Croma.Datasets.Media;

namespace Croma.Datasets.Yummly28K;

/// <summary>A recipe: what it is of, its ingredients, its photograph.</summary>
/// <param name="Id">Its number, as the files' names have it.</param>
/// <param name="Label">Cuisines and courses.</param>
/// <param name="Text">Its ingredients.</param>
/// <param name="Picture">The photograph.</param>
internal sealed record Recipe(string Id, string Label, string Text, MediaFile Picture);

/// <summary>
/// Reads Yummly-28K as it is published (Min et al. 2017): images27638/imgN.jpg and metadata27638/metaN.json. Labels and
/// texts are made as the paper's released code makes them: cuisines in order, then courses in order, all joined by "_"; the
/// lines of ingredients joined by ", ".
/// </summary>
internal static class YummlyFolder
{
    private const string Images = "images27638", Metadata = "metadata27638";
    private const string Expected = $"the unpacked data set, with the folders {Images} (img00001.jpg ...) and {Metadata} (meta00001.json ...), is needed";
    private const int LargestFile = 1 << 20;

    /// <summary>The recipes of the classes that have enough of them, by their numbers; photographs are not opened.</summary>
    /// <param name="folder">The data set's.</param>
    /// <param name="leastOfClass">Recipes a class has at least.</param>
    /// <param name="classes">How many classes there are in all.</param>
    /// <param name="recipes">How many recipes there are in all.</param>
    /// <exception cref="CromaException">A folder is missing, or a file is not of the form.</exception>
    public static IReadOnlyList<Recipe> Read(string folder, int leastOfClass, out int classes, out int recipes)
    {
        string images = Path.Combine(folder, Images), metadata = Path.Combine(folder, Metadata);
        foreach (var needed in new[] { folder, images, metadata })
            if (!Directory.Exists(needed)) throw new CromaException($"There is no folder '{needed}': {Expected}.");
        var all = Directory.EnumerateFiles(metadata, "meta*.json").Order(StringComparer.Ordinal).Select(path => ReadRecipe(path, images)).ToList();
        if (all.Count == 0) throw new CromaException($"'{metadata}' holds no meta*.json: {Expected}.");
        var counts = all.CountBy(r => r.Label, StringComparer.Ordinal).ToDictionary();
        (classes, recipes) = (counts.Count, all.Count);
        return [.. all.Where(r => counts[r.Label] >= leastOfClass)];
    }

    private static Recipe ReadRecipe(string path, string images)
    {
        if (new FileInfo(path).Length > LargestFile) throw new CromaException($"{path}: the file has more than the {LargestFile} bytes that are read");
        try
        {
            var recipe = JsonSerializer.Deserialize(File.ReadAllBytes(path), YummlyJson.Default.YummlyRecipe) ?? throw new CromaException($"{path}: the file is empty");
            var id = Path.GetFileNameWithoutExtension(path)["meta".Length..];
            var label = string.Join('_', recipe.Attributes.Cuisine.Order(StringComparer.Ordinal).Concat(recipe.Attributes.Course.Order(StringComparer.Ordinal)));
            return new Recipe(id, label, string.Join(", ", recipe.IngredientLines), MediaFile.At(Path.Combine(images, $"img{id}.jpg")));
        }
        catch (JsonException e)
        {
            throw new CromaException($"{path}{(e.LineNumber is { } line ? $", line {line + 1}" : "")}: this is no recipe with \"attributes\" of \"cuisine\" and \"course\", and \"ingredientLines\"", e);
        }
    }
}

internal sealed record YummlyAttributes(string[] Cuisine, string[] Course);

internal sealed record YummlyRecipe(YummlyAttributes Attributes, string[] IngredientLines);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(YummlyRecipe))]
internal sealed partial class YummlyJson : JsonSerializerContext;
