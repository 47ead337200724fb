using System.Globalization;
using System.Text.Json;
using Croma.Checkpoints;
using Croma.Classification;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Server.Input;

namespace Croma.Server.Classifiers;

/// <summary>
/// Classifiers on the disk: a folder each, with `classifier.json`, the classifier's file and a file a sample. A change writes
/// new files first, none of which replaces another, and then `classifier.json`, in one rename: before it the old state counts and
/// after it the new one, wherever a crash falls. What no `classifier.json` names is removed at the next start.
/// </summary>
internal sealed class ClassifierStore : IDisposable
{
    private const string Description = "classifier.json", ClassifierEnding = ".croma", SampleEnding = ".sample", Sent = "sent", Values = "values", Incoming = "incoming-";

    private readonly string _folder;
    private readonly RunLock _lock;
    private int _incoming;

    /// <param name="folder">Made where it is missing.</param>
    /// <exception cref="CromaException">Another process has it, or it cannot be written.</exception>
    public ClassifierStore(string folder)
    {
        _folder = folder;
        _lock = RunLock.Take(folder);
        foreach (var left in Directory.GetDirectories(folder, Incoming + "*")) Directory.Delete(left, recursive: true);
    }

    /// <summary>A folder for files that are being looked at; what a crash leaves of it is removed at the next start.</summary>
    public string NewIncomingFolder() => Path.Combine(Path.GetFullPath(_folder), Incoming + Interlocked.Increment(ref _incoming).ToString(CultureInfo.InvariantCulture));

    /// <summary>Reads all classifiers; one that is damaged stays where it is and is told of.</summary>
    /// <param name="damaged">Told why.</param>
    public IEnumerable<ServedClassifier> Load(Action<string> damaged)
    {
        foreach (var folder in Directory.EnumerateDirectories(_folder).Where(f => IsId(Path.GetFileName(f))).Order(StringComparer.Ordinal))
        {
            ServedClassifier? classifier = null;
            try
            {
                classifier = Read(folder);
            }
            catch (CromaException e)
            {
                damaged(e.Message);
            }
            if (classifier is not null) yield return classifier;
        }
    }

    /// <summary>Whether a text is an id of ours: 16 digits of base 16.</summary>
    public static bool IsId(string text) => text.Length == 16 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Writes a state of a classifier, and the samples that are new in it.</summary>
    public void Write(ServedClassifier classifier, IEnumerable<(string Id, PreparedSample Sample)> added)
    {
        var folder = Folder(classifier.Id);
        try
        {
            foreach (var (id, sample) in added) WriteSample(SamplePath(folder, id), sample);
            classifier.Classifier.Save(ClassifierPath(folder, classifier.Manifest.Revision));
            AtomicFile.Write(Path.Combine(folder, Description), JsonSerializer.SerializeToUtf8Bytes(classifier.Manifest, ManifestJson.Default.ClassifierManifest));
        }
        catch (CromaException) when (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, Description)))
        {
            Quietly(() => Directory.Delete(folder, recursive: true));
            throw;
        }
        Quietly(() => RemoveUnnamed(folder, classifier.Manifest));
    }

    /// <summary>Removes a classifier.</summary>
    public void Delete(string id)
    {
        // what says that it is there goes first
        File.Delete(Path.Combine(Folder(id), Description));
        Directory.Delete(Folder(id), recursive: true);
    }

    /// <summary>A sample as it was sent.</summary>
    public byte[] ReadSent(string classifier, string sample)
    {
        using var file = SafetensorsFile.Open(SamplePath(Folder(classifier), sample));
        return file.Values<byte>(file.Require(Sent, SafetensorsType.U8, 1)).ToArray();
    }

    /// <summary>Samples in the form that the model takes.</summary>
    public MemorySamples ReadContents(string classifier, IEnumerable<SupportSample> samples, SampleShape shape)
    {
        var (bytes, values) = (new List<byte[]>(), new List<Half[]>());
        foreach (var sample in samples)
        {
            using var file = SafetensorsFile.Open(SamplePath(Folder(classifier), sample.Id));
            if (shape.HoldsVectors) values.Add(file.Values<Half>(file.Require(Values, SafetensorsType.F16, 1)).ToArray());
            else bytes.Add(file.Values<byte>(file.Require(Values, SafetensorsType.U8, 1)).ToArray());
        }
        return shape.HoldsVectors ? new MemorySamples(shape, values) : new MemorySamples(shape, bytes);
    }

    public void Dispose() => _lock.Dispose();

    private static ServedClassifier? Read(string folder)
    {
        var path = Path.Combine(folder, Description);
        if (!File.Exists(path))
        {
            // its making was not finished, or its removal
            Directory.Delete(folder, recursive: true);
            return null;
        }
        var manifest = JsonFile.Read(path, ManifestJson.Default.ClassifierManifest, "served classifier", ClassifierManifest.Newest);
        if (manifest.Format != ClassifierManifest.FormatName || manifest.Id != Path.GetFileName(folder) || manifest.Samples.Any(s => s is null || !IsId(s.Id)))
            throw new DataFormatException(path, 0, "this is no served classifier, or another one's");
        var classifier = FewShotClassifier.Load(ClassifierPath(folder, manifest.Revision));
        RemoveUnnamed(folder, manifest);
        return new ServedClassifier(manifest, classifier);
    }

    private static void WriteSample(string path, PreparedSample sample)
    {
        var sent = sample.Sent.Features is { } numbers ? JsonSerializer.SerializeToUtf8Bytes(numbers, Api.ServerJson.Api.SingleArray) : sample.Sent.Content;
        SafetensorsWriter.Write(path,
        [
            SafetensorsArray.Of<byte>(Sent, sent, sent.Length),
            sample.Values is { } values ? SafetensorsArray.Of<Half>(Values, values, values.Length) : SafetensorsArray.Of<byte>(Values, sample.Bytes, sample.Bytes!.Length),
        ]);
    }

    /// <summary>Removes what a state does not name: earlier classifiers, samples that are gone.</summary>
    private static void RemoveUnnamed(string folder, ClassifierManifest manifest)
    {
        var named = manifest.Samples.Select(s => SamplePath(folder, s.Id)).Append(ClassifierPath(folder, manifest.Revision)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder))
            if ((file.EndsWith(SampleEnding, StringComparison.Ordinal) || file.EndsWith(ClassifierEnding, StringComparison.Ordinal)) && !named.Contains(file)) File.Delete(file);
    }

    /// <summary>Does what the next start would do otherwise.</summary>
    private static void Quietly(Action tidy)
    {
        try
        {
            tidy();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what counts is written
        }
    }

    private string Folder(string id) => Path.Combine(_folder, id);

    private static string ClassifierPath(string folder, int revision) => Path.Combine(folder, revision.ToString(CultureInfo.InvariantCulture) + ClassifierEnding);

    private static string SamplePath(string folder, string id) => Path.Combine(folder, id + SampleEnding);
}
