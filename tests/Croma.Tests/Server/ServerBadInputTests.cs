using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Croma.Tests.Data;
using Croma.Tests.Datasets;
using Croma.Tests.Onnx;

namespace Croma.Tests.Server;

/// <summary>Bad inputs: each gets its status and a text that helps, and the server answers a good request as before. Slow clients, wrong tokens, foreign hosts and rates have classes of their own.</summary>
public sealed class ServerBadInputTests(ServerUnderFire fire) : IClassFixture<ServerUnderFire>
{
    private const string Create = "/api/classifiers";

    private static readonly byte[] s_wave = Waves.Noise("wave", 0.3);

    private static readonly Dictionary<string, (int Status, string Words, Func<ServerUnderFire, Task<Answer>> Send)> s_cases = new()
    {
        ["a body that is too large"] = (413, "at most 2097152 are taken", f => f.Server.Post(Create, new string(' ', 3 << 20))),
        ["a file that is too large"] = (413, "'big.wav' has more than 1048576 bytes", f => f.Server.Form(f.Features + "/predict", ("input", new byte[(1 << 20) + 1], "big.wav"))),
        ["a file in base64 that is too large"] = (413, "at most 1048576", f => f.Server.Post(f.Features + "/predict", new { inputs = new[] { new { audio = new byte[(1 << 20) + 1] } } })),
        ["a text that is too long"] = (413, "texts have at most 1000", f => f.Server.Post(Create, new { model = "texts", samples = new[] { new { @class = "a", text = new string('a', 1001) }, new { @class = "b", text = "b" } } })),
        ["too many files"] = (413, "more than 20 samples", f => f.Server.Form(f.Features + "/predict", [.. Enumerable.Range(0, 21).Select(i => ("input", (object)new byte[] { 1 }, (string?)$"{i}.npy"))])),
        ["too many inputs"] = (413, "at most 20 are taken", f => f.Server.Post(f.Features + "/predict", new { inputs = Enumerable.Range(0, 21).Select(_ => new { features = Sent.Numbers(0, 0) }) })),
        ["more samples than a classifier takes"] = (413, "at most 30 are taken", async f =>
        {
            await f.Server.Post(f.Features + "/samples", new { samples = Enumerable.Range(0, 20).Select(_ => ServerUnderFire.Numbers("a", 0)) });
            return await f.Server.Post(f.Features + "/samples", new { samples = Enumerable.Range(0, 20).Select(_ => ServerUnderFire.Numbers("a", 0)) });
        }),
        ["another content type"] = (415, "application/json or multipart/form-data", f => f.Server.Send(HttpMethod.Post, Create, new StringContent("<samples/>", Encoding.UTF8, "application/xml"))),
        ["no content type"] = (415, "application/json", f => f.Server.Send(HttpMethod.Post, Create, new ByteArrayContent("{}"u8.ToArray()))),
        ["a compressed body"] = (415, "compressed", f => f.Server.Send(HttpMethod.Post, Create, Compressed(new string(' ', 1 << 26)))),
        ["a file of the wrong type"] = (415, "is a picture", f => f.Server.Form(f.Features + "/predict", ("input", PngFile.Grey(2, 2, 2), "a.npy"))),
        ["a zip bomb"] = (415, "is a file of a kind that is not known here", f => f.Server.Form(f.Features + "/predict", ("input", ZipBomb(), "a.npz"))),
        ["a script that is called a sound"] = (415, "is text", f => f.Server.Form(f.Sounds + "/predict", ("input", "#EXTM3U\nfile:///etc/passwd\n"u8.ToArray(), "a.wav"))),
        ["a truncated sound"] = (422, "cannot be used", f => f.Server.Form(f.Sounds + "/predict", ("input", Ogg()[..600], "a.ogg"))),
        ["a sound that is too long"] = (422, "longer than 2 s", f => f.Server.Form(f.Sounds + "/predict", ("input", Waves.Noise("long", 2.5), "a.wav"))),
        ["a sound without sound"] = (422, "cannot be used", f => f.Server.Form(f.Sounds + "/predict", ("input", s_wave[..44], "a.wav"))),
        ["a picture with huge dimensions"] = (422, "cannot be used", f => f.Server.Form(f.Pictures + "/predict", ("input", PngFile.Grey(50_000, 50_000, rows: 4), "a.png"))),
        ["a picture that unpacks to very much"] = (422, "cannot be used", f => f.Server.Form(f.Pictures + "/predict", ("input", PngFile.Grey(65_000, 1000, rows: 1000), "a.png"))),
        ["a truncated picture"] = (422, "cannot be used", f => f.Server.Form(f.Pictures + "/predict", ("input", PngFile.Grey(40, 40, 40)[..60], "a.png"))),
        ["an array of the wrong length"] = (422, "has 5 numbers", f => f.Server.Form(f.Features + "/predict", ("input", NpyFiles.Of(new float[5], 5), "a.npy"))),
        ["an array with objects in it"] = (422, "no array that can be read", f => f.Server.Form(f.Features + "/predict", ("input", NpyFiles.Of("|O", new long[6], 6), "a.npy"))),
        ["an empty file"] = (422, "is empty", f => f.Server.Form(f.Features + "/predict", ("input", Array.Empty<byte>(), "a.npy"))),
        ["numbers of the wrong length"] = (422, "has 3 numbers; 'audio' takes 6", f => f.Server.Post(f.Features + "/predict", new { inputs = new[] { new { features = new[] { 1, 2, 3 } } } })),
        ["a number that is not finite"] = (422, "number 2", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[1,1e300,3,4,5,6]}]}""")),
        ["NaN"] = (400, "not well formed", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[1,NaN,3,4,5,6]}]}""")),
        ["a text among numbers"] = (400, "must hold numbers", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[1,"2",3,4,5,6]}]}""")),
        ["lists where one list is right"] = (422, "one list of 6", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[[1,2,3],[4,5,6]]}]}""")),
        ["an empty body"] = (400, "the body is empty", f => f.Server.Post(Create, "")),
        ["half of JSON"] = (400, "not well formed", f => f.Server.Post(Create, """{"samples":[{"class":"a","features":[1,2""")),
        ["JSON and more"] = (400, "not well formed", f => f.Server.Post(f.Features + "/predict", JsonSerializer.Serialize(Sent.Predict()) + "{}")),
        ["deep JSON"] = (400, "not well formed|nested", f => f.Server.Post(Create, new string('[', 100_000))),
        ["a member that there is not"] = (400, "no such member", f => f.Server.Post(f.Features + "/predict", """{"inputs":[],"falsAlarmRate":1}""")),
        ["a member that comes twice"] = (400, "twice", f => f.Server.Post(f.Features + "/predict", """{"inputs":[],"inputs":[]}""")),
        ["null for a list"] = (400, "no JSON that is understood", f => f.Server.Post(f.Features + "/predict", """{"inputs":null}""")),
        ["null for a sample"] = (400, "is null", f => f.Server.Post(f.Features + "/predict", """{"inputs":[null]}""")),
        ["a sample of two kinds"] = (400, "must have one of", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"text":"a","features":[1]}]}""")),
        ["base64 that is none"] = (400, "base64", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"audio":"***"}]}""")),
        ["base64 of something else"] = (422, "is no sound", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"audio":"aGVsbG8="}]}""")),
        ["no inputs"] = (422, "no input", f => f.Server.Post(f.Features + "/predict", """{"inputs":[]}""")),
        ["one class"] = (422, "two or more classes", f => f.Server.Post(Create, new { model = "features", samples = new[] { ServerUnderFire.Numbers("a", 0) } })),
        ["classes that differ in case only"] = (422, "differ in case only", f => f.Server.Post(Create, new { model = "features", samples = new[] { ServerUnderFire.Numbers("Dog", 0), ServerUnderFire.Numbers("dog", 1) } })),
        ["a class like one that is there"] = (422, "differ in case only", f => f.Server.Post(f.Features + "/samples", new { samples = new[] { ServerUnderFire.Numbers("A", 0) } })),
        ["a class without a name"] = (422, "from 1 to 100", f => f.Server.Post(f.Features + "/samples", new { samples = new[] { ServerUnderFire.Numbers("  ", 0) } })),
        ["a class with a very long name"] = (422, "from 1 to 100", f => f.Server.Post(f.Features + "/samples", new { samples = new[] { ServerUnderFire.Numbers(new string('x', 101), 0) } })),
        ["a class with control characters"] = (422, "control characters", f => f.Server.Post(f.Features + "/samples", new { samples = new[] { ServerUnderFire.Numbers("a\u0007b", 0) } })),
        ["101 classes"] = (413, "at most 20", f => f.Server.Post(Create, new { model = "features", samples = Enumerable.Range(0, 101).Select(i => ServerUnderFire.Numbers($"c{i}", i)) })),
        ["a head that there is not"] = (422, "There is no head 'rigde'", f => f.Server.Post(Create, new { model = "features", head = "rigde", samples = new[] { ServerUnderFire.Numbers("a", 0), ServerUnderFire.Numbers("b", 0) } })),
        ["a rate beyond 1"] = (422, "from 0 to below 1", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[1,2,3,4,5,6]}],"falseAlarmRate":2}""")),
        ["an unknown model"] = (404, "no such model", f => f.Server.Post(Create, new { model = "../features", samples = new[] { ServerUnderFire.Numbers("a", 0), ServerUnderFire.Numbers("b", 0) } })),
        ["no model where several are served"] = (422, "Several models", f => f.Server.Post(Create, Sent.Create())),
        ["an unknown classifier"] = (404, "no such classifier", f => f.Server.Post("/api/classifiers/0000000000000000/predict", Sent.Predict())),
        ["a path in an id"] = (404, "", f => f.Server.Get("/api/classifiers/..%2f..%2f..%2fetc%2fpasswd")),
        ["a path in a sample's id"] = (404, "", f => f.Server.Get(f.Features + "/samples/..%2f1.croma/media")),
        ["a page that there is not"] = (404, "", f => f.Server.Get("/..%2f..%2fappsettings.json")),
        ["another method"] = (405, "does not take this method", f => f.Server.Send(HttpMethod.Put, Create)),
        ["parts without a boundary"] = (400, "boundary", f => f.Server.Send(HttpMethod.Post, Create, Typed("x", "multipart/form-data"))),
        ["parts that break off"] = (400, "broken off", f => f.Server.Send(HttpMethod.Post, Create, Typed("--x\r\nContent-Disposition: form-data; name=\"sample.a\"; filename=\"a.npy\"\r\n\r\nabc", "multipart/form-data; boundary=x"))),
        ["a part without a name"] = (400, "no name", f => f.Server.Send(HttpMethod.Post, Create, Typed("--x\r\nContent-Type: text/plain\r\n\r\nabc\r\n--x--\r\n", "multipart/form-data; boundary=x"))),
        ["a field that there is not"] = (400, "no field 'modle'", f => f.Server.Form(Create, ("modle", "features", null))),
        ["a field that comes twice"] = (400, "comes twice", f => f.Server.Form(Create, ("model", "features", null), ("model", "texts", null))),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_input_gets_its_status_and_does_no_harm(string name)
    {
        var (status, words, send) = s_cases[name];
        if (fire.Sounds.Length == 0 && (name.Contains("sound", StringComparison.Ordinal) || name.Contains("picture", StringComparison.Ordinal))) MediaFiles.RequireFFmpeg();
        var detail = (await send(fire)).RequireProblem(status);
        Assert.Contains(words.Split('|'), w => detail.Contains(w, StringComparison.OrdinalIgnoreCase));
        (await fire.Server.Post(fire.Features + "/predict", Sent.Predict())).Require();
        // and no file of it is left
        Assert.Equal(Directory.GetDirectories(Path.Combine(fire.Folder, "state")).Length, (await fire.Server.Get(Create)).Require().GetProperty("classifiers").GetArrayLength());
    }

    [Fact]
    public async Task A_name_that_is_a_path_is_a_name()
    {
        var address = "/api/classifiers/" + (await fire.Server.Form(Create, ("model", "texts", null), ("name", "../../x", null), ("sample.../../etc", "abc"u8.ToArray(), "..\\..\\..\\secret.txt"), ("sample./root", "xyz"u8.ToArray(), "../"))).Require(201).GetProperty("id").GetString();
        var made = (await fire.Server.Get(address)).Require();
        Assert.Equal(["../../etc", "/root"], made.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(["sample 2", "secret.txt"], made.GetProperty("classes").EnumerateArray().SelectMany(c => c.GetProperty("samples").EnumerateArray()).Select(s => s.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetDirectories(Path.Combine(fire.Folder, "state")), folder => Assert.Matches("^[0-9a-f]{16}$", Path.GetFileName(folder)));
        Assert.Equal(204, (await fire.Server.Delete(address)).Status);
    }

    private static byte[] Ogg() => [.. "OggS"u8, .. Enumerable.Repeat((byte)7, 1000)];

    private static StringContent Typed(string body, string type)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static ByteArrayContent Compressed(string body)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(body));
        var content = new ByteArrayContent(stream.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static byte[] ZipBomb() => NpyFiles.Archive(("features.npy", new byte[1 << 24]));
}
