using System.Collections.Concurrent;
using System.Security.Cryptography;
using Croma.Classification;
using Croma.Data;
using Croma.Server.Api;
using Croma.Server.Input;
using Croma.Server.Models;
using Croma.Server.Work;

namespace Croma.Server.Classifiers;

/// <summary>
/// The classifiers that are served. Reading takes no lock. Changes are made one after the other by the one thread of their queue, each
/// written to the disk before anybody sees it; a client that leaves stops its change while it can still be left out.
/// </summary>
internal sealed class ClassifierRegistry
{
    private const int IdBytes = 8;

    private readonly ConcurrentDictionary<string, ServedClassifier> _all = new(StringComparer.Ordinal);
    private readonly ClassifierStore _store;
    private readonly ServedModels _models;
    private readonly WorkQueue _changes;
    private readonly ServerLimits _limits;
    private readonly int _threads;

    public ClassifierRegistry(ClassifierStore store, ServedModels models, WorkQueue changes, ServerLimits limits, int threads, Action<string> damaged)
    {
        (_store, _models, _changes, _limits, _threads) = (store, models, changes, limits, threads);
        foreach (var classifier in store.Load(damaged)) _all[classifier.Id] = classifier;
    }

    /// <summary>All, in the order of their making.</summary>
    public IEnumerable<ServedClassifier> All => _all.Values.OrderBy(c => c.Manifest.CreatedAt).ThenBy(c => c.Id, StringComparer.Ordinal);

    public int Count => _all.Count;

    /// <exception cref="RequestProblem">404.</exception>
    public ServedClassifier Require(string id) => _all.GetValueOrDefault(id) ?? throw RequestProblem.NotFound("There is no such classifier: GET /api/classifiers lists them.");

    /// <summary>Makes a classifier.</summary>
    public Task<ServedClassifier> CreateAsync(ServedModel model, string name, string head, double falseAlarmRate, IReadOnlyList<PreparedSample> samples, CancellationToken cancellation) => _changes.RunAsync(stop =>
    {
        if (_all.Count >= _limits.Classifiers) throw RequestProblem.Conflict($"There are {_all.Count} classifiers, which is as many as this server keeps: delete one first.");
        var (now, added) = (DateTimeOffset.UtcNow, Named(samples));
        var manifest = new ClassifierManifest(ClassifierManifest.FormatName, ClassifierManifest.Newest, NewId(), name, model.Id, head, falseAlarmRate, 1, now, now, [.. added.Select(Describe)]);
        return Commit(manifest, Adapt(model, manifest, PreparedSample.Contents(model.Target, samples), stop), added);
    }, cancellation);

    /// <summary>Adds samples, and adapts again.</summary>
    public Task<ServedClassifier> ExtendAsync(string id, IReadOnlyList<PreparedSample> samples, CancellationToken cancellation) => _changes.RunAsync(stop =>
    {
        var (old, added) = (Require(id), Named(samples));
        var (model, manifest) = (_models.RequireOf(old), Next(old, [.. old.Manifest.Samples, .. added.Select(Describe)]));
        var contents = MemorySamples.Join(model.Target, [_store.ReadContents(id, old.Manifest.Samples, model.Target), PreparedSample.Contents(model.Target, samples)]);
        return Commit(manifest, Adapt(model, manifest, contents, stop), added);
    }, cancellation);

    /// <summary>Removes a sample, and adapts again.</summary>
    public Task<ServedClassifier> RemoveSampleAsync(string id, string sample, CancellationToken cancellation) => _changes.RunAsync(stop =>
    {
        var old = Require(id);
        if (old.Manifest.Samples.All(s => s.Id != sample)) throw NoSample();
        var manifest = Next(old, [.. old.Manifest.Samples.Where(s => s.Id != sample)]);
        if (manifest.Samples.Select(s => s.Class).Distinct().Count() < 2) throw RequestProblem.Conflict("Without this sample there would be one class, and a classifier has two or more: add samples of another class first, or delete the classifier.");
        var model = _models.RequireOf(old);
        return Commit(manifest, Adapt(model, manifest, _store.ReadContents(id, manifest.Samples, model.Target), stop), []);
    }, cancellation);

    /// <summary>Removes a classifier.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellation) => _changes.RunAsync(_ =>
    {
        Require(id);
        _store.Delete(id);
        return _all.TryRemove(id, out var _);
    }, cancellation);

    /// <summary>A sample and what was sent as it.</summary>
    /// <exception cref="RequestProblem">404.</exception>
    public (SupportSample Sample, byte[] Content) Sent(string id, string sample)
    {
        var found = Require(id).Manifest.Samples.FirstOrDefault(s => s.Id == sample) ?? throw NoSample();
        try
        {
            return (found, _store.ReadSent(id, sample));
        }
        catch (CromaException) when (!_all.TryGetValue(id, out var now) || now.Manifest.Samples.All(s => s.Id != sample))
        {
            // it went in the meantime
            throw NoSample();
        }
    }

    /// <summary>What a classifier's samples hold.</summary>
    public MemorySamples Contents(ServedClassifier classifier) => _store.ReadContents(classifier.Id, classifier.Manifest.Samples, classifier.Classifier.Shape);

    private static RequestProblem NoSample() => RequestProblem.NotFound("The classifier has no such sample.");

    private FewShotClassifier Adapt(ServedModel model, ClassifierManifest manifest, MemorySamples contents, CancellationToken stop)
    {
        if (manifest.Samples.Count > _limits.Samples) throw RequestProblem.TooLarge($"The classifier would have {manifest.Samples.Count} samples; at most {_limits.Samples} are taken.");
        Names.RefuseLookAlikes(manifest.Samples.Select(s => s.Class));
        var classifier = model.Model.Adapt(SupportSamples.Of(contents, [.. manifest.Samples.Select(s => s.Class)]), manifest.Head, _threads, null, stop);
        stop.ThrowIfCancellationRequested();
        return classifier;
    }

    private ServedClassifier Commit(ClassifierManifest manifest, FewShotClassifier classifier, IReadOnlyList<(string Id, PreparedSample Sample)> added)
    {
        var next = new ServedClassifier(manifest, classifier);
        try
        {
            _store.Write(next, added);
        }
        catch (CromaException e)
        {
            throw new RequestProblem(StatusCodes.Status507InsufficientStorage, $"The change could not be kept, so that it was not made: {Path.GetFileName(e.Message.Split(": ")[0])}: {string.Join(": ", e.Message.Split(": ")[1..])}");
        }
        // whom it replaces may still be answering somebody: the garbage collector takes it when nobody has it any more
        return _all[manifest.Id] = next;
    }

    private static ClassifierManifest Next(ServedClassifier old, IReadOnlyList<SupportSample> samples) => old.Manifest with { Revision = old.Manifest.Revision + 1, UpdatedAt = DateTimeOffset.UtcNow, Samples = samples };

    private static (string Id, PreparedSample Sample)[] Named(IReadOnlyList<PreparedSample> samples) => [.. samples.Select(s => (NewId(), s))];

    private static SupportSample Describe((string Id, PreparedSample Sample) added) =>
        new(added.Id, added.Sample.Sent.Class!, added.Sample.Sent.Name, added.Sample.Sent.Kind == SentKind.Array ? "features" : added.Sample.Sent.Kind.ToString().ToLowerInvariant(), added.Sample.Sent.MediaType);

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
}
