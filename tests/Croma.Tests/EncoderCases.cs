using Croma.Compute;
using Croma.Encoders;

namespace Croma.Tests;

/// <summary>An encoder of each kind, of sizes that fill no panel, and inputs of unequal lengths for it.</summary>
internal static class EncoderCases
{
    public static readonly string[] Names = ["mlp", "text", "speech", "conv"];

    public static (Encoder Encoder, InputBatch Input) Make(string kind, int batch)
    {
        var (encoder, width, steps) = kind switch
        {
            "text" => ((Encoder)new TextLstm(19, 80, 33), 0, 9),
            "speech" => (new SpeechLstm(11, 144, 2, 33), 11, 9),
            "conv" => (new ConvEncoder(9, 8, 3, 32, 2, 33), 9 * 8 * 3, 1),
            _ => (new Mlp(70, [130], 33), 70, 1),
        };
        var input = new InputBatch();
        input.Resize(batch, steps, width);
        var random = new CounterRandom(5, (ulong)batch);
        foreach (ref var token in input.Tokens) token = random.Next(200);
        foreach (ref var value in input.Values) value = (float)random.Next(-1.0, 1.0);
        for (var i = 0; i < batch; i++) input.Lengths[i] = 1 + i % steps;
        return (encoder, input);
    }

    /// <summary>Columns of the embeddings to be told apart.</summary>
    public static int[] Labels(Encoder encoder, InputBatch input) => [.. Enumerable.Range(0, input.Count).Select(i => i * 7 % encoder.Dimension)];
}
