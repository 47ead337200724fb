using System.Text;
using Croma.Onnx;
using Croma.Onnx.Features;
using Croma.Onnx.Preprocessing;

namespace Croma.Tests.Onnx;

/// <summary>From texts to tokens, and through a model. Expected tokens are worked out by hand from the vocabularies.</summary>
public sealed class TextEncodingTests : IDisposable
{
    private const string Plain = """{"text": {"tokenizer": "vocab.txt"}}""";

    private readonly TemporaryFolder _folder = new();

    public TextEncodingTests()
    {
        File.WriteAllText(_folder["vocab.txt"], TextFiles.WordPiece);
        File.WriteAllBytes(_folder["tiny.model"], TextFiles.SentencePiece());
        File.WriteAllText(_folder["vocab.json"], """{"<s>": 0, "<pad>": 1, "</s>": 2, "c": 3, "a": 4, "t": 5, "ca": 6, "cat": 7, "\u0120": 8, "\u0120cat": 9, "s": 10}""");
        File.WriteAllText(_folder["merges.txt"], "#version: 0.2\nc a\nca t\n\u0120 cat\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("The CAFÉ cats!", new[] { 2, 5, 8, 6, 7, 9, 3 })]
    [InlineData("thecat", new[] { 2, 1, 3 })]
    [InlineData("", new[] { 2, 3 })]
    [InlineData("the the the the the the the", new[] { 2, 5, 5, 5, 5, 5, 3 })]
    public void WordPiece_takes_the_longest_pieces_and_cuts_what_is_too_long(string text, int[] tokens) =>
        Assert.Equal(tokens, Read("""{"text": {"tokenizer": "vocab.txt", "maxTokens": 7}}""").Text!.Apply(text));

    [Theory]
    [InlineData("\u00e9\u00c5\u00f1", "eAn")]
    [InlineData("e\u0301a", "ea")]
    [InlineData("\u0439\u0451 \u1f71\u1ea5", "\u0438\u0435 \u03b1a")]
    [InlineData("\ud55c\uae00\uac00", "\u1112\u1161\u11ab\u1100\u1173\u11af\u1100\u1161")]
    [InlineData("stra\u00dfe \u4e2d\ud83d\ude00 \u0111", "stra\u00dfe \u4e2d\ud83d\ude00 \u0111")]
    public void Accents_are_taken_away_as_Unicode_s_decomposition_has_them(string text, string plain) => Assert.Equal(plain, Accents.Remove(text));

    [Fact]
    public void A_cased_vocabulary_keeps_capitals_and_accents()
    {
        var text = Read("""{"text": {"tokenizer": "vocab.txt", "lowercase": false, "begin": "", "end": "!"}}""").Text!;
        Assert.Equal([5, 1, 1, 9], text.Apply("the The café"));
    }

    [Fact]
    public void SentencePiece_takes_the_likeliest_pieces()
    {
        // _the (-1) _cat (-2.5) s (-2): -5.5; with _c (-3) at (-2) it is -8
        var text = Read("""{"text": {"tokenizer": "tiny.model", "padding": ""}}""").Text!;
        Assert.Equal([3, 6, 7, 2], text.Apply("the cats"));
        Assert.Equal([1, 3, 6], Read("""{"text": {"tokenizer": "tiny.model", "begin": "<s>", "end": "", "padding": "<unk>"}}""").Text!.Apply("the cat"));
    }

    [Fact]
    public void Byte_level_BPE_merges_in_the_order_of_its_rules() =>
        Assert.Equal([0, 7, 9, 10, 2], Read("""{"text": {"tokenizer": "vocab.json", "merges": "merges.txt"}}""").Text!.Apply("cat cats"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Padding_is_masked_and_left_out_of_the_mean(int batch)
    {
        using var model = new OnnxModel(OnnxLibrary.Require(), TextFiles.Model(_folder.Path));
        var encoded = Encode(model, Plain, batch, "the cat", "cats! the cafe cats", "the");
        int[][] tokens = [[2, 5, 6, 3], [2, 6, 7, 9, 5, 8, 6, 7, 3], [2, 5, 3]];
        foreach (var (own, result) in tokens.Zip(encoded))
            for (var i = 0; i < 2; i++) Assert.Equal(own.Average(t => TextFiles.Vector(t)[i]), result.Features![i], 1e-5f);
    }

    [Fact]
    public void The_first_token_or_the_model_s_own_vector_can_be_taken()
    {
        using var model = new OnnxModel(OnnxLibrary.Require(), TextFiles.Model(_folder.Path));
        Assert.Equal(TextFiles.Vector(2), Encode(model, """{"text": {"tokenizer": "vocab.txt", "pooling": "first"}}""", 2, "the", "cat !")[1].Features!);
        // one text a batch, so that no padding is in the model's own sum
        Assert.Equal([2 + 5 + 3, 4 + 25 + 9], Encode(model, """{"text": {"tokenizer": "vocab.txt", "pooling": "model"}}""", 1, "cat", "the")[1].Features!);
    }

    [Fact]
    public void A_model_of_fixed_sizes_gets_them()
    {
        using var model = new OnnxModel(OnnxLibrary.Require(), TextFiles.Model(_folder.Path, batch: 2, steps: 6));
        const string Six = """{"text": {"tokenizer": "vocab.txt", "maxTokens": 6}}""";
        var encoded = Encode(model, Six, 32, "the", "cat", "! !");
        Assert.Equal([(2 + 5 + 3) / 3f, (2 + 6 + 3) / 3f, (2 + 9 + 9 + 3) / 4f], encoded.Select(e => e.Features![0]));
        Assert.Contains("'text.maxTokens' must be at most that, not 128", Assert.Throws<CromaException>(() => Encode(model, Plain, 2, "the")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_cannot_be_used_are_named_with_their_reason()
    {
        using var model = new OnnxModel(OnnxLibrary.Require(), TextFiles.Model(_folder.Path));
        File.WriteAllText(_folder["a.txt"], "\uFEFFthe cat\n");
        File.WriteAllBytes(_folder["b.txt"], [0x74, 0xe9]);
        EncodingInput[] inputs = [new(_folder["a.txt"]), new(_folder["b.txt"]), new("row 3", " "), new(_folder["none.txt"]), new("row 5", "the cat")];
        var encoded = new FeatureEncoder(model, Read(Plain), 8).Encode(inputs, _folder["scratch"], TestContext.Current.CancellationToken);
        Assert.Contains("is not UTF-8", encoded[1].Reason, StringComparison.Ordinal);
        Assert.Contains("row 3: the text has 0 bytes", encoded[2].Reason, StringComparison.Ordinal);
        Assert.Contains("cannot be read", encoded[3].Reason, StringComparison.Ordinal);
        Assert.Equal(encoded[4].Features, encoded[0].Features);
    }

    [Fact]
    public void Tables_and_files_are_inputs()
    {
        Directory.CreateDirectory(_folder["texts"]);
        File.WriteAllText(_folder["texts/b.txt"], "the");
        File.WriteAllText(_folder["texts/c.png"], "");
        File.WriteAllText(_folder["named.csv"], "name,text\none,the cat\n\"two, too\",\"a, b\"\n");
        File.WriteAllText(_folder["plain.jsonl"], "{\"text\": \"the\"}\n{\"text\": \"cat\"}\n");
        File.WriteAllText(_folder["paths.csv"], "path\nx.txt\n");
        var found = EncodingInputs.Find([_folder["texts"], _folder["named.csv"], _folder["plain.jsonl"], _folder["paths.csv"]], EncodingKind.Texts);
        Assert.Equal([new(_folder["texts/b.txt"]), new("one", "the cat"), new("two, too", "a, b"), new($"{_folder["plain.jsonl"]}, line 1", "the"), new($"{_folder["plain.jsonl"]}, line 2", "cat"), new(_folder["x.txt"])], found.Items);
        Assert.Equal([_folder["texts/c.png"]], found.Ignored);
        File.WriteAllText(_folder["twice.csv"], "name,text\none,the\none,cat\n");
        Assert.Contains("'one' is given twice", Assert.Throws<CromaException>(() => EncodingInputs.Find([_folder["twice.csv"]], EncodingKind.Texts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_tokenizer_is_another_job()
    {
        var before = Read(Plain).Json;
        File.AppendAllText(_folder["vocab.txt"], "dog\n");
        Assert.NotEqual(before, Read(Plain).Json);
    }

    [Theory]
    [InlineData("""{"text": {}}""", "'text.tokenizer' is missing")]
    [InlineData("""{"text": {"tokenizer": "vocab.bin"}}""", "is a vocab.txt (WordPiece)")]
    [InlineData("""{"text": {"tokenizer": "none.txt"}}""", "there is no file 'none.txt'")]
    [InlineData("""{"text": {"tokenizer": "../vocab.txt"}}""", "leaves the folder")]
    [InlineData("""{"text": {"tokenizer": "/etc/passwd.txt"}}""", "is absolute")]
    [InlineData("""{"text": {"tokenizer": "vocab.json"}}""", "'text.merges' is missing")]
    [InlineData("""{"text": {"tokenizer": "vocab.txt", "merges": "merges.txt"}}""", "'text.merges' belongs to a vocab.json")]
    [InlineData("""{"text": {"tokenizer": "few.txt"}}""", "no such vocabulary")]
    [InlineData("""{"text": {"tokenizer": "bad.model"}}""", "no such vocabulary")]
    [InlineData("""{"text": {"tokenizer": "bad.json", "merges": "merges.txt"}}""", "no such vocabulary")]
    [InlineData("""{"text": {"tokenizer": "vocab.txt", "begin": "<s>"}}""", "'text.begin' is '<s>', which the vocabulary has not")]
    [InlineData("""{"text": {"tokenizer": "vocab.txt", "maxTokens": 2}}""", "'text.maxTokens' leaves no room for words")]
    [InlineData("""{"text": {"tokenizer": "vocab.txt", "pooling": "last"}}""", "'text.pooling' is one of mean, first, model")]
    [InlineData("""{"text": {"tokenizer": "vocab.txt", "lowercase": "yes"}}""", "'text.lowercase' is true or false")]
    [InlineData("""{"text": {"tokenizer": "vocab.txt"}, "image": {"size": 2}}""", "give one of the sections")]
    public void What_is_wrong_is_one_line(string json, string message)
    {
        File.WriteAllText(_folder["few.txt"], "the\ncat\n");
        File.WriteAllBytes(_folder["bad.model"], [1, 2, 3, 255, 255]);
        File.WriteAllText(_folder["bad.json"], """{"a": "b"}""");
        var error = Assert.Throws<CromaException>(() => Read(json)).Message;
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void A_model_that_is_not_of_texts_is_one_line()
    {
        var runtime = OnnxLibrary.Require();
        using (var model = new OnnxModel(runtime, TextFiles.Model(_folder.Path, tokens: "ids")))
            Assert.Contains("input 'ids' is not what texts are given as", Assert.Throws<OnnxException>(() => Encode(model, Plain, 1, "the")).Message, StringComparison.Ordinal);
        using (var model = new OnnxModel(runtime, MediaFiles.ImageModel(_folder.Path)))
            Assert.Contains("input 'pixels' is not what texts", Assert.Throws<OnnxException>(() => Encode(model, Plain, 1, "the")).Message, StringComparison.Ordinal);
        using (var model = new OnnxModel(runtime, TextFiles.Model(_folder.Path)))
            Assert.Contains("which is not one vector a token", Assert.Throws<OnnxException>(() => Encode(model, """{"text": {"tokenizer": "vocab.txt"}, "output": "third"}""", 1, "the")).Message, StringComparison.Ordinal);
    }

    private EncoderPreprocessing Read(string json)
    {
        File.WriteAllText(_folder["pre.json"], json, Encoding.UTF8);
        return EncoderPreprocessing.Read(_folder["pre.json"]);
    }

    private IReadOnlyList<EncodedFile> Encode(OnnxModel model, string json, int batch, params string[] texts) =>
        new FeatureEncoder(model, Read(json), batch).Encode([.. texts.Select((text, i) => new EncodingInput($"{i}", text))], _folder["scratch"], TestContext.Current.CancellationToken);
}
