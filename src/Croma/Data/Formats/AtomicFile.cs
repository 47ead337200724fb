using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Croma.Data.Formats;

/// <summary>The steps of a write, in their order; a folder is also locked, and what failed is deleted.</summary>
internal enum FileStep
{
    Create,
    Write,
    Flush,
    Rename,
    FlushFolder,
    Delete,
}

/// <summary>
/// Writes a file whole or not at all: into a temporary file of the same folder, flushed to the disk, renamed over the
/// old file, and the folder flushed so that the rename itself survives a power cut.
/// </summary>
public static partial class AtomicFile
{
    private const string TemporarySuffix = ".tmp";
    private const int OpenReadOnly = 0, NoSpace = 28, ReadOnlyFileSystem = 30, QuotaExceeded = 122;

    /// <summary>
    /// Told of each step before it is made, with the file (and, before its content is flushed, the stream); tests make steps fail by
    /// throwing.
    /// </summary>
    internal static AsyncLocal<Action<FileStep, string, FileStream?>?> Before { get; } = new();

    /// <summary>
    /// Writes <paramref name="path"/>; until it is whole, an older file of that name stays as it was. The folder is made
    /// where it is missing.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="write">Writes the content, from the start, to the stream it is given.</param>
    /// <exception cref="CromaException">The file cannot be written (no space, no permission, ...).</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? throw new CromaException($"{path}: this is a folder; give the name of a file");
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}{TemporarySuffix}");
        try
        {
            Directory.CreateDirectory(folder);
            try
            {
                Tell(FileStep.Create, temporary);
                using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
                {
                    write(stream);
                    Tell(FileStep.Write, temporary, stream);
                    stream.Flush();
                    Tell(FileStep.Flush, temporary, stream);
                    stream.Flush(flushToDisk: true);
                }
                Tell(FileStep.Rename, temporary);
                File.Move(temporary, full, overwrite: true);
            }
            catch
            {
                DeleteQuietly(temporary);
                throw;
            }
            Tell(FileStep.FlushFolder, folder);
            FlushFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: cannot be written: {Reason(e)}", e);
        }
    }

    /// <summary>Writes <paramref name="content"/> to <paramref name="path"/>, whole or not at all.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    /// <summary>What a failed write came from, in the words of a user.</summary>
    internal static string Reason(Exception exception) => OperatingSystem.IsWindows() ? exception.Message : exception.HResult switch
    {
        NoSpace or QuotaExceeded => "the disk is full; what was there before is unchanged",
        ReadOnlyFileSystem => "the file system is read-only; what was there before is unchanged",
        _ => exception.Message,
    };

    /// <summary>Deletes temporary files that killed processes left beside a file.</summary>
    /// <param name="path">The file; nobody may be writing it.</param>
    internal static void RemoveLeftOvers(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is { } folder && Directory.Exists(folder)) RemoveTemporary(folder, $".{Path.GetFileName(full)}.*{TemporarySuffix}", SearchOption.TopDirectoryOnly);
    }

    /// <summary>Deletes temporary files that killed processes left in a folder and those in it.</summary>
    /// <param name="folder">The folder; nobody may be writing in it.</param>
    internal static void RemoveAllLeftOvers(string folder) => RemoveTemporary(folder, $".*{TemporarySuffix}", SearchOption.AllDirectories);

    private static void RemoveTemporary(string folder, string pattern, SearchOption where)
    {
        foreach (var left in Directory.EnumerateFiles(folder, pattern, where))
            if (Path.GetFileNameWithoutExtension(left) is var name && name.LastIndexOf('.') is > 0 and var dot && Guid.TryParseExact(name.AsSpan(dot + 1), "N", out _)) DeleteQuietly(left);
    }

    private static void Tell(FileStep step, string path, FileStream? stream = null) => Before.Value?.Invoke(step, path, stream);

    private static void DeleteQuietly(string path)
    {
        try
        {
            Tell(FileStep.Delete, path);
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the error that led here says more than this one would
        }
    }

    private static void FlushFolder(string folder)
    {
        // .NET opens no folders, and Windows needs no flush of them
        if (OperatingSystem.IsWindows()) return;
        using var handle = OpenFile(folder, OpenReadOnly);
        if (!handle.IsInvalid) RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);
}
