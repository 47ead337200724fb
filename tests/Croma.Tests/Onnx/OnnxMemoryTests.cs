using Croma.Onnx;

namespace Croma.Tests.Onnx;

/// <summary>What ONNX Runtime's library keeps is seen only in the memory of the whole process: this runs alone.</summary>
[Collection(WholeProcess.Name)]
public sealed class OnnxMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Opening_and_closing_again_and_again_keeps_no_memory()
    {
        var (runtime, path) = (OnnxLibrary.Require(), OnnxModelTests.Write(_folder["model.onnx"]));
        Cycle(200);
        var before = Environment.WorkingSet;
        Cycle(1000);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 16 << 20);

        void Cycle(int times)
        {
            for (var i = 0; i < times; i++)
            {
                using var model = new OnnxModel(runtime, path);
                model.Run([1, 2], [1, 2], "y");
            }
        }
    }
}
