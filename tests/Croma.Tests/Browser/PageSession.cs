using System.Text.Json;
using Croma.Server;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Croma.Tests.Browser;

/// <summary>How the page is looked at.</summary>
/// <param name="Name">Of its screenshots.</param>
/// <param name="Width">CSS pixels.</param>
/// <param name="Height">CSS pixels.</param>
/// <param name="Scheme">Dark or light.</param>
internal sealed record Look(string Name, int Width, int Height, ColorScheme Scheme)
{
    public static Look Desktop { get; } = new("desktop", 1280, 860, ColorScheme.Light);

    public static Look Phone { get; } = new("phone", 360, 740, ColorScheme.Dark);

    public static Look DarkDesktop { get; } = Desktop with { Name = "desktop-dark", Scheme = ColorScheme.Dark };

    public static Look LightPhone { get; } = Phone with { Name = "phone-light", Scheme = ColorScheme.Light };
}

/// <summary>A server with nothing taught yet, and the page of it, opened by one person.</summary>
internal sealed class PageSession : IAsyncDisposable
{
    /// <summary>Milliseconds that something may take on a machine that has much else to do.</summary>
    public const float Patience = 30_000;

    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    private readonly BrowserFixture _fixture;
    private readonly Look _look;
    private readonly TemporaryFolder _state = new();
    private readonly List<string> _complaints = [];
    private CromaServer? _server;
    private IBrowserContext _context = null!;

    private PageSession(BrowserFixture fixture, Look look) => (_fixture, _look) = (fixture, look);

    public IPage Page { get; private set; } = null!;

    /// <summary>Where the page is.</summary>
    public string Url { get; private set; } = "http://127.0.0.1:0";

    /// <summary>Starts a server and opens the page.</summary>
    /// <param name="fixture">Browser and models.</param>
    /// <param name="look">Size and colours.</param>
    /// <param name="path">What is opened.</param>
    /// <param name="models">How many of the models are served: sounds, pictures, texts.</param>
    /// <param name="token">What requests need.</param>
    public static async Task<PageSession> Open(BrowserFixture fixture, Look look, string path = "/", int models = 2, string? token = null)
    {
        Assert.SkipWhen(fixture.Missing is not null, fixture.Missing ?? "");
        var session = new PageSession(fixture, look);
        await session.StartServer(models, token);
        session._context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height }, ColorScheme = look.Scheme, ReducedMotion = ReducedMotion.Reduce, Locale = "en-GB", TimezoneId = "UTC",
        });
        session._context.SetDefaultTimeout(Patience);
        var page = session.Page = await session._context.NewPageAsync();
        // the policy of the page forbids what is not its own, and the console says so
        page.Console += (_, message) => { if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) session._complaints.Add(message.Text); };
        page.PageError += (_, error) => session._complaints.Add(error);
        await page.GotoAsync(session.Url + path);
        return session;
    }

    public async Task StartServer(int models = 2, string? token = null)
    {
        if (token is not null) await File.WriteAllTextAsync(_state["token"], token, TestContext.Current.CancellationToken);
        _server = await CromaServer.StartAsync(new ServerOptions
        {
            Models = [.. _fixture.Models.Take(models)], Urls = [Url], State = _state["state"], TokenFile = token is null ? null : _state["token"], RetrieveIn = [_fixture.Collection], Threads = 2,
        }, TestContext.Current.CancellationToken);
        Url = _server.Urls[0];
    }

    public async Task StopServer()
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
    }

    public ILocator By(AriaRole role, string name, bool exact = false) => Page.GetByRole(role, new PageGetByRoleOptions { Name = name, Exact = exact });

    public ILocator Concept(string name) => Page.Locator(".concept").Filter(new LocatorFilterOptions { Has = Page.Locator($"xpath=self::*[.//h3[normalize-space()='{name}'] or @aria-label='{name}']") });

    /// <summary>Names the draft's next concept that has no name, and gives it files.</summary>
    public async Task Give(string name, params FilePayload[] files)
    {
        var free = Page.Locator(".concept").Filter(new LocatorFilterOptions { Has = Page.Locator("input[type=text]:placeholder-shown") });
        if (await free.CountAsync() == 0) await By(AriaRole.Button, "Add a concept").ClickAsync();
        await free.First.Locator("input[type=text]").FillAsync(name);
        await Concept(name).Locator("input[type=file]").SetInputFilesAsync(files);
    }

    /// <summary>Drops files on an element, as from a file manager.</summary>
    public async Task Drop(ILocator on, params FilePayload[] files)
    {
        var transfer = await Page.EvaluateHandleAsync(
            "files => { const all = new DataTransfer(); for (const [name, type, text] of files) all.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], name, { type })); return all; }",
            files.Select(f => new[] { f.Name, f.MimeType, Convert.ToBase64String(f.Buffer) }));
        await on.DispatchEventAsync("dragenter", new { dataTransfer = transfer });
        await on.DispatchEventAsync("drop", new { dataTransfer = transfer });
    }

    /// <summary>Teaches fridge and kettle by five sounds each.</summary>
    public async Task TeachHouse()
    {
        await Assertions.Expect(By(AriaRole.Heading, "Teach something new")).ToBeVisibleAsync();
        if (await By(AriaRole.Radio, "sounds").CountAsync() > 0) await By(AriaRole.Radio, "sounds").CheckAsync();
        await Give("fridge", [.. Enumerable.Range(1, 5).Select(Things.Fridge)]);
        await Give("kettle", [.. Enumerable.Range(1, 5).Select(Things.Kettle)]);
        await By(AriaRole.Button, "Teach it").ClickAsync();
        await Assertions.Expect(By(AriaRole.Heading, "How good it is")).ToBeVisibleAsync();
    }

    public Task Expect(string text) => Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>Keeps a picture of the whole page in artifacts/page, and requires that nothing stands out to the side.</summary>
    public async Task Shot(string name)
    {
        // as tall as the page, so that what sticks to the window's edges lies over nothing
        var tall = await Page.EvaluateAsync<int>("() => { scrollTo(0, 0); return document.documentElement.scrollHeight; }");
        await Page.SetViewportSizeAsync(_look.Width, Math.Max(tall, _look.Height));
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(ReadmeTests.Root, "artifacts", "page", $"{_look.Name}-{name}.png") });
        await Page.SetViewportSizeAsync(_look.Width, _look.Height);
        Assert.True(await Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than the window");
    }

    /// <summary>Requires that axe finds nothing against WCAG 2.2 A and AA, nor against its best practices.</summary>
    public async Task RequireAccessible(string where)
    {
        await Page.EvaluateAsync(s_axe);
        var found = await Page.EvaluateAsync<JsonElement>("() => axe.run({ resultTypes: ['violations'] }).then(all => all.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.target + ': ' + n.failureSummary)))");
        Assert.True(found.GetArrayLength() == 0, $"{where}: {string.Join('\n', found.EnumerateArray())}");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _context.DisposeAsync();
            Assert.Empty(_complaints);
        }
        finally
        {
            await StopServer();
            _state.Dispose();
        }
    }
}
