using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Croma.Datasets;

/// <summary>What became of a file.</summary>
/// <param name="Output">Raw samples or pixels; empty where there is a complaint.</param>
/// <param name="Complaint">What is wrong with the file; null where it was decoded.</param>
/// <param name="Sha256">Of the file, in hexadecimal; empty where it could not be read.</param>
internal sealed record Decoded(byte[] Output, string? Complaint, string Sha256);

/// <summary>
/// Decodes many files in a process of ffmpeg, several processes side by side. The program opens nothing but copies of the
/// files in a folder of its own, and takes them for nothing but the formats it is told. A process that fails is run again
/// with either half of its files, so that a broken one is known by name and costs the others little.
/// </summary>
/// <param name="formats">The formats that files may have, by ffmpeg's names, with commas.</param>
/// <param name="stream">The stream of each file that is decoded, such as "a:0".</param>
/// <param name="output">ffmpeg's options of the output; they must bound its length.</param>
/// <param name="check">Says what is wrong with an output; null where nothing is.</param>
internal sealed class FFmpegBatch(string formats, string stream, IReadOnlyList<string> output, Func<byte[], string?> check)
{
    private const int AtOnce = 64;

    /// <summary>ffmpeg's further options of each file.</summary>
    public IReadOnlyList<string> InputOptions { get; init; } = [];

    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(2);

    /// <summary>Decodes all files, in their order.</summary>
    /// <param name="files">The files.</param>
    /// <param name="threads">Processes at the same time. Does not change the result.</param>
    /// <param name="broken">What happens to files that cannot be decoded.</param>
    /// <param name="report">Told how many are done.</param>
    /// <param name="cancellation">Stops the programs.</param>
    /// <exception cref="CromaException">ffmpeg is missing, or a file is broken and not skipped.</exception>
    public Decoded[] Decode(IReadOnlyList<MediaFile> files, int threads, BrokenFiles broken, Action<int> report, CancellationToken cancellation)
    {
        var (decoded, done) = (new Decoded[files.Count], 0);
        FirstFailure.Of(() => Parallel.ForEach(Enumerable.Range(0, files.Count).Chunk(AtOnce), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, some =>
        {
            var contents = new List<(int Index, byte[] Bytes)>();
            foreach (var i in some)
            {
                try
                {
                    contents.Add((i, files[i].Read()));
                }
                catch (CromaException e)
                {
                    decoded[i] = new Decoded([], e.Message, "");
                }
            }
            DecodeSome(contents, decoded, cancellation);
            foreach (var i in some) broken.Check(files[i], decoded[i]);
            report(Interlocked.Add(ref done, some.Length));
        }));
        broken.Collect(files, decoded);
        return decoded;
    }

    private void DecodeSome(List<(int Index, byte[] Bytes)> files, Decoded[] decoded, CancellationToken cancellation)
    {
        if (files.Count == 0) return;
        if (Run(files, out var complaint, cancellation) is { } outputs)
            foreach (var (file, bytes) in files.Zip(outputs)) decoded[file.Index] = new Decoded(bytes, check(bytes), Sha256(file.Bytes));
        else if (files.Count == 1) decoded[files[0].Index] = new Decoded([], complaint, Sha256(files[0].Bytes));
        else
        {
            DecodeSome(files[..(files.Count / 2)], decoded, cancellation);
            DecodeSome(files[(files.Count / 2)..], decoded, cancellation);
        }
    }

    /// <summary>One process; null where it fails or finds nothing in one of its files.</summary>
    private List<byte[]>? Run(List<(int Index, byte[] Bytes)> files, out string complaint, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("croma-").FullName;
        try
        {
            foreach (var (place, (_, bytes)) in files.Index()) File.WriteAllBytes(Path.Combine(folder, Name(place)), bytes);
            if (!TryRun(Arguments(folder, files.Count), cancellation, out var result, out complaint)) return null;
            var made = Enumerable.Range(0, files.Count).Select(place => new FileInfo(Path.Combine(folder, Name(place) + ".raw"))).ToList();
            complaint = $"{FFmpeg.Program} cannot decode it: {result.Complaint.Replace($"{folder}/{Name(0)}: ", "", StringComparison.Ordinal)}";
            return result.ExitCode == 0 && made.TrueForAll(file => file is { Exists: true, Length: > 0 }) ? [.. made.Select(file => File.ReadAllBytes(file.FullName))] : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>False where the program takes too long.</summary>
    private static bool TryRun(IEnumerable<string> arguments, CancellationToken cancellation, [NotNullWhen(true)] out ProcessResult? result, out string complaint)
    {
        (result, complaint) = (null, "");
        try
        {
            result = ChildProcess.Run(FFmpeg.Program, arguments, [], 1 << 16, s_timeout, cancellation);
        }
        catch (CromaException e)
        {
            complaint = e.Message;
            return false;
        }
        return result is not null ? true : throw new CromaException(DebianPackages.Describe([FFmpeg.Program]));
    }

    private IEnumerable<string> Arguments(string folder, int count)
    {
        foreach (var option in (string[])["-nostdin", "-v", "error", "-filter_threads", "1"]) yield return option;
        for (var place = 0; place < count; place++)
            foreach (var option in (string[])["-threads", "1", "-protocol_whitelist", "file", "-format_whitelist", formats, .. InputOptions, "-i", Path.Combine(folder, Name(place))]) yield return option;
        for (var place = 0; place < count; place++)
            foreach (var option in (string[])["-map", $"{Name(place)}:{stream}", "-map_metadata", "-1", "-threads", "1", .. output, Path.Combine(folder, Name(place) + ".raw")]) yield return option;
    }

    private static string Name(int place) => place.ToString(CultureInfo.InvariantCulture);

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
