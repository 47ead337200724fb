using Croma.Data;
using Croma.Search;
using Croma.Server.Api;
using Croma.Server.Input;

namespace Croma.Server.Models;

/// <summary>A trained model that classifiers are made of, and what there is to retrieve from with it.</summary>
internal sealed class ServedModel : IDisposable
{
    private readonly ServerLimits _limits;

    public ServedModel(string id, TrainedModel model, ServerLimits limits)
    {
        (Id, Model, _limits) = (id, model, limits);
        if (SentKinds.TakenBy(Target).Count == 0)
            throw new CromaException($"The model '{id}' takes images that were prepared in a way that cannot be repeated here: train it on a data set that 'croma import' or a recipe of this version made.");
    }

    public string Id { get; }

    public TrainedModel Model { get; }

    /// <summary>What its classifiers' samples look like.</summary>
    public SampleShape Target => Model.Target.Shape;

    /// <summary>What is searched; null where there is nothing.</summary>
    public Collection? Collection { get; set; }

    public SampleShape Shape(ModalityRole role) => role == ModalityRole.Source ? Model.Source.Shape : Model.Target.Shape;

    /// <summary>The modality that a query of this kind is of: rather not the items' own. Null: of neither.</summary>
    public ModalityRole? RoleOfQuery(SentKind kind)
    {
        var other = Collection!.Role == ModalityRole.Source ? ModalityRole.Target : ModalityRole.Source;
        foreach (var role in new[] { other, Collection.Role })
            if (SentKinds.TakenBy(Shape(role)).Contains(kind)) return role;
        return null;
    }

    public ModelAnswer Answer()
    {
        var info = Model.Info;
        return new ModelAnswer(Id, $"{info.Method} of '{info.Dataset}', seed {info.Seed}", info.Method, Model.Target.Dimension,
            Describe(Model.Target.Shape), Describe(Model.Source.Shape), SentKinds.Names(SentKinds.TakenBy(Target)), Target.HoldsVectors ? new FeatureShape(Target.Width, Target.Kind == ModalityKind.Frames) : null,
            Collection is { } collection
                ? new RetrievalAnswer(true, collection.Count, Shape(collection.Role).Name, [.. Enum.GetValues<ModalityRole>().SelectMany(role => SentKinds.Names(SentKinds.TakenBy(Shape(role)))).Distinct()])
                : new RetrievalAnswer(false, 0, null, []),
            new LimitsAnswer(_limits.BodyBytes, _limits.FileBytes, _limits.Files, _limits.TextBytes, _limits.Seconds, _limits.Pixels, _limits.Samples, _limits.Classifiers));
    }

    public void Dispose()
    {
        Collection?.Dispose();
        Model.Dispose();
    }

    private static ModalityAnswer Describe(SampleShape shape) => new(shape.Name, SentKinds.Name(shape.Kind));
}
