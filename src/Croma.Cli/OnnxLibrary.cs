using System.CommandLine;
using Croma.Onnx;

namespace Croma.Cli;

/// <summary>Where ONNX Runtime's library is found: --onnxruntime, an environment variable, or where the system has its libraries.</summary>
internal static class OnnxLibrary
{
    private const string OptionName = "--onnxruntime", Variable = "CROMA_ONNXRUNTIME";

    public static Option<string?> CreateOption() => new(OptionName)
    {
        Description = $"ONNX Runtime's shared library; by default what {Variable} names, or the system's.", HelpName = "PATH",
    };

    public static OnnxRuntime Load(string? given)
    {
        var path = given ?? Environment.GetEnvironmentVariable(Variable);
        try
        {
            return OnnxRuntime.Load(string.IsNullOrEmpty(path) ? null : path);
        }
        catch (OnnxException e)
        {
            throw new CromaException($"{e.Message.TrimEnd('.')} ({OptionName} PATH, or {Variable}).", e);
        }
    }
}
