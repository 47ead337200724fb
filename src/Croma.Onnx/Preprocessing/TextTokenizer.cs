using System.Security.Cryptography;
using System.Text;
using Croma.Datasets.Import;
using Microsoft.ML.Tokenizers;

namespace Croma.Onnx.Preprocessing;

/// <summary>What of a tokenizer its files do not say.</summary>
/// <param name="LowerCase">Whether BERT's makes letters small and takes their accents away.</param>
/// <param name="Begin">The token that begins a text; null: as usual for the kind of tokenizer; empty: none.</param>
/// <param name="End">The token that ends it, likewise.</param>
/// <param name="Padding">The token behind shorter texts of a batch, likewise.</param>
internal sealed record TokenizerOptions(bool LowerCase, string? Begin, string? End, string? Padding);

/// <summary>
/// Cuts texts into the tokens that a model was trained on: BERT's WordPiece (vocab.txt), SentencePiece (.model), or byte-level
/// BPE as GPT-2 and RoBERTa have it (vocab.json and merges.txt). Safe to use from many threads.
/// </summary>
public sealed class TextTokenizer
{
    private const long LargestFile = 64L << 20;

    private readonly Func<string, int, IReadOnlyList<int>> _encode;
    private readonly int[] _begin, _end;

    private TextTokenizer(Func<string, int, IReadOnlyList<int>> encode, int[] begin, int[] end, int padding, string sha256) =>
        (_encode, _begin, _end, Padding, Sha256) = (encode, begin, end, padding, sha256);

    /// <summary>The token behind shorter texts of a batch.</summary>
    public int Padding { get; }

    /// <summary>Of its files, one behind the other.</summary>
    public string Sha256 { get; }

    /// <summary>Tokens that every text has: those that begin and end it.</summary>
    public int Added => _begin.Length + _end.Length;

    /// <summary>A text's tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">At most so many, more than <see cref="Added"/>.</param>
    public int[] Encode(string text, int most) => [.. _begin, .. _encode(text, most - Added).Take(most - Added), .. _end];

    /// <summary>Opens a tokenizer by its file's ending.</summary>
    /// <param name="folder">The folder in which its files must lie.</param>
    /// <param name="file">The file.</param>
    /// <param name="merges">The file of merges, of BPE.</param>
    /// <param name="options">What the files do not say.</param>
    /// <param name="error">Makes an exception of a key of the description and what is wrong with it.</param>
    internal static TextTokenizer Open(string folder, string file, string? merges, TokenizerOptions options, Func<string, string, CromaException> error)
    {
        var kind = Path.GetExtension(file).ToLowerInvariant();
        if (kind is not (".txt" or ".model" or ".json")) throw error("tokenizer", "is a vocab.txt (WordPiece), a .model (SentencePiece) or a vocab.json (BPE)");
        if (kind == ".json" != merges is not null) throw error("merges", kind == ".json" ? "is missing: BPE has a merges.txt beside its vocab.json" : "belongs to a vocab.json (BPE) only");
        byte[] vocabulary = Read(folder, file, error), rules = merges is null ? [] : Read(folder, merges, error);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData([.. vocabulary, .. rules]));
        try
        {
            return kind switch
            {
                ".txt" => WordPiece(vocabulary, options, sha256, error),
                ".model" => SentencePiece(vocabulary, options, sha256, error),
                _ => Bpe(vocabulary, rules, options, sha256, error),
            };
        }
        // the library fails in ways of its own on files that are none
        catch (Exception e) when (e is not (CromaException or OutOfMemoryException))
        {
            throw error("tokenizer", $"names '{file}', which is no such vocabulary: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static TextTokenizer WordPiece(byte[] file, TokenizerOptions options, string sha256, Func<string, string, CromaException> error)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, line) in Encoding.UTF8.GetString(file).Split('\n').Index()) tokens.TryAdd(line.TrimEnd('\r'), i);
        var tokenizer = BertTokenizer.Create(new MemoryStream(file), new BertOptions { LowerCaseBeforeTokenization = options.LowerCase });
        return Create((text, most) => tokenizer.EncodeToIds(options.LowerCase ? Accents.Remove(text) : text, most, addSpecialTokens: false, out _, out _), tokens, options, "[CLS]", "[SEP]", "[PAD]", sha256, error);
    }

    private static TextTokenizer SentencePiece(byte[] file, TokenizerOptions options, string sha256, Func<string, string, CromaException> error)
    {
        var tokenizer = SentencePieceTokenizer.Create(new MemoryStream(file), addBeginningOfSentence: false, addEndOfSentence: false);
        return Create((text, most) => tokenizer.EncodeToIds(text, most, out _, out _), tokenizer.Vocabulary, options, "", "</s>", "<pad>", sha256, error);
    }

    private static TextTokenizer Bpe(byte[] file, byte[] merges, TokenizerOptions options, string sha256, Func<string, string, CromaException> error)
    {
        var tokens = VocabularyJson.Read(file);
        var tokenizer = BpeTokenizer.Create(new BpeOptions(tokens)
        {
            Merges = Encoding.UTF8.GetString(merges).Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)),
            PreTokenizer = RobertaPreTokenizer.Instance,
            ByteLevel = true,
        });
        return Create((text, most) => tokenizer.EncodeToIds(text, most, out _, out _), tokens, options, "<s>", "</s>", "<pad>", sha256, error);
    }

    private static TextTokenizer Create(Func<string, int, IReadOnlyList<int>> encode, IReadOnlyDictionary<string, int> tokens, TokenizerOptions options, string begin, string end, string padding, string sha256, Func<string, string, CromaException> error)
    {
        return new TextTokenizer(encode, Token("begin", options.Begin ?? begin), Token("end", options.End ?? end), Token("padding", options.Padding ?? padding) is [var pad] ? pad : 0, sha256);

        int[] Token(string key, string token) => token.Length == 0 ? [] : tokens.TryGetValue(token, out var id) ? [id] : throw error(key, $"is '{token}', which the vocabulary has not: give another, or \"\" for none");
    }

    private static byte[] Read(string folder, string file, Func<string, string, CromaException> error)
    {
        var path = InputPaths.Within(folder, file, "the preprocessing");
        var length = new FileInfo(path).Length;
        return length <= LargestFile ? File.ReadAllBytes(path) : throw error("tokenizer", $"names '{file}', which has {length} bytes; at most {LargestFile} are read");
    }
}
