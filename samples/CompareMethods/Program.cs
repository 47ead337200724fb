// Which method, and which head, is best on your own data? All meet the same tasks of concepts that none of them has seen.
//   dotnet run --project samples/CompareMethods -c Release -- runs/gestures/data
using Croma;
using Croma.Configuration;
using Croma.Data;
using Croma.Evaluation;
using Croma.Heads;

if (args.Length is not (1 or 2))
{
    Console.Error.WriteLine("usage: CompareMethods DATA [ITERATIONS], a folder that sample Gestures, 'croma import' or Importer.Run made");
    return 2;
}
try
{
    using var dataset = CrossModalDataset.Open(args[0]);
    var options = new ComparisonOptions { Methods = ["croma", "unimodal-pretraining"], Shots = [1, 5], Repeats = 2, Tasks = 8, Threads = 2 };

    // Fine-tuning, as in the paper, and heads in closed form on the same trained encoders. What is in the folder is not done again.
    var folder = Path.Combine("runs", "compare-sample");
    var tuned = new Comparison(dataset, Configure, options, folder);
    var heads = new HeadComparison(dataset, Configure, options, [new PrototypeHead(), new RidgeHead()], folder);
    var progress = new Progress<ComparisonProgress>(p => Console.Error.Write($"\r{p.Share:P0} "));
    var table = ResultTable.Of(dataset, tuned.Plan, [.. tuned.Run(progress), .. heads.Run()], options.Seed, report: null);

    Console.WriteLine($"{"method",-38}{"shots",5}{"% right",9}  95 % interval of {options.Repeats} trainings");
    foreach (var row in table.Results)
        Console.WriteLine($"{row.Method,-38}{row.Shots,5}{row.Mean,9:F1}  [{row.Ci95![0]:F1}, {row.Ci95[1]:F1}]");
    return 0;
}
catch (CromaException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

TrainingConfiguration Configure(string method)
{
    var small = Profiles.Get("small", method);
    return args is [_, var iterations] ? small with { Training = small.Training with { Iterations = int.Parse(iterations) } } : small;
}
