using System.Globalization;
using System.Runtime.InteropServices;

namespace Croma.Datasets.Media;

/// <summary>A picture: RGB bytes [Height, Width, 3].</summary>
internal sealed record DecodedPicture(byte[] Pixels, int Width, int Height);

/// <summary>What became of a file: what it holds, or why it cannot be used.</summary>
/// <param name="Index">Its place among the files.</param>
/// <param name="Value">What it holds; null where it cannot be used.</param>
/// <param name="Reason">Why not, in a line; null where it can.</param>
internal readonly record struct Decoded<T>(int Index, T? Value, string? Reason) where T : class;

/// <summary>
/// Decodes pictures and sounds from anyone, by ffmpeg in processes of their own: many files a process, and where one
/// fails, its files are divided until it is known which of them is at fault. A file that ffmpeg so much as complains
/// about is refused. What is decoded is kept in a scratch folder until it has been handed over.
/// </summary>
/// <param name="scratch">A folder of this decoder alone; made where it is missing, and removed after use.</param>
/// <param name="limits">What a file may cost.</param>
internal sealed class MediaDecoder(string scratch, MediaLimits limits)
{
    // enough to make starting a process cheap, not so much that the scratch folder grows large
    private const int MostFilesAtOnce = 64, MostBytesAtOnce = 16 << 20;
    private const int LargestAllocation = 1 << 30;

    // what ffmpeg ends with when a signal stops it: a terminal's Ctrl-C reaches it as it reaches this process, perhaps sooner
    private const int StoppedBySignal = 255;
    private static readonly TimeSpan s_signalDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>Decodes pictures, in order; of a moving one the first picture. Transparency shows white.</summary>
    public IEnumerable<Decoded<DecodedPicture>> Pictures(IReadOnlyList<string> files, CancellationToken cancellation) => Pictures(files, file => PamPicture.Read(file).OnWhite(), cancellation);

    /// <summary>The same with their transparency.</summary>
    public IEnumerable<Decoded<TransparentPicture>> TransparentPictures(IReadOnlyList<string> files, CancellationToken cancellation) => Pictures(files, PamPicture.Read, cancellation);

    private IEnumerable<Decoded<T>> Pictures<T>(IReadOnlyList<string> files, Func<byte[], T> parse, CancellationToken cancellation) where T : class => Decode(files, pictures: true,
        files => ["-max_pixels", Math.Min(limits.Pixels, limits.PixelsAtOnce / files).ToString(CultureInfo.InvariantCulture)],
        ["-frames:v", "1", "-pix_fmt", "rgba", "-c:v", "pam", "-f", "image2pipe"],
        parse, cancellation);

    /// <summary>Decodes sounds, in order, mixed down to one channel of samples in [-1, 1].</summary>
    /// <param name="files">Paths.</param>
    /// <param name="rate">Samples a second.</param>
    /// <param name="cancellation">Stops the program.</param>
    public IEnumerable<Decoded<float[]>> Sounds(IReadOnlyList<string> files, int rate, CancellationToken cancellation)
    {
        var most = (long)(limits.Seconds * rate);
        return Decode(files, pictures: false, _ => [],
            ["-ac", "1", "-ar", rate.ToString(CultureInfo.InvariantCulture), "-fs", ((most + rate) * sizeof(float)).ToString(CultureInfo.InvariantCulture), "-c:a", "pcm_f32le", "-f", "f32le"],
            bytes => Samples(bytes, most), cancellation);
    }

