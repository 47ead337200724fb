namespace Croma.Evaluation;

/// <summary>Tells the finished share alone, on the calling thread.</summary>
internal sealed class ShareOnly(IProgress<double>? progress) : IProgress<ComparisonProgress>
{
    public void Report(ComparisonProgress value) => progress?.Report(value.Share);
}
