using Croma.Server;
using Croma.Tests.Datasets;
using Croma.Tests.Onnx;

namespace Croma.Tests.Server;

/// <summary>A server that all bad inputs are sent to, one after the other.</summary>
public sealed class ServerUnderFire(ServerModels models) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal RunningServer Server { get; private set; } = null!;

    /// <summary>Classifiers of features, of sounds and of pictures.</summary>
    internal string Features { get; private set; } = "";

    internal string Sounds { get; private set; } = "";

    internal string Pictures { get; private set; } = "";

    internal string Folder => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        var limits = new ServerLimits { BodyBytes = 2 << 20, FileBytes = 1 << 20, Files = 20, TextBytes = 1000, Seconds = 2, Pixels = 1_000_000, Samples = 30 };
        Server = await RunningServer.Start(new ServerOptions { Models = [models.Features, models.Sounds, models.Pictures, models.Texts], State = _folder["state"], Limits = limits });
        Features = await Made(new { model = "features", head = "ridge", samples = new[] { Numbers("a", 0), Numbers("b", 1), Numbers("a", 0), Numbers("b", 1) } });
        if (!MediaFiles.HasFFmpeg) return;
        Sounds = await Made(new { model = "sounds", head = "ridge", samples = new[] { new { @class = "x", audio = Waves.Noise("a", 0.5) }, new { @class = "y", audio = Waves.Noise("b", 0.5) } } });
        Pictures = await Made(new { model = "pictures", head = "ridge", samples = new[] { new { @class = "x", image = PngFile.Grey(4, 4, 4, 9) }, new { @class = "y", image = PngFile.Grey(4, 4, 4, 200) } } });
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    internal static object Numbers(string label, int way) => new { @class = label, features = Sent.Numbers(way, 0) };

    private async Task<string> Made(object body) => "/api/classifiers/" + (await Server.Post("/api/classifiers", body)).Require(201).GetProperty("id").GetString();
}
