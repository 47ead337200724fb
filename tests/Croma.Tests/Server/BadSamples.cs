using Croma.Tests.Data;
using Croma.Tests.Datasets;

namespace Croma.Tests.Server;

/// <summary>Files, texts and numbers that no model can take, in requests that are well formed.</summary>
internal static class BadSamples
{
    private const string Create = "/api/classifiers";

    private static readonly byte[] s_wave = Waves.Noise("wave", 0.3);

    public static IReadOnlyDictionary<string, BadInput> All { get; } = new Dictionary<string, BadInput>
    {
        ["a file that is too large"] = new(413, "'big.wav' has more than 1048576 bytes", f => f.Server.Form(f.Features + "/predict", ("input", new byte[(1 << 20) + 1], "big.wav"))),
        ["a file in base64 that is too large"] = new(413, "at most 1048576", f => f.Server.Post(f.Features + "/predict", new { inputs = new[] { new { audio = new byte[(1 << 20) + 1] } } })),
        ["a text that is too long"] = new(413, "texts have at most 1000", f => f.Server.Post(Create, new { model = "texts", samples = new[] { new { @class = "a", text = new string('a', 1001) }, new { @class = "b", text = "b" } } })),
        ["a file of the wrong type"] = new(415, "is a picture", f => f.Server.Form(f.Features + "/predict", ("input", PngFile.Grey(2, 2, 2), "a.npy"))),
        ["a zip bomb"] = new(415, "is a file of a kind that is not known here", f => f.Server.Form(f.Features + "/predict", ("input", ZipBomb(), "a.npz"))),
        ["a script that is called a sound"] = new(415, "is text", f => f.Server.Form(f.Sounds + "/predict", ("input", "#EXTM3U\nfile:///etc/passwd\n"u8.ToArray(), "a.wav"))),
        ["a truncated sound"] = new(422, "it may be damaged, broken off or too large", f => f.Server.Form(f.Sounds + "/predict", ("input", s_wave[..(s_wave.Length / 2)], "a.wav"))),
        ["a sound that is none after its first bytes"] = new(422, "cannot be used", f => f.Server.Form(f.Sounds + "/predict", ("input", Ogg()[..600], "a.ogg"))),
        ["a sound that is too long"] = new(422, "longer than 2 s", f => f.Server.Form(f.Sounds + "/predict", ("input", Waves.Noise("long", 2.5), "a.wav"))),
        ["a sound without sound"] = new(422, "cannot be used", f => f.Server.Form(f.Sounds + "/predict", ("input", s_wave[..44], "a.wav"))),
        ["a picture with huge dimensions"] = new(422, "cannot be used", f => f.Server.Form(f.Pictures + "/predict", ("input", PngFile.Grey(50_000, 50_000, rows: 4), "a.png"))),
        ["a picture that unpacks to very much"] = new(422, "cannot be used", f => f.Server.Form(f.Pictures + "/predict", ("input", PngFile.Grey(65_000, 1000, rows: 1000), "a.png"))),
        ["a truncated picture"] = new(422, "cannot be used", f => f.Server.Form(f.Pictures + "/predict", ("input", PngFile.Grey(40, 40, 40)[..60], "a.png"))),
        ["an array of the wrong length"] = new(422, "has 5 numbers", f => f.Server.Form(f.Features + "/predict", ("input", NpyFiles.Of(new float[5], 5), "a.npy"))),
        ["an array with objects in it"] = new(422, "no array that can be read", f => f.Server.Form(f.Features + "/predict", ("input", NpyFiles.Of("|O", new long[6], 6), "a.npy"))),
        ["an empty file"] = new(422, "is empty", f => f.Server.Form(f.Features + "/predict", ("input", Array.Empty<byte>(), "a.npy"))),
        ["numbers of the wrong length"] = new(422, "has 3 numbers; 'audio' takes 6", f => f.Server.Post(f.Features + "/predict", new { inputs = new[] { new { features = new[] { 1, 2, 3 } } } })),
        ["a number that is not finite"] = new(422, "number 2", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[1,1e300,3,4,5,6]}]}""")),
        ["lists where one list is right"] = new(422, "one list of 6", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"features":[[1,2,3],[4,5,6]]}]}""")),
        ["base64 of something else"] = new(422, "is no sound", f => f.Server.Post(f.Features + "/predict", """{"inputs":[{"audio":"aGVsbG8="}]}""")),
    };

    private static byte[] Ogg() => [.. "OggS"u8, .. Enumerable.Repeat((byte)7, 1000)];

    private static byte[] ZipBomb() => NpyFiles.Archive(("features.npy", new byte[1 << 24]));
}
