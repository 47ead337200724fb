using System.Text;
using Croma.Onnx;

namespace Croma.Tests.Onnx;

/// <summary>Small vocabularies of each kind, and a model of texts.</summary>
internal static class TextFiles
{
    /// <summary>WordPiece: the line's number is the token.</summary>
    public const string WordPiece = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\ncat\n##s\ncafe\n!\n";

    public const int Tokens = 11;

    /// <summary>The numbers of a token.</summary>
    public static float[] Vector(int token) => [token, token * token];

    /// <summary>
    /// `last_hidden_state` [N, tokens, 2]: each token's <see cref="Vector"/>, 1000 added where the mask is 0 and where the type is
    /// not; `pooler_output` [N, 2]: their sum, mask or not; `third` [N, tokens].
    /// </summary>
    public static string Model(string folder, string tokens = "input_ids", long batch = -1, long steps = -1)
    {
        var graph = new OnnxGraph();
        var ids = graph.IntegerInput(tokens, batch, steps);
        var (mask, types) = (graph.IntegerInput("attention_mask", batch, steps), graph.IntegerInput("token_type_ids", batch, steps));
        var table = graph.Constant([.. Enumerable.Range(0, Tokens).SelectMany(Vector)], Tokens, 2);
        var marks = graph.Add("Add", [graph.Add("Sub", [graph.Constant(1), mask]), types]);
        var numbers = graph.Add("Mul", [graph.Add("Cast", [marks], ("to", 1L)), graph.Constant([1000f])]);
        graph.AddAs("last_hidden_state", "Add", [graph.Add("Gather", [table, ids], ("axis", 0L)), graph.Add("Unsqueeze", [numbers, graph.Constant(2)])]);
        graph.AddAs("pooler_output", "ReduceSum", ["last_hidden_state", graph.Constant(1)], ("keepdims", 0L));
        graph.AddAs("third", "Identity", [numbers]);
        graph.Output("last_hidden_state", batch, steps, 2);
        graph.Output("pooler_output", batch, 2);
        graph.Output("third", batch, steps);
        var path = Path.Combine(folder, "text.onnx");
        File.WriteAllBytes(path, graph.ToBytes("test", []));
        return path;
    }

    /// <summary>A SentencePiece model of the kind unigram: pieces with their scores (sentencepiece_model.proto).</summary>
    public static byte[] SentencePiece()
    {
        (string Piece, float Score, byte Type)[] pieces =
        [
            ("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("\u2581the", -1, 1), ("\u2581c", -3, 1), ("at", -2, 1), ("\u2581cat", -2.5f, 1), ("s", -2, 1), ("\u2581", -4, 1), ("t", -6, 1), ("h", -6, 1),
        ];
        byte[] model = [.. pieces.SelectMany(p => Part(1, [.. Part(1, Encoding.UTF8.GetBytes(p.Piece)), 0x15, .. BitConverter.GetBytes(p.Score), 0x18, p.Type]))];
        // trainer: model_type (3) unigram, unk_id (40), bos_id (41), eos_id (42), pad_id (43) -1; normaliser: add_dummy_prefix (3), remove_extra_whitespaces (4), escape_whitespaces (5)
        byte[] trainer = [0x18, 1, 0xc0, 2, 0, 0xc8, 2, 1, 0xd0, 2, 2, 0xd8, 2, .. Enumerable.Repeat((byte)0xff, 9), 1];
        return [.. model, .. Part(2, trainer), .. Part(3, [.. Part(1, "identity"u8), 0x18, 1, 0x20, 1, 0x28, 1])];

        static byte[] Part(int field, ReadOnlySpan<byte> content) => [(byte)(field << 3 | 2), (byte)content.Length, .. content];
    }
}
