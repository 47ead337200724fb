using System.Runtime.InteropServices;

namespace Croma.Onnx;

/// <summary>Keeps a session until the last running call has ended.</summary>
internal sealed unsafe class SessionHandle : SafeHandle
{
    private readonly OnnxApi _api;

    public SessionHandle(OnnxApi api, nint session) : base(0, ownsHandle: true)
    {
        _api = api;
        SetHandle(session);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _api.ReleaseSession(handle);
        return true;
    }
}

/// <summary>Asks a run to stop.</summary>
internal sealed unsafe class RunStop(OnnxApi api, nint options)
{
    public void Now() => api.Check(api.TerminateRun(options), "Stopping a run");
}
