using System.Diagnostics;
using System.Globalization;
using Croma.Fuzz;

// Tries mutated files of every kind: dotnet run --project tests/Croma.Fuzz -c Release -- --cases 200000
var options = new Dictionary<string, string>(StringComparer.Ordinal) { ["--cases"] = "1000", ["--seed"] = "1", ["--kind"] = "", ["--state"] = "", ["--case"] = "", ["--write"] = "" };
for (var i = 0; i < args.Length; i += 2)
{
    if (i + 1 == args.Length || !options.ContainsKey(args[i]))
    {
        Console.Error.WriteLine("usage: Croma.Fuzz [--cases N] [--seed N] [--kind NAME] [--state DIR: keeps how far each kind is, and goes on from there] [--case N: that one alone] [--write DIR: writes valid files of each kind]");
        return 2;
    }
    options[args[i]] = args[i + 1];
}
const int between = 500;
var (cases, seed) = (long.Parse(options["--cases"], CultureInfo.InvariantCulture), ulong.Parse(options["--seed"], CultureInfo.InvariantCulture));
var kinds = FuzzKinds.All().Where(k => options["--kind"].Length == 0 || options["--kind"].Split(',').Contains(k.Name)).ToArray();
if (options["--write"].Length > 0)
{
    foreach (var kind in kinds) KeptFiles.Write(options["--write"], kind);
    return 0;
}
var failures = 0;
foreach (var kind in kinds)
{
    using var fuzzer = new Fuzzer();
    if (fuzzer.Unread(kind) is { } unread)
    {
        Console.Error.WriteLine($"{kind.Name}: a valid file is not read: {unread}");
        return 2;
    }
    var (first, last) = options["--case"].Length > 0 ? (long.Parse(options["--case"], CultureInfo.InvariantCulture), long.Parse(options["--case"], CultureInfo.InvariantCulture) + 1) : (0, cases);
    var state = options["--state"].Length > 0 ? Path.Combine(Directory.CreateDirectory(options["--state"]).FullName, $"{kind.Name}-{seed}") : null;
    if (state is not null && File.Exists(state)) first = long.Parse(File.ReadAllText(state), CultureInfo.InvariantCulture);
    var (begun, found) = (Stopwatch.GetTimestamp(), 0);
    for (var number = first; number < last; number++)
    {
        if (fuzzer.Run(kind, seed, number) is { } failure)
        {
            found++;
            Console.WriteLine($"FAILURE {failure.Kind} seed {failure.Seed} case {failure.Number}: {failure.What}");
        }
        if (state is not null && ((number + 1) % between == 0 || number + 1 == last)) File.WriteAllText(state, (number + 1).ToString(CultureInfo.InvariantCulture));
    }
    failures += found;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind.Name}: {Math.Max(0, last - first)} cases from {first}, {fuzzer.Refused} refused, {found} failures; longest {fuzzer.Longest * 1000:0} ms, most allocated {fuzzer.MostAllocated:0.0} x size + 1 MiB; {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s"));
}
return failures == 0 ? 0 : 1;
