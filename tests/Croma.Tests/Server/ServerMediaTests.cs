using System.Text;
using System.Text.Json;
using Croma.Tests.Data;
using Croma.Tests.Datasets;
using Croma.Tests.Onnx;

namespace Croma.Tests.Server;

/// <summary>Samples of every kind: sounds, pictures, texts and arrays.</summary>
public sealed class ServerMediaTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sounds_are_taken_as_files_and_in_JSON_and_given_back_as_they_were()
    {
        MediaFiles.RequireFFmpeg();
        await using var server = await RunningServer.Start(_folder["state"], models.Sounds);
        Assert.Equal(["audio", "features"], (await server.Get("/api/models")).Require().GetProperty("models")[0].GetProperty("accepts").EnumerateArray().Select(a => a.GetString()!));
        var low = Enumerable.Range(0, 3).Select(i => Tone(200 + 10 * i)).ToList();
        var high = Enumerable.Range(0, 3).Select(i => Tone(3000 + 100 * i)).ToList();
        var form = (await server.Form("/api/classifiers", ("name", "tones", null), ("sample.low", low[0], "../../low.wav"), ("sample.low", low[1], "l1.wav"), ("sample.high %22tones%22", high[0], "h0.wav"), ("sample.high %22tones%22", high[1], "h1.wav"))).Require(201);
        var json = (await server.Post("/api/classifiers", new { name = "tones", samples = new[] { Json("low", low[0]), Json("low", low[1]), Json("high \"tones\"", high[0]), Json("high \"tones\"", high[1]) } })).Require(201);
        Assert.Equal(["high \"tones\"", "low"], form.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("name").GetString()!));
        var sample = form.GetProperty("classes")[1].GetProperty("samples")[0];
        Assert.Equal(("low.wav", "audio"), (sample.GetProperty("name").GetString(), sample.GetProperty("kind").GetString()));
        var media = await server.Get(sample.GetProperty("mediaUrl").GetString()!);
        Assert.Equal(("audio/wav", "nosniff"), (media.Message.Content.Headers.ContentType?.ToString(), media.Message.Headers.GetValues("X-Content-Type-Options").Single()));
        Assert.Equal(low[0], await server.Bytes(sample.GetProperty("mediaUrl").GetString()!));

        var (asForm, asJson) = (await server.Form(Address(form) + "/predict", ("input", low[2], "x.wav"), ("input", high[2], "y.wav")), await server.Post(Address(json) + "/predict", new { inputs = new[] { new { name = "x.wav", audio = low[2] }, new { name = "y.wav", audio = high[2] } } }));
        Assert.Equal(asForm.Require().GetRawText(), asJson.Require().GetRawText());
        Assert.Equal(["x.wav", "y.wav"], asForm.Json.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));

        static object Json(string label, byte[] audio) => new { @class = label, audio };
    }

    [Fact]
    public async Task Pictures_and_texts_and_arrays_are_taken_too()
    {
        MediaFiles.RequireFFmpeg();
        await using var server = await RunningServer.Start(_folder["state"], models.Pictures, models.Texts, models.Features);
        var made = (await server.Form("/api/classifiers", ("model", "pictures", null), ("sample.dark", Grey(20), "a.png"), ("sample.dark", Grey(40), "b.png"), ("sample.light", Grey(200), "c.png"), ("sample.light", MediaFiles.Picture(230, 230, 230), "d.ppm"))).Require(201);
        Assert.Equal("image/x-portable-pixmap", (await server.Get(made.GetProperty("classes")[1].GetProperty("samples")[1].GetProperty("mediaUrl").GetString()!)).Message.Content.Headers.ContentType?.ToString());
        (await server.Form(Address(made) + "/predict", ("input", Grey(210), "e.png"))).Require();

        made = (await server.Form("/api/classifiers", ("model", "texts", null), ("sample.vowels", "aeiou", null), ("sample.vowels", "eeaaoo", null), ("sample.others", Encoding.UTF8.GetBytes("bcdfg"), "x.txt"), ("sample.others", "zxvbn", null))).Require(201);
        Assert.Equal("eeaaoo", (await server.Get(made.GetProperty("classes")[1].GetProperty("samples")[1].GetProperty("mediaUrl").GetString()!)).Body);
        Assert.Equal((await server.Post(Address(made) + "/predict", new { inputs = new[] { new { name = "input 1", text = "ooee" } } })).Require().GetRawText(), (await server.Form(Address(made) + "/predict", ("input", "ooee", null))).Require().GetRawText());

        var npy = NpyFiles.Of(Sent.Numbers(0, 9), ServerModels.Width);
        var address = await Made(new { model = "features", head = "ridge", samples = new[] { Numbers("a", 0), Numbers("b", 1), Numbers("a", 0), Numbers("b", 1) } });
        Assert.Equal((await server.Post(address + "/predict", new { inputs = new[] { new { name = "n.npy", features = Sent.Numbers(0, 9) } } })).Require().GetRawText(), (await server.Form(address + "/predict", ("input", npy, "n.npy"))).Require().GetRawText());
        Assert.Equal(200, (await server.Form(address + "/predict", ("input", JsonSerializer.Serialize(Sent.Numbers(0, 9)), null))).Status);

        async Task<string> Made(object body) => Address((await server.Post("/api/classifiers", body)).Require(201));
        static object Numbers(string label, int way) => new { @class = label, features = Sent.Numbers(way, 0) };
    }

    private static string Address(JsonElement classifier) => "/api/classifiers/" + classifier.GetProperty("id").GetString();

    private static byte[] Tone(double hertz) => Waves.Of([.. Enumerable.Range(0, Waves.Rate / 2).Select(i => (short)(8000 * Math.Sin(2 * Math.PI * hertz * i / Waves.Rate)))]);

    private static byte[] Grey(byte grey) => PngFile.Grey(10, 12, 12, grey);
}
