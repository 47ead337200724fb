using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Croma.Data.Formats;
using Microsoft.Win32.SafeHandles;

namespace Croma.Checkpoints;

/// <summary>
/// Keeps other processes off the folder of a run until it is disposed. The operating system locks the folder (flock), which
/// ends with the process however it ends; where it locks no folders (Windows), a file .lock in it, opened for this process alone. A
/// file .owner-PID beside it tells others who has it. Where nothing can be locked (some network file systems) that file decides: one of a process that is gone, or whose number another process has
/// (it started at another time), does not count.
/// </summary>
internal sealed partial class RunLock : IDisposable
{
    private const string Prefix = ".owner-", LockName = ".lock";
    private const int SharingViolation = 32;
    private const int Shared = 1, Alone = 2, NotWaiting = 4;
    private const int MostAttempts = 50;

    private readonly string _folder, _owner;
    private readonly bool _made;
    private readonly SafeFileHandle? _handle;
    private bool _released;

    private RunLock(string folder, bool made, SafeFileHandle? handle)
    {
        (_folder, _made, _handle, _owner) = (folder, made, handle, Path.Combine(folder, Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Takes a folder, and deletes the temporary files that killed processes left in it.</summary>
    /// <param name="folder">Made where it is missing, and removed at the end if nothing came into it.</param>
    /// <param name="shared">Whether others that share may be in it too.</param>
    /// <exception cref="CromaException">Another process has it, or it cannot be written.</exception>
    public static RunLock Take(string folder, bool shared = false)
    {
        var made = !Directory.Exists(folder);
        SafeFileHandle? handle = null;
        try
        {
            Directory.CreateDirectory(folder);
            handle = Lock(folder, shared, out var locked, out var held);
            // a program that is being started has this process's handles for a moment: a lock may outlive its owner by that
            for (var attempt = 0; held && attempt < MostAttempts && !Owners(folder).Any(o => o.Lives); attempt++)
            {
                handle?.Dispose();
                Thread.Sleep(20);
                handle = Lock(folder, shared, out locked, out held);
            }
            // a lock that the system keeps is the truth; without it the files are
            if (held || (!locked && !shared && Owners(folder).Any(o => o.Lives))) throw Taken(folder);
            foreach (var (file, _, lives) in Owners(folder))
                if (!lives) File.Delete(file);
            if (!shared) AtomicFile.RemoveAllLeftOvers(folder);
            var taken = new RunLock(folder, made, handle);
            AtomicFile.Write(taken._owner, Encoding.UTF8.GetBytes(StartOf(Environment.ProcessId) ?? ""));
            return taken;
        }
        catch (Exception e)
        {
            handle?.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw new CromaException($"'{folder}' cannot be written: {AtomicFile.Reason(e)}", e);
            throw;
        }
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose()
    {
        if (_released) return;
        _released = true;
        try
        {
            File.Delete(_owner);
            if (OperatingSystem.IsWindows())
            {
                // which fails while another has it
                _handle?.Dispose();
                File.Delete(Path.Combine(_folder, LockName));
            }
            if (_made && Directory.Exists(_folder) && !Directory.EnumerateFileSystemEntries(_folder).Any()) Directory.Delete(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the folder is gone or no longer writable: the lock ends with the handle
        }
        _handle?.Dispose();
    }

    /// <summary>When a process started, in a measure that no change of the clock moves where the system has one; null where there is no such process.</summary>
    internal static string? StartOf(int process)
    {
        try
        {
            // proc(5): field 22, ticks since the system's start; the second field, in brackets, may hold anything
            if (OperatingSystem.IsLinux()) return File.ReadAllText($"/proc/{process}/stat") is var stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19] : null;
            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Who says that the folder is theirs, and whether that process is there.</summary>
    internal static IReadOnlyList<(string File, int Process, bool Lives)> Owners(string folder)
    {
        var owners = new List<(string, int, bool)>();
        foreach (var file in Directory.GetFiles(folder, Prefix + "*"))
        {
            if (!int.TryParse(Path.GetFileName(file.AsSpan())[Prefix.Length..], CultureInfo.InvariantCulture, out var process)) continue;
            try
            {
                owners.Add((file, process, StartOf(process) is { } start && start == File.ReadAllText(file)));
            }
            catch (IOException)
            {
                // its owner has just let go
            }
        }
        return owners;
    }

    private static CromaException Taken(string folder)
    {
        var owners = Owners(folder).Where(o => o.Lives).Select(o => o.Process.ToString(CultureInfo.InvariantCulture)).ToArray();
        return new CromaException($"'{folder}' is in use by {(owners.Length == 0 ? "another process" : $"process {string.Join(", ", owners)}")}: wait until it has ended, or choose another folder.");
    }

    private static SafeFileHandle? Lock(string folder, bool shared, out bool locked, out bool held)
    {
        (locked, held) = (false, false);
        if (OperatingSystem.IsWindows()) return LockFile(folder, shared, out locked, out held);
        // O_CLOEXEC: a program that this one starts must not keep the lock
        var handle = OpenFile(folder, OperatingSystem.IsLinux() ? 0x80000 : 0x1000000);
        if (handle.IsInvalid) return handle;
        locked = FLock(handle, (shared ? Shared : Alone) | NotWaiting) == 0;
        held = !locked && Marshal.GetLastPInvokeError() == WouldBlock;
        return handle;
    }

    /// <summary>Opens the folder's lock file for this process alone, or for those that share.</summary>
    internal static SafeFileHandle? LockFile(string folder, bool shared, out bool locked, out bool held)
    {
        (locked, held) = (false, false);
        try
        {
            var handle = File.OpenHandle(Path.Combine(folder, LockName), FileMode.OpenOrCreate, shared ? FileAccess.Read : FileAccess.ReadWrite, shared ? FileShare.Read : FileShare.None);
            locked = true;
            return handle;
        }
        catch (IOException e) when (IsTaken(e.HResult))
        {
            held = true;
            return null;
        }
    }

    private static bool IsTaken(int result) => OperatingSystem.IsWindows() ? (result & 0xFFFF) == SharingViolation : result == WouldBlock;

    private static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
