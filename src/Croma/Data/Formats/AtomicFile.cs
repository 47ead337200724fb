using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Croma.Data.Formats;

/// <summary>
/// Writes a file whole or not at all: into a temporary file of the same folder, flushed to the disk, renamed over the
/// old file, and the folder flushed so that the rename itself survives a power cut.
/// </summary>
public static partial class AtomicFile
{
    private const string TemporarySuffix = ".tmp";
    private const int OpenReadOnly = 0;

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
                using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
                {
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }
                File.Move(temporary, full, overwrite: true);
            }
            catch
            {
                DeleteQuietly(temporary);
                throw;
            }
            FlushFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Writes <paramref name="content"/> to <paramref name="path"/>, whole or not at all.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    private static void DeleteQuietly(string path)
    {
        try
        {
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
