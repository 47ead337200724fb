using System.Runtime.InteropServices;

namespace Croma.Onnx;

/// <summary>
/// The official ONNX Runtime shared library, loaded once and for the life of the process. Safe to use from many threads.
/// </summary>
public sealed unsafe class OnnxRuntime
{
    private static readonly string[] s_names = OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.dylib", "libonnxruntime.1.dylib"]
        : ["libonnxruntime.so.1", "libonnxruntime.so"];

    private const int ErrorsOnly = 3;

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
            Api.Check(Api.CreateEnvironment(ErrorsOnly, name, &environment), "Starting ONNX Runtime");
            Environment = environment;
        }
    }

    /// <summary>Its version, such as "1.20.1".</summary>
    public string Version { get; }

    internal OnnxApi Api { get; }

    internal nint Environment { get; }

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
