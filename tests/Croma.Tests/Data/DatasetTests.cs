using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Croma.Data;
using Croma.Data.Formats;

namespace Croma.Tests.Data;

public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_was_written_is_read_back()
    {
        Sound().Write(_folder.Path);
        using var dataset = CrossModalDataset.Open(_folder.Path);
        Assert.Equal("tiny", dataset.Name);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder["manifest.json"]))), dataset.Sha256);
        Assert.Equal([new Concept("a", "Ähnlich", ConceptSplit.MetaTrain), new Concept("b", "B", ConceptSplit.MetaTest)], dataset.Concepts);
        Assert.Equal((ModalityKind.Bytes, 0, 6, "text"), (dataset.Source.Kind, dataset.Source.Contents.Width, dataset.Source.Count, dataset.Source.Name));
        Assert.Equal((ModalityKind.Frames, 2, 6, 100.0), (dataset.Target.Kind, dataset.Target.Contents.Width, dataset.Target.Count, dataset.Target.Contents.Shape.FramesPerSecond));
        Assert.Equal("a1"u8.ToArray(), dataset.Source.Contents.Bytes(1).ToArray());
        Assert.Equal((1, Part.Target, 2), (dataset.Target.Concept(5), dataset.Target.Part(5), dataset.Target.Group(5)));
        Assert.Equal(3, dataset.Target.Contents.Length(5));
        var frames = new float[4];
        dataset.Target.Contents.CopyFrames(5, 1, 2, frames);
        Assert.Equal([12, 13, 14, 15], frames);
        Assert.Equal([new StrongPair(0, 0), new StrongPair(3, 3)], dataset.StrongPairs);
        Assert.Empty(Check(_folder.Path));
    }

    [Fact]
    public void Features_have_one_row_a_sample()
    {
        var writer = new DatasetWriter("f", 1, ModalityWriter.Features("image", 3), ModalityWriter.Features("audio", 2));
        var concept = writer.AddConcept("a", "A", ConceptSplit.MetaTrain);
        writer.Source.Add(concept, Part.Alignment, ModalityData.NoGroup, [(Half)1, (Half)2, (Half)3]);
        writer.Source.Add(concept, Part.Source, ModalityData.NoGroup, [(Half)4, (Half)5, (Half)6]);
        writer.Target.Add(concept, Part.Target, ModalityData.NoGroup, [(Half)7, (Half)8]);
        writer.Write(_folder.Path);
        using var dataset = CrossModalDataset.Open(_folder.Path);
        var row = new float[3];
        dataset.Source.Contents.CopyFrames(1, 0, 1, row);
        Assert.Equal([4, 5, 6], row);
        Assert.Equal((1, 2), (dataset.Source.Contents.Length(1), dataset.Source.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Source.Contents.CopyFrames(2, 0, 1, row));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Source.Contents.CopyFrames(1, 0, 2, new float[6]));
        Assert.Throws<InvalidOperationException>(() => dataset.Source.Contents.Bytes(0).Length);
        Assert.Empty(Check(_folder.Path));
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes()
    {
        Sound().Write(_folder["x"]);
        Sound().Write(_folder["y"]);
        foreach (var file in Directory.GetFiles(_folder["x"]))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(_folder["y"], Path.GetFileName(file))));
    }

    [Theory]
    [InlineData("\"seed\": 1", "\"seed\": 1, \"sead\": 2", "sead")]
    [InlineData("\"seed\": 1", "\"seed\": \"1\"", "line")]
    [InlineData("\"seed\": 1", "\"seed\": 1, \"seed\": 2", "seed")]
    [InlineData("  \"seed\": 1,\n", "", "seed")]
    [InlineData("\"name\": \"tiny\"", "\"name\": null", "line")]
    [InlineData("meta-test", "meta-rest", "line")]
    [InlineData("\"text.safetensors\"", "\"../text.safetensors\"", "text.safetensors")]
    [InlineData("croma-dataset", "croma-model", "no data-set manifest")]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 6", "newer")]
    [InlineData("\"split\": \"meta-train\"", "\"split\": \"meta-train\", \"cluster\": \"x\"", "formatVersion")]
    [InlineData("\"id\": \"b\"", "\"id\": \"a\"", "twice")]
    [InlineData("\"synthetic\": []", "\"synthetic\": [\"smell\"]", "smell")]
    [InlineData("\"kind\": \"frames\"", "\"kind\": \"features\"", "no place")]
    [InlineData("\"features\": 2", "\"features\": 3", "rows")]
    public void A_faulty_manifest_is_refused_with_its_reason(string old, string replacement, string reason)
    {
        Sound().Write(_folder.Path);
        var path = _folder["manifest.json"];
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, replacement, StringComparison.Ordinal));
        var error = Assert.ThrowsAny<CromaException>(() => CrossModalDataset.Open(_folder.Path));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.NotEmpty(Check(_folder.Path));
    }

    [Fact]
    public void A_file_that_leaves_its_folder_by_a_link_is_refused()
    {
        Sound().Write(_folder["set"]);
        File.Move(_folder["set/text.safetensors"], _folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["set/text.safetensors"], _folder["elsewhere"]);
        Assert.Contains("link", Assert.Throws<CromaException>(() => CrossModalDataset.Open(_folder["set"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_data_set_is_reported_and_not_thrown()
    {
        Assert.Contains("no data set here", Assert.Single(Check(_folder["nowhere"])).What, StringComparison.Ordinal);
        File.WriteAllText(_folder["manifest.json"], "{");
        Assert.Single(Check(_folder.Path));
        File.WriteAllText(_folder["manifest.json"], "");
        Assert.Single(Check(_folder.Path));
    }

    [Fact]
    public void A_changed_byte_is_found_by_its_checksum()
    {
        Sound().Write(_folder.Path);
        var path = _folder["text.safetensors"];
        var bytes = File.ReadAllBytes(path);
        bytes[Encoding.Latin1.GetString(bytes).IndexOf("a1", StringComparison.Ordinal)] ^= 1;
        File.WriteAllBytes(path, bytes);
        var finding = Assert.Single(Check(_folder.Path));
        Assert.Contains("SHA-256", finding.What, StringComparison.Ordinal);
        Assert.Equal(path, finding.Where);
    }

    [Fact]
    public void A_missing_file_and_one_of_the_wrong_length_are_found()
    {
        Sound().Write(_folder.Path);
        File.AppendAllText(_folder["speech.safetensors"], "x");
        Assert.Contains(Check(_folder.Path), finding => finding.What.Contains("bytes; the manifest says", StringComparison.Ordinal));
        File.Delete(_folder["speech.safetensors"]);
        Assert.Contains("missing", Assert.Single(Check(_folder.Path)).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("concept", "'concept' of sample 6 is 2")]
    [InlineData("part", "'part' of sample 6 is 3")]
    [InlineData("nan", "not a finite number")]
    [InlineData("infinity", "not a finite number")]
    [InlineData("leak", "group 1 is in the part Target here and in Source elsewhere")]
    [InlineData("pair-part", "it pairs a sample of the part Source with one of Source")]
    [InlineData("pair-concept", "it pairs 'a' with 'b'")]
    [InlineData("pair-group", "it pairs group 0 with group 9")]
    [InlineData("pair-twice", "repeats an earlier pair")]
    [InlineData("pair-range", "there are 6 source and 6 target samples")]
    [InlineData("no-samples", "the concept 'c' has no samples of 'text'")]
    [InlineData("empty", "the sample is empty")]
    public void The_check_finds_each_planted_fault(string fault, string what)
    {
        var writer = Sound();
        Half[] frame = [(Half)1, (Half)2];
        switch (fault)
        {
            case "concept": writer.Target.Add(2, Part.Alignment, 0, frame); break;
            case "part": writer.Target.Add(0, (Part)3, 0, frame); break;
            case "nan": writer.Target.Add(0, Part.Alignment, 0, [(Half)1, Half.NaN]); break;
            case "infinity": writer.Target.Add(0, Part.Alignment, 0, [Half.NegativeInfinity, (Half)1]); break;
            case "leak": writer.Target.Add(0, Part.Target, 1, frame); break;
            case "pair-part": writer.AddPair(1, 1); break;
            case "pair-concept": writer.AddPair(0, 3); break;
            case "pair-group": writer.AddPair(0, writer.Target.Add(0, Part.Alignment, 9, frame)); break;
            case "pair-twice": writer.AddPair(0, 0); break;
            case "pair-range": writer.AddPair(0, 6); break;
            case "no-samples": writer.AddConcept("c", "C", ConceptSplit.MetaTrain); break;
            case "empty": writer.Source.Add(0, Part.Source, 1, ReadOnlySpan<byte>.Empty); break;
        }
        writer.Write(_folder.Path);
        Assert.Contains(Check(_folder.Path), finding => finding.What.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void Offsets_that_fall_or_leave_the_values_are_refused()
    {
        foreach (long[] offsets in new[] { [0, 2, 1, 3], [0, 1, 2, 4], [1, 2, 2, 3], new long[] { 0, 1, 2 } })
        {
            Sound().Write(_folder.Path);
            var path = _folder["text.safetensors"];
            SafetensorsWriter.Write(path,
            [
                SafetensorsArray.Of<byte>("values", new byte[3], 3),
                SafetensorsArray.Of<long>("offsets", offsets, offsets.Length),
                SafetensorsArray.Of<int>("concept", new int[3], 3),
                SafetensorsArray.Of<byte>("part", new byte[3], 3),
                SafetensorsArray.Of<int>("group", new int[3], 3),
            ]);
            var manifest = File.ReadAllText(_folder["manifest.json"]);
            using (var dataset = JsonDocument.Parse(manifest))
            {
                var old = dataset.RootElement.GetProperty("files").GetProperty("text.safetensors").GetProperty("bytes").GetInt64();
                File.WriteAllText(_folder["manifest.json"], manifest.Replace($"\"bytes\": {old}", $"\"bytes\": {new FileInfo(path).Length}", StringComparison.Ordinal));
            }
            Assert.Throws<DataFormatException>(() => CrossModalDataset.Open(_folder.Path));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static IReadOnlyList<DatasetFinding> Check(string folder) => DatasetCheck.Run(folder, TestContext.Current.CancellationToken);

    /// <summary>Two concepts, each with one sample a part and modality; sample i of speech has i / 2 + 1 frames.</summary>
    private static DatasetWriter Sound()
    {
        var writer = new DatasetWriter("tiny", 1, ModalityWriter.Bytes("text"), ModalityWriter.Frames("speech", 2, 100))
        {
            Description = "A data set for tests.",
            Provenance = [new Provenance("numbers", "this test", "1", "MIT", "")],
        };
        var concepts = new[] { writer.AddConcept("a", "Ähnlich", ConceptSplit.MetaTrain), writer.AddConcept("b", "B", ConceptSplit.MetaTest) };
        foreach (var concept in concepts)
            for (var part = 0; part < 3; part++)
            {
                var text = writer.Source.Add(concept, (Part)part, part, Encoding.UTF8.GetBytes($"{(char)('a' + concept)}{part}"));
                var frames = Enumerable.Range(10, 2 * (text / 2 + 1)).Select(value => (Half)value).ToArray();
                var speech = writer.Target.Add(concept, (Part)part, part, frames);
                if (part == 0) writer.AddPair(text, speech);
            }
        return writer;
    }
}
