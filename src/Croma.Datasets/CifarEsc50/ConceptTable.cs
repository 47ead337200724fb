using Croma.Data;

namespace Croma.Datasets.CifarEsc50;

/// <summary>A class's split (null: it is left out) and its cluster, if it is in one.</summary>
internal sealed record ClassPlace(ConceptSplit? Split, string? Cluster);

/// <summary>
/// Which classes of the two data sets share a cluster, and the split of each class. The paper's 17 clusters are only in
/// the picture of its figure 10; these are 17 made by hand. All classes of a cluster are in the cluster's split.
/// Pictures too near a held-out concept are left out: of the same coarse class of CIFAR-100, or deer and horse for
/// cattle, ship for sea.
/// </summary>
internal sealed class ConceptTable
{
    private const string Resource = "Croma.Datasets.CifarEsc50.concepts.csv";

    private readonly string _name;
    private readonly ClassPlace? _otherImages;
    private readonly Dictionary<string, ClassPlace> _images = new(StringComparer.Ordinal), _sounds = new(StringComparer.Ordinal);

    private ConceptTable(string name, ClassPlace? otherImages) => (_name, _otherImages) = (name, otherImages);

    /// <summary>The table that comes with the recipe; pictures it does not name are of meta-train, in no cluster.</summary>
    public static ConceptTable OurOwn()
    {
        using var stream = typeof(ConceptTable).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"the resource {Resource} is missing");
        using var reader = new StreamReader(stream);
        var csv = CsvTable.Parse(reader.ReadToEnd(), Resource);
        var table = new ConceptTable("the recipe's table of concepts", new ClassPlace(ConceptSplit.MetaTrain, null));
        var (split, cluster, images, sounds) = (csv.Column("split"), csv.Column("cluster"), csv.Column("images"), csv.Column("sounds"));
        foreach (var row in csv.Rows)
        {
            var place = Place(Resource, row[split], row[cluster]);
            foreach (var name in row[images].Split(' ', StringSplitOptions.RemoveEmptyEntries)) table._images.Add(name, place);
            foreach (var name in row[sounds].Split(' ', StringSplitOptions.RemoveEmptyEntries)) table._sounds.Add(name, place);
        }
        return table;
    }

    /// <summary>The table of a file with the columns kind (image, audio, cluster), name, split and cluster.</summary>
    public static ConceptTable Read(string path)
    {
        var csv = CsvTable.Read(path);
        var table = new ConceptTable(path, null);
        var (kind, name, split, cluster) = (csv.Column("kind"), csv.Column("name"), csv.Column("split"), csv.Column("cluster"));
        foreach (var row in csv.Rows)
        {
            if (row[kind] == "cluster") continue;
            var places = row[kind] switch { "image" => table._images, "audio" => table._sounds, _ => throw new CromaException($"{path}: the kind '{row[kind]}' is none of image, audio, cluster") };
            if (!places.TryAdd(row[name], Place(path, row[split], row[cluster]))) throw new CromaException($"{path}: the {row[kind]} class '{row[name]}' comes twice");
        }
        return table;
    }

    public ClassPlace Image(string name) => _images.GetValueOrDefault(name) ?? _otherImages ?? throw Unknown("image", name);

    public ClassPlace Sound(string name) => _sounds.GetValueOrDefault(name) ?? throw Unknown("sound", name);

    private static ClassPlace Place(string file, string split, string cluster) => new(split switch
    {
        "meta-train" => ConceptSplit.MetaTrain,
        "meta-validation" => ConceptSplit.MetaValidation,
        "meta-test" => ConceptSplit.MetaTest,
        "unused" => null,
        _ => throw new CromaException($"{file}: the split '{split}' is none of meta-train, meta-validation, meta-test, unused"),
    }, cluster.Length == 0 ? null : cluster);

    private CromaException Unknown(string kind, string name) => new($"{_name} has no {kind} class '{name}'");
}
