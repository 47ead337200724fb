using System.Globalization;
using Croma.Server.Api;
using Croma.Server.Classifiers;

namespace Croma.Server.Models;

/// <summary>The models that are served, by id.</summary>
internal sealed class ServedModels : IDisposable
{
    private readonly Dictionary<string, ServedModel> _byId = new(StringComparer.Ordinal);

    private ServedModels() { }

    /// <summary>In the order of the command line.</summary>
    public List<ServedModel> All { get; } = [];

    /// <summary>Loads models and what is to be retrieved from.</summary>
    /// <exception cref="CromaException">A folder holds no model, or something fits none.</exception>
    public static ServedModels Load(ServerOptions options, CancellationToken cancellation)
    {
        if (options.Models.Count == 0) throw new CromaException("A server needs a model: give one or more folders of trained models.");
        var models = new ServedModels();
        try
        {
            foreach (var folder in options.Models) models.Add(folder, options.Limits);
            foreach (var path in options.RetrieveIn) models.Retrieve(path, options, cancellation);
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>The model of an id; of none, where one is served.</summary>
    /// <exception cref="RequestProblem">404; 422 where an id is needed.</exception>
    public ServedModel Require(string? id)
    {
        if (string.IsNullOrEmpty(id)) return All is [var only] ? only : throw RequestProblem.Unusable($"Several models are served: say which by \"model\" ({string.Join(", ", _byId.Keys)}).");
        return _byId.GetValueOrDefault(id) ?? throw RequestProblem.NotFound($"There is no such model: {string.Join(", ", _byId.Keys)} {(_byId.Count == 1 ? "is" : "are")} served.");
    }

    /// <summary>The model of a classifier.</summary>
    /// <exception cref="RequestProblem">409: it is not served, or another one has its id now.</exception>
    public ServedModel RequireOf(ServedClassifier classifier)
    {
        var model = _byId.GetValueOrDefault(classifier.Manifest.Model)
            ?? throw RequestProblem.Conflict($"The classifier's model '{classifier.Manifest.Model}' is not served now: it can predict, and not change. Start the server with that model.");
        return model.Target == classifier.Classifier.Shape ? model : throw RequestProblem.Conflict($"The model '{model.Id}' takes other samples than the one that the classifier was made of: it can predict, and not change.");
    }

    public void Dispose()
    {
        foreach (var model in All) model.Dispose();
    }

    private void Retrieve(string path, ServerOptions options, CancellationToken cancellation)
    {
        var isUsed = false;
        foreach (var (model, folder) in All.Zip(options.Models))
            if (model.Collection is null) isUsed |= (model.Collection = Collection.TryOpen(path, folder, model, options.Threads, cancellation)) is not null;
        if (!isUsed) throw new CromaException($"'{path}' fits none of the models, or those that it fits have something to retrieve from already.");
    }

    private void Add(string folder, ServerLimits limits)
    {
        var model = TrainedModel.Load(folder);
        try
        {
            var (id, number) = (IdOf(folder), 2);
            for (var stem = id; _byId.ContainsKey(id); number++) id = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
            All.Add(_byId[id] = new ServedModel(id, model, limits));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The folder's name, in letters that addresses take as they are; of a folder `model` its parent's.</summary>
    private static string IdOf(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = Path.GetFileName(full);
        if (name == "model" && Path.GetFileName(Path.GetDirectoryName(full)) is { Length: > 0 } parent) name = parent;
        var id = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return id.Length > 0 ? id : "model";
    }
}
