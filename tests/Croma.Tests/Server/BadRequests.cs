using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Croma.Tests.Server;

/// <summary>Bodies, names and addresses that are wrong, whatever the samples are.</summary>
internal static class BadRequests
{
    private const string Create = "/api/classifiers";

    public static IReadOnlyDictionary<string, BadInput> All { get; } = new Dictionary<string, BadInput>
    {
        ["a body that is too large"] = new(413, "at most 2097152 are taken", f => f.Server.Post(Create, new string(' ', 3 << 20))),
        ["too many files"] = new(413, "more than 20 samples", f => f.Server.Form(f.Features + "/predict", [.. Enumerable.Range(0, 21).Select(i => ("input", (object)new byte[] { 1 }, (string?)$"{i}.npy"))])),
        ["too many inputs"] = new(413, "at most 20 are taken", f => f.Server.Post(f.Features + "/predict", new { inputs = Enumerable.Range(0, 21).Select(_ => new { features = Sent.Numbers(0, 0) }) })),
        ["more samples than a classifier takes"] = new(413, "at most 30 are taken", async f =>
        {
            await f.Server.Post(f.Features + "/samples", new { samples = Enumerable.Range(0, 20).Select(_ => ServerUnderFire.Numbers("a", 0)) });
            return await f.Server.Post(f.Features + "/samples", new { samples = Enumerable.Range(0, 20).Select(_ => ServerUnderFire.Numbers("a", 0)) });
        }),
        ["another content type"] = new(415, "application/json or multipart/form-data", f => f.Server.Send(HttpMethod.Post, Create, new StringContent("<samples/>", Encoding.UTF8, "application/xml"))),
        ["no content type"] = new(415, "application/json", f => f.Server.Send(HttpMethod.Post, Create, new ByteArrayContent("{}"u8.ToArray()))),
        ["a compressed body"] = new(415, "compressed", f => f.Server.Send(HttpMethod.Post, Create, Compressed(new string(' ', 1 << 26)))),
        ["NaN"] = new(400, "not well formed", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[1,NaN,3,4,5,6]}]}""")),
        ["a text among numbers"] = new(400, "must hold numbers", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[1,"2",3,4,5,6]}]}""")),
        ["an empty body"] = new(400, "the body is empty", f => f.Server.Post(Create, "")),
        ["half of JSON"] = new(400, "not well formed", f => f.Server.Post(Create, """{"samples":[{"class":"a","features":[1,2""")),
        ["JSON and more"] = new(400, "not well formed", f => f.Server.Post(f.Features + "/predict", JsonSerializer.Serialize(Sent.Predict()) + "{}")),
        ["deep JSON"] = new(400, "not well formed|nested", f => f.Server.Post(Create, new string('[', 100_000))),
        ["a member that there is not"] = new(400, "no such member", f => f.Server.Post(f.Features + "/predict", """{"inputs":[],"falsAlarmRate":1}""")),
        ["a member that comes twice"] = new(400, "twice", f => f.Server.Post(f.Features + "/predict", """{"inputs":[],"inputs":[]}""")),
        ["null for a list"] = new(400, "no JSON that is understood", f => f.Server.Post(f.Features + "/predict", """{"inputs":null}""")),
        ["null for a sample"] = new(400, "is null", f => f.Server.Post(f.Features + "/predict", """{"inputs":[null]}""")),
        ["a sample of two kinds"] = new(400, "must have one of", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"text":"a","features":[1]}]}""")),
        ["base64 that is none"] = new(400, "base64", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"audio":"***"}]}""")),
        ["no inputs"] = new(422, "no input", f => f.Server.Post(f.Features + "/predict", """{"inputs":[]}""")),
        ["one class"] = new(422, "two or more classes", f => f.Server.Post(Create, new { model = "features", samples = new[] { ServerUnderFire.Numbers("a", 0) } })),
        ["classes that differ in case only"] = new(422, "differ in case only", f => f.Server.Post(Create, new { model = "features", samples = new[] { ServerUnderFire.Numbers("Dog", 0), ServerUnderFire.Numbers("dog", 1) } })),
        ["a class like one that is there"] = new(422, "differ in case only", f => f.Server.Post(f.Features + "/samples", new { samples = new[] { ServerUnderFire.Numbers("A", 0) } })),
        ["a class without a name"] = new(422, "from 1 to 100", f => f.Server.Post(f.Features + "/samples", new { samples = new[] { ServerUnderFire.Numbers("  ", 0) } })),
        ["a class with a very long name"] = new(422, "from 1 to 100", f => f.Server.Post(f.Features + "/samples", new { samples = new[] { ServerUnderFire.Numbers(new string('x', 101), 0) } })),
        ["a class with control characters"] = new(422, "control characters", f => f.Server.Post(f.Features + "/samples", new { samples = new[] { ServerUnderFire.Numbers("a\u0007b", 0) } })),
        ["101 classes"] = new(413, "at most 20", f => f.Server.Post(Create, new { model = "features", samples = Enumerable.Range(0, 101).Select(i => ServerUnderFire.Numbers($"c{i}", i)) })),
        ["a head that there is not"] = new(422, "There is no head 'rigde'", f => f.Server.Post(Create, new { model = "features", head = "rigde", samples = new[] { ServerUnderFire.Numbers("a", 0), ServerUnderFire.Numbers("b", 0) } })),
        ["a rate beyond 1"] = new(422, "from 0 to below 1", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[1,2,3,4,5,6]}],"falseAlarmRate":2}""")),
        ["an unknown model"] = new(404, "no such model", f => f.Server.Post(Create, new { model = "../features", samples = new[] { ServerUnderFire.Numbers("a", 0), ServerUnderFire.Numbers("b", 0) } })),
        ["no model where several are served"] = new(422, "Several models", f => f.Server.Post(Create, Sent.Create())),
        ["an unknown classifier"] = new(404, "no such classifier", f => f.Server.Post("/api/classifiers/0000000000000000/predict", Sent.Predict())),
        ["a path in an id"] = new(404, "", f => f.Server.Get("/api/classifiers/..%2f..%2f..%2fetc%2fpasswd")),
        ["a path in a sample's id"] = new(404, "", f => f.Server.Get(f.Features + "/samples/..%2f1.croma/media")),
        ["a page that there is not"] = new(404, "", f => f.Server.Get("/..%2f..%2fappsettings.json")),
        ["another method"] = new(405, "does not take this method", f => f.Server.Send(HttpMethod.Put, Create)),
        ["parts without a boundary"] = new(400, "boundary", f => f.Server.Send(HttpMethod.Post, Create, Typed("x", "multipart/form-data"))),
        ["parts that break off"] = new(400, "broken off", f => f.Server.Send(HttpMethod.Post, Create, Typed("--x\r\nContent-Disposition: form-data; name=\"sample.a\"; filename=\"a.npy\"\r\n\r\nabc", "multipart/form-data; boundary=x"))),
        ["a part without a name"] = new(400, "no name", f => f.Server.Send(HttpMethod.Post, Create, Typed("--x\r\nContent-Type: text/plain\r\n\r\nabc\r\n--x--\r\n", "multipart/form-data; boundary=x"))),
        ["a field that there is not"] = new(400, "no field 'modle'", f => f.Server.Form(Create, ("modle", "features", null))),
        ["a field that comes twice"] = new(400, "comes twice", f => f.Server.Form(Create, ("model", "features", null), ("model", "texts", null))),
    };

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
}
