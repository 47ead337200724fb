// From arrays in memory to a classifier that says 'none of these': docs/tutorial.md goes through it.
//   dotnet run --project samples/Gestures -c Release -- runs/gestures
//   dotnet run --project samples/Gestures -c Release -- files runs/gestures-files     (the same data as files, for the command line)
using Croma;
using Croma.Classification;
using Croma.Configuration;
using Croma.Data;
using Croma.Datasets.Import;
using Croma.Method;
using Croma.Tasks;
using Gestures;

var gestures = new GeneratedGestures(seed: 1);
if (args is ["files", var files])
{
    GestureFiles.WriteFolders(gestures, files);
    return;
}
var folder = args is [var given] ? given : Path.Combine("runs", "gestures");
string Below(string name) => Path.Combine(folder, name);

// A data set of what is in memory. Description and window of one id are a pair.
if (!Directory.Exists(Below("data")))
{
    var known = gestures.Known();
    Importer.Run(Below("data"),
        ImportSamples.Texts("words", known.Select(g => new ImportSample<string>(g.Name, g.Description, g.Id))),
        ImportSamples.Sequences("motion", GeneratedGestures.Channels, known.Select(g => new ImportSample<float[]>(g.Name, g.Window, g.Id))));
}

// Train on it. The same data, options and seed give the same bytes.
using var dataset = CrossModalDataset.Open(Below("data"));
var options = new TrainingOptions { Configuration = Profiles.Get("small"), Seed = 1, Threads = 2 };
var progress = new Progress<TrainingProgress>(p => Console.Error.Write($"\rtraining: {p.Iteration} of {p.Iterations} "));
using (var trained = TrainedModel.Train(dataset, options, progress)) trained.Save(Below("model"));

// Load it, and see how it does on gestures that no training saw: 5 of them at a time, 5 windows of each.
using var model = TrainedModel.Load(Below("model"));
var plan = EpisodePlan.Create(dataset, ConceptSplit.MetaTest, tasks: 8, ways: 5, maxShots: 5, queries: 10, seed: 1);
Console.WriteLine($"unseen gestures: {model.Evaluate(dataset, plan, shots: 5, threads: 2).Accuracy:F0} % right, guessing 20 %");

// Three gestures that are new: a few labelled windows of each are a classifier.
var few = gestures.New(shots: 5);
var support = SupportSamples.Of(new MemorySamples(model.Target.Shape, [.. few.Select(g => g.Window)]), [.. few.Select(g => g.Name)]);
using var classifier = model.Adapt(support);
Console.WriteLine($"new gestures: about {classifier.Estimate!.Accuracy:P0} right, by cross-validation");
classifier.Save(Below("gestures.croma"));

// Later: which is it, how sure is that, or is it none of these? One in ten of the known may be turned away.
var later = gestures.Later(count: 3);
foreach (var (gesture, prediction) in later.Zip(classifier.Predict(new MemorySamples(classifier.Shape, [.. later.Select(g => g.Window)]))))
    Console.WriteLine($"{gesture.Id}: {(prediction.IsNoneOfThese(falseAlarmRate: 0.1) ? "none of these" : classifier.Classes[prediction.Class])} ({prediction.Probability:P0})");
GestureFiles.WriteLines(later, Below("later.jsonl"));
