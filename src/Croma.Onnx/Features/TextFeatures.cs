using Croma.Datasets;
using Croma.Onnx.Preprocessing;

namespace Croma.Onnx.Features;

/// <summary>
/// A model of texts: it takes `input_ids` [N, tokens] and, as far as it asks for them, `attention_mask` (1 for a token, 0 for
/// padding) and `token_type_ids` (zeros). Texts of a batch are padded to the longest of them.
/// </summary>
internal sealed class TextFeatures
{
    private const string Tokens = "input_ids", Mask = "attention_mask", Types = "token_type_ids";

    private readonly OnnxModel _model;
    private readonly TextPreprocessing _text;
    private readonly string _output;
    private readonly int _batch;
    private readonly int? _fixedBatch, _fixedSteps;

    /// <summary>Runs the model once, on the shortest text there is.</summary>
    /// <exception cref="CromaException">Model and preprocessing do not fit.</exception>
    public TextFeatures(OnnxModel model, TextPreprocessing text, string? output, int batch)
    {
        (_model, _text) = (model, text);
        _output = text.Pooling == TextPooling.Model
            ? ModelOutput.Choose(model, output, "embedding", "sentence_embedding", "pooler_output", "text_embeds")
            : ModelOutput.Choose(model, output, "last_hidden_state", "token_embeddings");
        foreach (var input in model.Inputs)
            if (input.Name is not (Tokens or Mask or Types) || !input.IsInteger || input.Shape.Count != 2)
                throw new OnnxException($"The model's input '{input.Name}' is not what texts are given as: 64-bit integers [N, tokens] called {Tokens}, {Mask} or {Types}.");
        if (model.Inputs.FirstOrDefault(i => i.Name == Tokens) is not { } tokens) throw new OnnxException($"The model has no input '{Tokens}': it is no model of texts.");
        (_fixedBatch, _fixedSteps) = (tokens.Shape[0] > 0 ? (int)tokens.Shape[0] : null, tokens.Shape[1] > 0 ? (int)tokens.Shape[1] : null);
        if (_fixedSteps < text.MostTokens) throw new CromaException($"The model takes texts of {_fixedSteps} tokens: 'text.maxTokens' must be at most that, not {text.MostTokens}.");
        _batch = _fixedBatch ?? batch;
        Dimension = Run([text.Apply("")])[0].Length;
    }

    /// <summary>Numbers a vector has.</summary>
    public int Dimension { get; }

    /// <summary>The features of texts, in their order.</summary>
    public EncodedFile[] Encode(IReadOnlyList<EncodingInput> inputs, CancellationToken cancellation)
    {
        var results = new EncodedFile[inputs.Count];
        var read = new List<(int Index, int[] Tokens)>();
        foreach (var (i, input) in inputs.Index())
        {
            try
            {
                read.Add((i, _text.Apply(input.Text is { } text ? TextContent.OfText(text, input.Name) : TextContent.OfFile(input.Name, input.Name))));
            }
            catch (CromaException e)
            {
                results[i] = new EncodedFile(null, e.Message);
            }
        }
        foreach (var some in read.Chunk(_batch))
        {
            cancellation.ThrowIfCancellationRequested();
            var vectors = Run([.. some.Select(s => s.Tokens)]);
            if (vectors[0].Length != Dimension) throw new OnnxException($"The model's vectors had {Dimension} numbers and now have {vectors[0].Length}: it cannot be used here.");
            foreach (var ((index, _), vector) in some.Zip(vectors)) results[index] = EncodedFile.Of(vector);
        }
        return results;
    }

    private float[][] Run(int[][] texts)
    {
        var (count, steps) = (_fixedBatch ?? texts.Length, _fixedSteps ?? texts.Max(t => t.Length));
        long[] tokens = new long[count * steps], mask = new long[count * steps];
        Array.Fill(tokens, _text.Tokenizer.Padding);
        for (var row = 0; row < count; row++)
        {
            // a batch of a fixed size is filled up with its last text
            var text = texts[Math.Min(row, texts.Length - 1)];
            for (var i = 0; i < text.Length; i++) (tokens[row * steps + i], mask[row * steps + i]) = (text[i], 1);
        }
        long[] shape = [count, steps];
        var (values, answer) = _model.Run([.. _model.Inputs.Select(input => new OnnxInput(input.Name, input.Name switch { Tokens => tokens, Mask => mask, _ => new long[count * steps] }, shape))], _output);
        if (_text.Pooling == TextPooling.Model)
        {
            var own = ModelOutput.RequireVectors(_output, values, answer, count);
            return [.. texts.Select((_, row) => values[(row * own)..((row + 1) * own)])];
        }
        if (answer is not [var rows, var times, var width] || rows != count || times != steps || width < 1)
            throw new OnnxException($"The output '{_output}' is [{string.Join(", ", answer)}] for {count} texts of {steps} tokens, which is not one vector a token: name another with \"output\", or set \"pooling\" to \"model\".");
        return [.. texts.Select((text, row) => Pool(values.AsSpan(row * steps * (int)width, text.Length * (int)width), (int)width))];
    }

    /// <summary>The vector of a text from those of its tokens, padding left out.</summary>
    private float[] Pool(ReadOnlySpan<float> vectors, int width)
    {
        if (_text.Pooling == TextPooling.First) return vectors[..width].ToArray();
        var sums = new double[width];
        for (var i = 0; i < vectors.Length; i++) sums[i % width] += vectors[i];
        var count = vectors.Length / width;
        return [.. sums.Select(s => (float)(s / count))];
    }
}
