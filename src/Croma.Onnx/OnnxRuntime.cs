using System.Runtime.InteropServices;

namespace Croma.Onnx;

/// <summary>
/// The official ONNX Runtime shared library, loaded once and for the life of the process. Safe to use from many threads. Runs of
/// all its models together take at most half of the memory that the process may have; weights are not counted.
/// </summary>
public sealed unsafe class OnnxRuntime
{
    private static readonly string[] s_names = OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib", "libonnxruntime.1.dylib"]
        : ["libonnxruntime.so.1", "libonnxruntime.so"];

    private const int FatalOnly = 4, ArenaAllocator = 1, DefaultMemory = 0, Usual = -1;
    private const string Starting = "Starting ONNX Runtime";

    // a library has one environment a process, whose allocator is given once
    private static readonly HashSet<nint> s_limited = [];

    private OnnxRuntime(nint library, string path)
    {
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var export)) throw new OnnxException($"'{path}' is a library, but not ONNX Runtime: it has no OrtGetApiBase.");
        var entry = ((delegate* unmanaged<nint*>)export)();
        var getApi = (delegate* unmanaged<uint, nint*>)entry[0];
        var getVersion = (delegate* unmanaged<byte*>)entry[1];
        Version = Marshal.PtrToStringUTF8((nint)getVersion()) ?? "";
        var table = getApi(OnnxApi.Version);
        if (table == null) throw new OnnxException($"'{path}' is ONNX Runtime {Version}; 1.{OnnxApi.Version} or newer is needed.");
        Api = new OnnxApi(table);
        fixed (byte* name = "croma\0"u8)
        {
            nint environment;
            Api.Check(Api.CreateEnvironment(FatalOnly, name, &environment), Starting);
            Environment = environment;
        }
        lock (s_limited)
            if (s_limited.Add(export)) LimitMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
    }

    /// <summary>Its version, such as "1.20.1".</summary>
    public string Version { get; }

    internal OnnxApi Api { get; }

    internal nint Environment { get; }

    private void LimitMemory(long bytes)
    {
        nint arena = 0, memory = 0;
        try
        {
            Api.Check(Api.CreateArena((nuint)bytes, Usual, Usual, Usual, &arena), Starting);
            Api.Check(Api.CreateCpuMemoryInfo(ArenaAllocator, DefaultMemory, &memory), Starting);
            Api.Check(Api.CreateAndRegisterAllocator(Environment, memory, arena), Starting);
        }
        finally
        {
            if (arena != 0) Api.ReleaseArena(arena);
            if (memory != 0) Api.ReleaseMemoryInfo(memory);
        }
    }

    /// <summary>Loads the library.</summary>
    /// <param name="path">The library's file; null: under its usual name, where the system looks for libraries.</param>
    /// <exception cref="OnnxException">It is not there, not ONNX Runtime, or too old.</exception>
    public static OnnxRuntime Load(string? path = null)
    {
        if (path != null)
        {
            if (!File.Exists(path)) throw new OnnxException($"There is no ONNX Runtime library '{path}': give the path of {s_names[0]}.");
            return NativeLibrary.TryLoad(Path.GetFullPath(path), out var given) ? new OnnxRuntime(given, path) : throw new OnnxException($"'{path}' cannot be loaded as a shared library for this system.");
        }
        foreach (var name in s_names)
            if (NativeLibrary.TryLoad(name, out var library)) return new OnnxRuntime(library, name);
        throw new OnnxException($"ONNX Runtime is not installed here: {s_names[0]} was not found. Get it from the npm package onnxruntime-node, a Python wheel or onnxruntime.ai, and give its path.");
    }
}
