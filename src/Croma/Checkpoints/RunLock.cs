using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Croma.Data.Formats;
using Microsoft.Win32.SafeHandles;

namespace Croma.Checkpoints;

/// <summary>A folder that another process works in.</summary>
internal sealed class FolderInUseException(string message) : CromaException(message);

/// <summary>Who says that a folder is theirs.</summary>
/// <param name="File">The file that says so.</param>
/// <param name="Machine">The machine of the process.</param>
/// <param name="Process">Its number there.</param>
/// <param name="Lives">Whether it is there; null for another machine's, which cannot be asked from here.</param>
internal sealed record FolderOwner(string File, string Machine, int Process, bool? Lives)
{
    public override string ToString() => Lives == null ? $"process {Process} on {Machine}" : $"process {Process}";
}

/// <summary>
/// Keeps other processes off the folder of a run until it is disposed. The operating system locks the folder (flock), which
/// ends with the process however it ends; where it locks no folders (Windows, NFS), a file .lock in it. A
/// file .owner-PID-MACHINE beside it tells others who has it. Where nothing can be locked (some network file systems) that file
/// decides: one of a process that is gone, or whose number another process has (it started at another time), does not count;
/// one of another machine does.
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
        (_folder, _made, _handle, _owner) = (folder, made, handle, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Environment.MachineName}")));
    }

    /// <summary>Takes a folder, and deletes the temporary files that killed processes left in it.</summary>
    /// <param name="folder">Made where it is missing, and removed at the end if nothing came into it.</param>
    /// <param name="shared">Whether others that share may be in it too.</param>
    /// <exception cref="FolderInUseException">Another process has it.</exception>
    /// <exception cref="CromaException">It cannot be written.</exception>
    public static RunLock Take(string folder, bool shared = false)
    {
        var made = !Directory.Exists(folder);
        SafeFileHandle? handle = null;
        try
        {
            Directory.CreateDirectory(folder);
            handle = Lock(folder, shared, out var locked, out var held);
            // a program that is being started has this process's handles for a moment: a lock may outlive its owner by that
            for (var attempt = 0; held && attempt < MostAttempts && !Owners(folder).Any(o => o.Lives == true); attempt++)
            {
                handle?.Dispose();
                Thread.Sleep(20);
                handle = Lock(folder, shared, out locked, out held);
            }
            // a lock that the system keeps is the truth; without it the files are
            if (held || (!locked && !shared && Owners(folder).Any(o => o.Lives != false))) throw Taken(folder, locked || held);
            foreach (var owner in Owners(folder))
                if (owner.Lives == false || (locked && !shared)) File.Delete(owner.File);
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

    /// <summary>Deletes what processes that are gone have left of their hold on a folder that nobody takes any more.</summary>
    public static void Tidy(string folder)
    {
        foreach (var owner in Owners(folder))
            if (owner.Lives == false) File.Delete(owner.File);
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

    /// <summary>Who says that the folder is theirs.</summary>
    internal static IReadOnlyList<FolderOwner> Owners(string folder)
    {
        var owners = new List<FolderOwner>();
        foreach (var file in Directory.GetFiles(folder, Prefix + "*"))
        {
            var name = Path.GetFileName(file)[Prefix.Length..].Split('-', 2);
            if (!int.TryParse(name[0], CultureInfo.InvariantCulture, out var process)) continue;
            // earlier versions named no machine
            var machine = name.Length == 2 ? name[1] : Environment.MachineName;
            try
            {
                owners.Add(new FolderOwner(file, machine, process, machine == Environment.MachineName ? StartOf(process) is { } start && start == File.ReadAllText(file) : null));
            }
            catch (IOException)
            {
                // its owner has just let go
            }
        }
        return owners;
    }

    private static FolderInUseException Taken(string folder, bool certain)
    {
        var owners = Owners(folder).Where(o => o.Lives != false).ToList();
        var who = owners.Count == 0 ? "another process" : string.Join(", ", owners);
        return new FolderInUseException(certain || owners.All(o => o.Lives != null)
            ? $"'{folder}' is in use by {who}: wait until it has ended, or choose another folder."
            : $"'{folder}' says that it is in use by {who}, which cannot be asked from here: if it has ended, remove '{owners.First(o => o.Lives == null).File}'.");
    }

    private static SafeFileHandle? Lock(string folder, bool shared, out bool locked, out bool held)
    {
        (locked, held) = (false, false);
        if (OperatingSystem.IsWindows()) return LockFile(folder, shared, out locked, out held);
        // O_CLOEXEC: a program that this one starts must not keep the lock
        var handle = OpenFile(folder, OperatingSystem.IsLinux() ? 0x80000 : 0x1000000);
        Lock(handle, shared, out locked, out held);
        if (locked || held) return handle;
        // flock(2): NFS locks for one alone what is open for writing, which no folder is
        handle.Dispose();
        return LockFile(folder, shared, out locked, out held);
    }

    /// <summary>Opens the folder's lock file for this process alone, or for those that share.</summary>
    internal static SafeFileHandle? LockFile(string folder, bool shared, out bool locked, out bool held)
    {
        (locked, held) = (false, false);
        try
        {
            var handle = File.OpenHandle(Path.Combine(folder, LockName), FileMode.OpenOrCreate, shared ? FileAccess.Read : FileAccess.ReadWrite, shared ? FileShare.Read : FileShare.None);
            // .NET says nothing where the file system has no locks
            if (OperatingSystem.IsWindows()) locked = true;
            else Lock(handle, shared, out locked, out held);
            return handle;
        }
        catch (IOException e) when (IsTaken(e.HResult))
        {
            held = true;
            return null;
        }
    }

    private static void Lock(SafeFileHandle handle, bool shared, out bool locked, out bool held)
    {
        locked = !handle.IsInvalid && FLock(handle, (shared ? Shared : Alone) | NotWaiting) == 0;
        held = !handle.IsInvalid && !locked && Marshal.GetLastPInvokeError() == WouldBlock;
    }

    private static bool IsTaken(int result) => OperatingSystem.IsWindows() ? (result & 0xFFFF) == SharingViolation : result == WouldBlock;

    private static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
