namespace Croma.Onnx;

/// <summary>ONNX Runtime is missing, or would not do what it was asked.</summary>
public sealed class OnnxException : CromaException
{
    public OnnxException(string message) : base(message) { }

    public OnnxException(string message, Exception inner) : base(message, inner) { }

    public OnnxException() { }
}