    private float[] Samples(byte[] bytes, long most)
    {
        var samples = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, bytes.Length / sizeof(float) * sizeof(float))).ToArray();
        if (samples.Length == 0) throw new CromaException("it holds no sound");
        if (samples.Length > most) throw new CromaException($"it is longer than {limits.Seconds:0.##} s");
        return Array.TrueForAll(samples, float.IsFinite) ? samples : throw new CromaException("a sample is not a finite number");
    }

    private IEnumerable<Decoded<T>> Decode<T>(IReadOnlyList<string> files, bool pictures, Func<int, string[]> read, string[] write, Func<byte[], T> parse, CancellationToken cancellation) where T : class
    {
        Directory.CreateDirectory(scratch);
        try
        {
            var (next, reasons, media) = (0, new string?[files.Count], new List<Source>());
            while (next < files.Count)
            {
                var i = next;
                media.Clear();
                for (long bytes = 0; next < files.Count && media.Count < MostFilesAtOnce && bytes < MostBytesAtOnce; next++)
                {
                    reasons[next] = Open(files[next], pictures, out var format, out var length);
                    if (reasons[next] != null) continue;
                    media.Add(new Source(next, Path.GetFullPath(files[next]), format!.Demuxer));
                    bytes += length;
                }
                // what is decoded is taken before more is
                foreach (var decoded in Run(media.ToArray(), pictures, read, write, reasons, cancellation))
                    for (; i <= decoded[^1].Index; i++) yield return Take(i, reasons[i], parse);
                for (; i < next; i++) yield return Take(i, reasons[i], parse);
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>A file's format and size, or why it cannot be used.</summary>
    private string? Open(string path, bool pictures, out MediaFormat? format, out long length)
    {
        (format, length) = (null, 0);
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists) return Directory.Exists(path) ? "it is a folder" : "there is no such file";
            length = (info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info).Length;
            // pipes and devices have no length either: opening one could wait forever
            if (length == 0) return "it is empty";
            if (length > limits.FileBytes) return $"it has {length} bytes; at most {limits.FileBytes} are read";
            Span<byte> head = stackalloc byte[MediaFormat.HeadBytes];
            using var file = File.OpenRead(path);
            format = MediaFormat.Of(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read: {e.Message}";
        }
        return format?.IsPicture == pictures ? null : $"it is no {(pictures ? "picture" : "sound")} in a format that is read here ({MediaFormat.Names(pictures)})";
    }

    /// <summary>Decodes files, and says after each part of them that its results are there, in order.</summary>
    private IEnumerable<ArraySegment<Source>> Run(ArraySegment<Source> sources, bool pictures, Func<int, string[]> read, string[] write, string?[] reasons, CancellationToken cancellation)
    {
        if (sources.Count == 0) yield break;
        var complaint = Complaint(sources, pictures, read(sources.Count), write, cancellation);
        if (complaint == null || sources.Count == 1)
        {
            reasons[sources[0].Index] ??= complaint;
            yield return sources;
            yield break;
        }
        var half = sources.Count / 2;
        foreach (var part in Run(sources[..half], pictures, read, write, reasons, cancellation)) yield return part;
        foreach (var part in Run(sources[half..], pictures, read, write, reasons, cancellation)) yield return part;
    }

    /// <summary>Decodes into the scratch folder; returns what ffmpeg complained about, or null.</summary>
    private string? Complaint(ArraySegment<Source> sources, bool pictures, string[] read, string[] write, CancellationToken cancellation)
    {
        List<string> arguments = ["-nostdin", "-v", "error", "-xerror", "-max_alloc", LargestAllocation.ToString(CultureInfo.InvariantCulture)];
        foreach (var source in sources)
            arguments.AddRange(["-protocol_whitelist", "file", "-err_detect", "explode", "-threads", "1", .. read, "-f", source.Demuxer, "-i", "file:" + source.Path]);
        var number = 0;
        foreach (var source in sources)
            arguments.AddRange(["-map", $"{number++}:{(pictures ? 'v' : 'a')}:0", "-map_metadata", "-1", "-threads", "1", .. write, "-y", "file:" + Scratch(source.Index)]);
        try
        {
            var result = ChildProcess.Run(FFmpeg.Program, arguments, [], 1, limits.Time, cancellation) ?? throw new MissingProgramException(DebianPackages.Describe([FFmpeg.Program]));
            if (result.ExitCode == StoppedBySignal && cancellation.WaitHandle.WaitOne(s_signalDelay)) cancellation.ThrowIfCancellationRequested();
            return result.ExitCode == 0 && result.Error.Length == 0 ? null : $"{FFmpeg.Program} says: {WithoutPrefix(result.Complaint)}";
        }
        catch (CromaException e) when (e is not MissingProgramException)
        {
            return e.Message;
        }
    }

    /// <summary>Without the part of ffmpeg and its address in memory, "[mjpeg @ 0x55b2432e6480] ", so that the same file gives the same words.</summary>
    private static string WithoutPrefix(string complaint)
    {
        while (complaint.StartsWith('[') && complaint.IndexOf("] ", StringComparison.Ordinal) is > 0 and var end) complaint = complaint[(end + 2)..];
        return complaint;
    }

    private Decoded<T> Take<T>(int index, string? reason, Func<byte[], T> parse) where T : class
    {
        if (reason != null) return new Decoded<T>(index, null, reason);
        var path = Scratch(index);
        try
        {
            var value = parse(File.ReadAllBytes(path));
            File.Delete(path);
            return new Decoded<T>(index, value, null);
        }
        catch (Exception e) when (e is CromaException or FileNotFoundException)
        {
            return new Decoded<T>(index, null, e is CromaException ? e.Message : "nothing in it could be decoded");
        }
    }

    private string Scratch(int index) => Path.Combine(Path.GetFullPath(scratch), index.ToString(CultureInfo.InvariantCulture));

    private readonly record struct Source(int Index, string Path, string Demuxer);

    private sealed class MissingProgramException(string message) : CromaException(message);
}
