using System.Diagnostics;
using System.Globalization;
using Croma.Compute;

namespace Croma.Fuzz;

/// <summary>A case in which a reader did what it must not.</summary>
/// <param name="Kind">The kind of file.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Number">Which case; with kind and seed it can be made again.</param>
/// <param name="What">What the reader did.</param>
public sealed record FuzzFailure(string Kind, ulong Seed, long Number, string What);

/// <summary>
/// Opens mutated files through the public readers: each case must be read, or refused with a <see cref="CromaException"/> that names the
/// file, within a second, and without allocating over four times the files' size (and half a megabyte, which small files take all the same).
/// </summary>
public sealed class Fuzzer : IDisposable
{
    private const int SizesAllowed = 4, BytesAllowed = 1 << 19;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("croma-fuzz-").FullName;

    /// <summary>Cases that were refused so far, of all that were tried.</summary>
    public long Refused { get; private set; }

    /// <summary>The most bytes that any case allocated for each byte of its files, less the half megabyte.</summary>
    public double MostAllocated { get; private set; }

    /// <summary>The longest that any case took, in seconds.</summary>
    public double Longest { get; private set; }

    /// <summary>Requires that the valid files of a kind are read, so that the mutations are of what a reader takes.</summary>
    public string? Unread(FuzzKind kind) => kind.Seeds.Select(seed => Try(kind, Write(kind, seed))).FirstOrDefault(message => message is not null);

    /// <summary>The files of a case.</summary>
    public static FuzzFiles Make(FuzzKind kind, ulong seed, long number) => kind.Make(new CounterRandom(seed, CounterRandom.Stream("fuzz " + kind.Name, number)));

    /// <summary>Tries a case; null where the reader did as it must.</summary>
    public FuzzFailure? Run(FuzzKind kind, ulong seed, long number)
    {
        var files = Make(kind, seed, number);
        var path = Write(kind, files);
        var fault = Measure(kind, path, files.Bytes);
        return fault is null ? null : new FuzzFailure(kind.Name, seed, number, fault);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string? Measure(FuzzKind kind, string path, long bytes)
    {
        var fault = "";
        // a first time compiles what it runs, and another program may have had the processor: only what happens every time is the reader's
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var (allocated, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            string? message;
            try
            {
                message = Try(kind, path);
            }
#pragma warning disable CA1031 // whatever it is, it is what the fuzzer looks for
            catch (Exception e)
#pragma warning restore CA1031
            {
                return $"it threw {e.GetType().Name}: {e.Message.Split('\n')[0]} {e.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("Croma.", StringComparison.Ordinal))?.Trim()}";
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            var taken = Stopwatch.GetElapsedTime(start);
            if (message is not null && !message.Contains(_folder, StringComparison.Ordinal)) return $"its message names no file: {message}";
            fault = taken > s_longest ? string.Create(CultureInfo.InvariantCulture, $"it took {taken.TotalSeconds:0.0} s")
                : allocated > SizesAllowed * bytes + BytesAllowed ? $"it allocated {allocated} bytes for files of {bytes}" : null;
            if (fault is not null) continue;
            if (message is not null) Refused++;
            MostAllocated = Math.Max(MostAllocated, (double)Math.Max(0, allocated - BytesAllowed) / Math.Max(1, bytes));
            Longest = Math.Max(Longest, taken.TotalSeconds);
            return null;
        }
        return fault;
    }

    private static string? Try(FuzzKind kind, string path)
    {
        try
        {
            return kind.Read(path);
        }
        catch (CromaException e)
        {
            return e.Message;
        }
    }

    private string Write(FuzzKind kind, FuzzFiles files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, kind.Name)).FullName;
        foreach (var (name, content) in files.Files) File.WriteAllBytes(Path.Combine(folder, name), content);
        return files.Open.Length == 0 ? folder : Path.Combine(folder, files.Open);
    }
}
