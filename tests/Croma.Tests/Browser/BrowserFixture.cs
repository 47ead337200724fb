using Microsoft.Playwright;

namespace Croma.Tests.Browser;

/// <summary>Tests of the page share a browser and small models.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "Browser";
}

/// <summary>The system's Chromium, with a microphone that beeps and a camera that shows a test picture.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly TemporaryFolder _folder = new();
    private IPlaywright? _playwright;

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>Folders of models: of sounds, of pictures, and of texts.</summary>
    public IReadOnlyList<string> Models => [_folder["sounds-model"], _folder["pictures-model"], _folder["sentences-model"]];

    /// <summary>A data set of sounds to search in.</summary>
    public string Collection => _folder["sounds"];

    /// <summary>What is missing for tests of the page; null: nothing.</summary>
    public string? Missing { get; } = !File.Exists(Chromium) ? "chromium is not installed" : Croma.Datasets.CifarEsc50.CifarEsc50Recipe.Missing(TestContext.Current.CancellationToken).Count > 0 ? "ffmpeg is not installed" : null;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null) return;
        Assertions.SetDefaultExpectTimeout(PageSession.Patience);
        var training = Task.Run(() => PageModels.Train(_folder["sounds"], _folder["pictures"], _folder["sentences"]), TestContext.Current.CancellationToken);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"],
        });
        await training;
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Dispose();
    }
}
