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
var failures = 0L;
foreach (var kind in kinds)
{
    using var fuzzer = new Fuzzer();
    if (fuzzer.Unread(kind) is { } unread)
    {
        Console.Error.WriteLine($"{kind.Name}: a valid file is not read: {unread}");
        return 2;
    }
    var state = options["--state"].Length > 0 ? Directory.CreateDirectory(options["--state"]).FullName : null;
    var before = state is null ? new FuzzState(0, 0, 0, 0, 0) : FuzzState.Read(state, kind.Name, seed);
    var (first, last) = options["--case"].Length > 0 ? (long.Parse(options["--case"], CultureInfo.InvariantCulture), long.Parse(options["--case"], CultureInfo.InvariantCulture) + 1) : (before.Next, cases);
    var (begun, found) = (Stopwatch.GetTimestamp(), before.Failures);
    for (var number = first; number < last; number++)
    {
        if (fuzzer.Run(kind, seed, number) is { } failure)
        {
            found++;
            Console.WriteLine($"FAILURE {failure.Kind} seed {failure.Seed} case {failure.Number}: {failure.What}");
            if (state is not null) FuzzState.Keep(state, kind.Name, seed, number, Fuzzer.Make(kind, seed, number));
        }
        if (state is not null && ((number + 1) % between == 0 || number + 1 == last)) Total(number + 1).Write(state, kind.Name, seed);
    }
    failures += found;
    var all = Total(Math.Max(first, last));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind.Name}: cases up to {all.Next} (from {first} in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s), {all.Refused} refused, {all.Failures} failures; longest {all.Longest * 1000:0} ms, most allocated {all.MostAllocated:0.0} x size + 512 KiB"));

    FuzzState Total(long next) => new(next, before.Refused + fuzzer.Refused, found, Math.Max(before.Longest, fuzzer.Longest), Math.Max(before.MostAllocated, fuzzer.MostAllocated));
}
return failures == 0 ? 0 : 1;
