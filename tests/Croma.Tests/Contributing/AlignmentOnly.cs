using Croma.Compute;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Tests.Contributing;

/// <summary>Meta-alignment alone: phi stays as it starts, and meta-test adapts it. #Target: all (0).</summary>
public sealed class AlignmentOnly : FewShotMethod
{
    private readonly PairedTrainingData _data;
    private readonly MetaAlignment _alignment;

    public AlignmentOnly(MetaParameters meta, MetaOptions options, PairedTrainingData data, InputOptions input, Duet duet, ulong seed)
        : base(meta, options, data, seed)
    {
        _data = data;
        _alignment = new MetaAlignment(meta, options, new SampleReader(data.Source, input), new SampleReader(data.Target, input), duet);
    }

    public override string Name => "alignment-only";

    public override IEnumerable<(string Name, Adam Optimizer)> Optimizers => _alignment.Optimizers;

    public override IterationLosses Iterate(int iteration)
    {
        var task = _data.NewTask(Options, Random("T_a", iteration));
        return new IterationLosses(_alignment.Learn(task, Random("windows of T_a", iteration)), double.NaN);
    }

    public override void Dispose()
    {
        _alignment.Dispose();
        base.Dispose();
    }
}
