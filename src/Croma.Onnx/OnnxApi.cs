using System.Runtime.InteropServices;

namespace Croma.Onnx;

/// <summary>
/// The functions of ONNX Runtime's C API that are used here, by their places in its table (onnxruntime_c_api.h; places
/// never change, new functions are added at the end). Those that return a status return null where all went well.
/// </summary>
internal sealed unsafe class OnnxApi
{
    /// <summary>The oldest table that has all of them: ONNX Runtime 1.13, whose models are of opset 17 at most.</summary>
    public const uint Version = 13;

    private readonly nint* _table;

    public OnnxApi(nint* table) => _table = table;

    private delegate* unmanaged<nint, byte*> GetErrorMessage => (delegate* unmanaged<nint, byte*>)_table[2];

    public delegate* unmanaged<int, byte*, nint*, nint> CreateEnvironment => (delegate* unmanaged<int, byte*, nint*, nint>)_table[3];

    public delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint> CreateSessionFromArray => (delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)_table[8];

    public delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint> Run =>
        (delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)_table[9];

    public delegate* unmanaged<nint*, nint> CreateSessionOptions => (delegate* unmanaged<nint*, nint>)_table[10];

    public delegate* unmanaged<nint, int, nint> SetLogSeverity => (delegate* unmanaged<nint, int, nint>)_table[22];

    public delegate* unmanaged<nint, int, nint> SetIntraOpThreads => (delegate* unmanaged<nint, int, nint>)_table[24];

    public delegate* unmanaged<nint, int, nint> SetInterOpThreads => (delegate* unmanaged<nint, int, nint>)_table[25];

    public delegate* unmanaged<nint, nuint*, nint> InputCount => (delegate* unmanaged<nint, nuint*, nint>)_table[30];

    public delegate* unmanaged<nint, nuint*, nint> OutputCount => (delegate* unmanaged<nint, nuint*, nint>)_table[31];

    public delegate* unmanaged<nint, nuint, nint*, nint> InputTypeInfo => (delegate* unmanaged<nint, nuint, nint*, nint>)_table[33];

    public delegate* unmanaged<nint, nuint, nint*, nint> OutputTypeInfo => (delegate* unmanaged<nint, nuint, nint*, nint>)_table[34];

    public delegate* unmanaged<nint, nuint, nint, byte**, nint> InputName => (delegate* unmanaged<nint, nuint, nint, byte**, nint>)_table[36];

    public delegate* unmanaged<nint, nuint, nint, byte**, nint> OutputName => (delegate* unmanaged<nint, nuint, nint, byte**, nint>)_table[37];

    public delegate* unmanaged<nint*, nint> CreateRunOptions => (delegate* unmanaged<nint*, nint>)_table[39];

    public delegate* unmanaged<nint, nint> TerminateRun => (delegate* unmanaged<nint, nint>)_table[46];

    public delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> CreateTensor =>
        (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)_table[49];

    public delegate* unmanaged<nint, void**, nint> TensorData => (delegate* unmanaged<nint, void**, nint>)_table[51];

    public delegate* unmanaged<nint, nint*, nint> CastToTensorInfo => (delegate* unmanaged<nint, nint*, nint>)_table[55];

    public delegate* unmanaged<nint, int*, nint> ElementType => (delegate* unmanaged<nint, int*, nint>)_table[60];

    public delegate* unmanaged<nint, nuint*, nint> DimensionCount => (delegate* unmanaged<nint, nuint*, nint>)_table[61];

    public delegate* unmanaged<nint, long*, nuint, nint> Dimensions => (delegate* unmanaged<nint, long*, nuint, nint>)_table[62];

    public delegate* unmanaged<nint, nint*, nint> TensorShape => (delegate* unmanaged<nint, nint*, nint>)_table[65];

    public delegate* unmanaged<int, int, nint*, nint> CreateCpuMemoryInfo => (delegate* unmanaged<int, int, nint*, nint>)_table[69];

    public delegate* unmanaged<nint, void*, nint> Free => (delegate* unmanaged<nint, void*, nint>)_table[76];

    public delegate* unmanaged<nint*, nint> DefaultAllocator => (delegate* unmanaged<nint*, nint>)_table[78];

    public delegate* unmanaged<nint, byte*, byte*, nint> AddSessionConfigEntry => (delegate* unmanaged<nint, byte*, byte*, nint>)_table[130];

    public delegate* unmanaged<nint, nint, nint, nint> CreateAndRegisterAllocator => (delegate* unmanaged<nint, nint, nint, nint>)_table[144];

    public delegate* unmanaged<nuint, int, int, int, nint*, nint> CreateArena => (delegate* unmanaged<nuint, int, int, int, nint*, nint>)_table[156];

    public delegate* unmanaged<nint, void> ReleaseArena => (delegate* unmanaged<nint, void>)_table[157];

    private delegate* unmanaged<nint, void> ReleaseStatus => (delegate* unmanaged<nint, void>)_table[93];

    public delegate* unmanaged<nint, void> ReleaseMemoryInfo => (delegate* unmanaged<nint, void>)_table[94];

    public delegate* unmanaged<nint, void> ReleaseSession => (delegate* unmanaged<nint, void>)_table[95];

    public delegate* unmanaged<nint, void> ReleaseValue => (delegate* unmanaged<nint, void>)_table[96];

    public delegate* unmanaged<nint, void> ReleaseRunOptions => (delegate* unmanaged<nint, void>)_table[97];

    public delegate* unmanaged<nint, void> ReleaseTypeInfo => (delegate* unmanaged<nint, void>)_table[98];

    public delegate* unmanaged<nint, void> ReleaseTensorInfo => (delegate* unmanaged<nint, void>)_table[99];

    public delegate* unmanaged<nint, void> ReleaseSessionOptions => (delegate* unmanaged<nint, void>)_table[100];

    /// <summary>Turns a status into an exception, unless all went well.</summary>
    /// <param name="status">What a function returned.</param>
    /// <param name="doing">What was asked for, for the message.</param>
    public void Check(nint status, string doing)
    {
        if (status == 0) return;
        var message = Marshal.PtrToStringUTF8((nint)GetErrorMessage(status)) ?? "no reason given";
        ReleaseStatus(status);
        throw new OnnxException($"{doing}: ONNX Runtime says: {message.ReplaceLineEndings(" ")}");
    }
}
