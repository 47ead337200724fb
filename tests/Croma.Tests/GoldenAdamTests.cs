using Croma.Compute;

namespace Croma.Tests;

public sealed class GoldenAdamTests
{
    private const int Count = 37;

    [Theory, InlineData("0.0"), InlineData("0.9")]
    public void Five_steps_of_Adam_agree_with_PyTorch(string beta1)
    {
        var golden = new GoldenCase("optimizers", $"adam-{beta1}", tolerance: 1e-6);
        var layout = new ParameterLayout();
        var block = layout.Add("block", 1, Count, BlockForm.Vector, 0);
        using var parameters = new ParameterVector(layout, trainable: true);
        parameters.Write(block, GoldenNumbers.Numbers(golden.Name + "/start", Count));
        using var adam = new Adam(layout, new AdamOptions { LearningRate = 0.0625, Beta1 = double.Parse(beta1) });
        for (var step = 0; step < 5; step++)
        {
            var gradients = GoldenNumbers.Numbers($"{golden.Name}/gradient {step}", Count);
            for (var i = 0; i < Count; i++) parameters.RawGradients[i] = i == 11 ? 0 : gradients[i] * MathF.Pow(2, -(i % 20));
            adam.Step(parameters);
            golden.Compare($"step {step}", parameters.Read(block));
        }
        golden.RequireAllCompared();
    }
}
