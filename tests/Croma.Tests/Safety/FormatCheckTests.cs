using System.Text;
using System.Text.Json.Nodes;
using Croma.Configuration;
using Croma.Data.Formats;
using Croma.Datasets.Checks;
using Croma.Fuzz;

namespace Croma.Tests.Safety;

/// <summary>croma data check: every format, sound and not.</summary>
public sealed class FormatCheckTests : IDisposable
{
    private static readonly Lazy<IReadOnlyList<FuzzKind>> s_kinds = new(FuzzKinds.All);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("safetensors", "safetensors")]
    [InlineData("npy", "NumPy array")]
    [InlineData("npz", "archive of NumPy arrays")]
    [InlineData("labels", "CSV table")]
    [InlineData("features", "CSV table")]
    [InlineData("configuration", "configuration")]
    [InlineData("run", "run record")]
    [InlineData("plan", "plan of tasks")]
    [InlineData("checkpoint", "checkpoint")]
    [InlineData("model", "model")]
    [InlineData("classifier", "classifier")]
    [InlineData("index", "index")]
    [InlineData("dataset", "data set")]
    public void A_sound_file_is_called_what_it_is(string kind, string called)
    {
        var verdict = Check(Put(kind));
        Assert.Equal(called, verdict.Kind);
        Assert.Empty(verdict.Findings);
    }

    [Theory]
    [InlineData("safetensors")]
    [InlineData("npy")]
    [InlineData("npz")]
    [InlineData("run")]
    [InlineData("plan")]
    [InlineData("checkpoint")]
    [InlineData("model")]
    [InlineData("classifier")]
    [InlineData("index")]
    [InlineData("dataset")]
    public void Without_its_last_byte_it_is_not_sound(string kind)
    {
        var path = Put(kind);
        var file = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.safetensors").Order(StringComparer.Ordinal).First() : path;
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..^1]);
        Assert.Contains(file, Check(path).Findings[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model", "model.json", "formatVersion")]
    [InlineData("dataset", "manifest.json", "formatVersion")]
    public void A_newer_folder_is_refused_as_newer_and_not_for_what_it_has_more(string kind, string file, string key)
    {
        var path = Put(kind);
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(path, file)))!.AsObject();
        (json[key], json["whatever comes later"]) = (99, true);
        File.WriteAllText(Path.Combine(path, file), json.ToJsonString());
        var finding = Assert.Single(Check(path).Findings).ToString();
        Assert.Contains("99", finding, StringComparison.Ordinal);
        Assert.Contains("newer", finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classifier", "croma")]
    [InlineData("index", "croma")]
    [InlineData("checkpoint", "position")]
    public void A_newer_file_is_refused_as_newer_and_not_for_what_it_has_more(string kind, string metadata)
    {
        var path = Put(kind);
        Rewrite(path, metadata, json => (json["formatVersion"], json["whatever comes later"]) = (99, true));
        Assert.Matches("format version 99, this program reads up to [0-9]+: use a newer version", Assert.Single(Check(path).Findings).ToString());
    }

    [Theory]
    [InlineData("dimension", 1 << 30, "encoders.dimension is 1073741824; it must be from 1 to")]
    [InlineData("dimension", 0, "encoders.dimension is 0; it must be from 1 to")]
    [InlineData("dimension", 16384, "they do not belong together")]
    [InlineData("speechLayers", 1_000_000_000, "encoders.speechLayers is 1000000000")]
    public void A_model_takes_no_more_memory_than_its_file_justifies(string setting, int value, string reason)
    {
        var path = Put("model");
        var file = Path.Combine(path, "model.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        json["configuration"]!["encoders"]![setting] = value;
        File.WriteAllText(file, json.ToJsonString());
        Assert.Contains(reason, Assert.Throws<DataFormatException>(() => TrainedModel.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"training": {"ways": 3}, "training": {"ways": 4}}""", "twice")]
    [InlineData("""{"profile": "\ud800"}""", "Unicode")]
    [InlineData("""{"encoders": {"hidden": 2000000000}}""", "encoders.hidden is 2000000000; it must be from 1 to")]
    [InlineData("""{"training": {"alignmentLoss": "x"}}""", "training.alignmentLoss is 'x'; it must be one of nce")]
    public void A_configuration_that_cannot_be_is_refused_with_the_file_and_the_setting(string json, string reason)
    {
        var path = Write("x.json", json);
        var message = Assert.Throws<CromaException>(() => ConfigurationFile.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_many_files_is_checked_file_by_file()
    {
        foreach (var kind in new[] { "npy", "run", "index" }) Put(kind, "all/" + kind);
        Put("model", "all/deep/model");
        Assert.Equal(("4 files", 0), (Check(_folder["all"]).Kind, Check(_folder["all"]).Findings.Count));
        Write("all/broken.npz", "no archive");
        Assert.StartsWith(_folder["all/broken.npz"], Assert.Single(Check(_folder["all"]).Findings).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.txt", "words", "is of no kind that Croma reads")]
    [InlineData("x.json", "{\"words\": 1}", "is of no kind that Croma reads")]
    [InlineData("x.csv", "path,label\n../../secret.txt,cat\n", "line 2: the path '../../secret.txt' leaves the folder")]
    [InlineData("x.csv", "path,label\n\"C:\\secret.txt\",cat\n", "line 2: the path 'C:\\secret.txt' is absolute")]
    [InlineData("x.jsonl", "{\"text\": \"a\", \"label\": \"b\"}\n{\"path\": \"/etc/passwd\", \"label\": \"b\"}\n", "line 2: the path '/etc/passwd' is absolute")]
    [InlineData("x.csv", "a,b\n1,2\n1,two\n", "line 3, column 'b': 'two' is no number")]
    public void What_is_wrong_is_named_with_its_place(string name, string text, string reason)
    {
        var path = Write(name, text);
        var finding = Assert.Single(Check(path).Findings).ToString();
        Assert.StartsWith(path, finding, StringComparison.Ordinal);
        Assert.Contains(reason, finding, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_is_a_finding() => Assert.EndsWith("there is no such file or folder", Assert.Single(Check(_folder["nothing"]).Findings).ToString(), StringComparison.Ordinal);

    [Fact]
    public void An_empty_folder_is_a_finding() => Assert.Contains("nothing in this folder", Assert.Single(Check(_folder.Path).Findings).ToString(), StringComparison.Ordinal);

    private static FormatVerdict Check(string path) => FormatCheck.Run(path, TestContext.Current.CancellationToken);

    private string Put(string kind, string name = "sound")
    {
        var seed = s_kinds.Value.Single(k => k.Name == kind).Seeds[0];
        foreach (var (file, content) in seed.Files)
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(_folder[name]).FullName, file), content);
        return seed.Open.Length == 0 ? _folder[name] : Path.Combine(_folder[name], seed.Open);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text, new UTF8Encoding(false));
        return _folder[name];
    }

    private static void Rewrite(string path, string metadata, Action<JsonObject> change)
    {
        SafetensorsArray[] arrays;
        Dictionary<string, string> all;
        using (var file = SafetensorsFile.Open(path))
        {
            var json = JsonNode.Parse(file.Metadata[metadata])!.AsObject();
            change(json);
            all = new Dictionary<string, string>(file.Metadata) { [metadata] = json.ToJsonString() };
            var content = File.ReadAllBytes(path);
            arrays = [.. file.Tensors.Select(t => new SafetensorsArray(t.Name, t.Type, t.Shape, to => to.Write(content, (int)t.Offset, (int)t.Bytes)))];
        }
        SafetensorsWriter.Write(path, arrays, all);
    }
}
