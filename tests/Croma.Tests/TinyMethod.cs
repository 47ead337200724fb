using Croma.Baselines;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Method;

namespace Croma.Tests;

/// <summary>Methods by name, trained with <see cref="TinyConfiguration"/>.</summary>
internal static class TinyMethod
{
    public static TheoryData<string> All => [.. Methods.Names];

    public static FewShotMethod Create(string name, CrossModalDataset dataset, int threads = 1, ulong seed = 5, TrainingConfiguration? configuration = null) =>
        Methods.Create(name, configuration ?? TinyConfiguration.Value, dataset, seed, new Duet(threads));

    public static TrainingOutcome Train(FewShotMethod method, CrossModalDataset dataset, int threads = 1, TrainingConfiguration? configuration = null) =>
        new TrainingRun(method, configuration ?? TinyConfiguration.Value, dataset, 5, threads).Run(cancellation: TestContext.Current.CancellationToken);

    public static float[] Bytes(MetaParameters meta) => [.. meta.Parts.SelectMany(p => p.Values.Raw.ToArray())];
}
