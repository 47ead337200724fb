using System.Text;

namespace Croma.Onnx.Preprocessing;

/// <summary>How what a model says of a text's tokens becomes one vector.</summary>
public enum TextPooling
{
    /// <summary>The mean over the tokens, those that begin and end the text included, padding not.</summary>
    Mean,

    /// <summary>The first token's.</summary>
    First,

    /// <summary>The model has done it: its output is a vector a text.</summary>
    Model,
}

/// <summary>How a text becomes a model's input: tokens, at most so many; what is behind them is cut off.</summary>
public sealed record TextPreprocessing
{
    /// <summary>Cuts texts into tokens.</summary>
    public required TextTokenizer Tokenizer { get; init; }

    /// <summary>Tokens of a text, those that begin and end it included. Default 128.</summary>
    public int MostTokens { get; init; } = 128;

    /// <summary>Default Mean.</summary>
    public TextPooling Pooling { get; init; }

    /// <summary>A text's tokens.</summary>
    public int[] Apply(string text) => Tokenizer.Encode(text, MostTokens);

    /// <summary>The same for a text in UTF-8.</summary>
    internal int[] Apply(ReadOnlySpan<byte> text) => Apply(Encoding.UTF8.GetString(text));
}
