using Croma.Onnx;

namespace Croma.Tests.Onnx;

/// <summary>ONNX Runtime, for tests that need it.</summary>
internal static class OnnxLibrary
{
    private const string Variable = "CROMA_ONNXRUNTIME";

    private static readonly Lazy<(OnnxRuntime? Runtime, string Why)> s_runtime = new(Load);

    /// <summary>Whether the library is there.</summary>
    public static bool IsThere => s_runtime.Value.Runtime != null;

    /// <summary>The library; the test is skipped where there is none.</summary>
    public static OnnxRuntime Require()
    {
        Assert.SkipWhen(s_runtime.Value.Runtime == null, $"{s_runtime.Value.Why} (./test gets it with npm; {Variable} names it)");
        return s_runtime.Value.Runtime!;
    }

    /// <summary>A file beside the project that only its developers have.</summary>
    public static string RequireShared(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", name) is var path && File.Exists(path)) return path;
        Assert.Skip($"this test needs ../shared/{name}, which is not part of the project");
        return "";
    }

    private static (OnnxRuntime?, string) Load()
    {
        try
        {
            return (OnnxRuntime.Load(Environment.GetEnvironmentVariable(Variable)), "");
        }
        catch (OnnxException e)
        {
            return (null, e.Message);
        }
    }
}
