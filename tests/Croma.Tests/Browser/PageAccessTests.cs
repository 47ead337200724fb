using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Croma.Tests.Browser;

/// <summary>The page by keyboard alone, and as tools for those who do not see it read it.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageAccessTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Axe_finds_nothing_in_any_view(bool onPhone)
    {
        await using var session = await PageSession.Open(fixture, onPhone ? Look.Phone : Look.Desktop);
        var page = session.Page;
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        await session.RequireAccessible("start");
        await session.By(AriaRole.Link, "Teach", exact: true).ClickAsync();
        await session.By(AriaRole.Radio, "sounds").CheckAsync();
        await session.Give("fridge", Things.Fridge(1), Things.Broken);
        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await session.Expect("This concept needs a name.");
        await page.GetByText("None of these").ClickAsync();
        await session.Give("kettle", Things.Kettle(1));
        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await Expect(page.Locator(".failure")).ToBeVisibleAsync();
        await session.RequireAccessible("samples, one refused");
        await session.By(AriaRole.Button, "Remove broken.wav").ClickAsync();
        await session.Concept("kettle").Locator("input[type=file]").SetInputFilesAsync(Things.Kettle(2));
        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await page.Locator(".attempt input[type=file]").SetInputFilesAsync([Things.Kettle(6), Things.Rain(1)]);
        await Expect(page.Locator(".bars")).ToHaveCountAsync(2);
        await Expect(page.Locator(".plane .mark")).ToHaveCountAsync(3);
        await page.GetByText("The map in words").ClickAsync();
        await session.By(AriaRole.Button, "Add a concept").ClickAsync();
        await session.RequireAccessible("classifier");
        await session.By(AriaRole.Button, "Delete").ClickAsync();
        await session.RequireAccessible("question");
        await page.Keyboard.PressAsync("Escape");
        await session.By(AriaRole.Link, "Classifiers").ClickAsync();
        await Expect(page.Locator(".entry")).ToBeVisibleAsync();
        await session.RequireAccessible("list");
        await session.By(AriaRole.Link, "Search").ClickAsync();
        await page.GetByLabel("What are you looking for?").FillAsync("aaaa");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".found > li")).ToHaveCountAsync(10);
        await session.RequireAccessible("search");
    }

    [Fact]
    public async Task Everything_works_by_keyboard_and_the_focus_is_seen_and_never_lost()
    {
        await using var session = await PageSession.Open(fixture, Look.Desktop, models: 1);
        var page = session.Page;
        await Expect(page.Locator("h1")).ToBeVisibleAsync();
        FilePayload[] chosen = [];
        page.FileChooser += (_, chooser) => _ = chooser.SetFilesAsync(chosen);
        await page.Keyboard.PressAsync("Tab");
        await Expect(session.By(AriaRole.Link, "Skip to the content")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();
        await TabTo("Teach something");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Teach something new");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();

        await TabTo("Name of concept 1");
        await page.Keyboard.TypeAsync("fridge");
        await Choose("Drop sounds here, or choose files for fridge", Things.Fridge(1), Things.Fridge(2), Things.Fridge(3));
        await Expect(page.Locator("#status")).ToHaveTextAsync("3 files added for fridge.");
        await TabTo("Name of concept 2");
        await page.Keyboard.TypeAsync("kettle");
        await Choose("Drop sounds here, or choose files for kettle", Things.Kettle(1), Things.Kettle(2), Things.Kettle(3));
        await Expect(session.Concept("kettle").Locator(".tile")).ToHaveCountAsync(3);
        await TabTo("Add a concept");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel("Name of concept 3")).ToBeFocusedAsync();
        await TabTo("Remove concept 3 and its samples");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel("Name of concept 2")).ToBeFocusedAsync();
        await TabTo("Teach it");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#status")).ToContainTextAsync("Taught.");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();

        await Choose("Drop sounds here, or choose files to classify", Things.Fridge(6), Things.Kettle(6));
        await Expect(page.Locator(".bars")).ToHaveCountAsync(2);
        await TabTo("Not right? It is");
        await page.Keyboard.TypeAsync("kettle");
        await TabTo("Learn");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".learned").First).ToBeFocusedAsync();
        await Expect(page.Locator(".learned").First).ToContainTextAsync("Learned as kettle");
        await TabTo("Put kettle-6.wav away");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".results > li")).ToHaveCountAsync(1);
        Assert.NotEqual("BODY", await page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        await TabTo("Remove fridge-3.wav");
        await page.Keyboard.PressAsync("Enter");
        await Expect(session.Concept("fridge")).ToContainTextAsync("2 samples");
        Assert.Equal("Remove fridge-2.wav", await Focused());
        await session.Shot("focus");

        async Task Choose(string button, params FilePayload[] files)
        {
            await TabTo(button);
            chosen = files;
            await page.Keyboard.PressAsync("Enter");
        }

        // each stop on the way must show that it has the focus
        async Task TabTo(string name)
        {
            const int MostStops = 60;
            for (var stop = 0; stop < MostStops; stop++)
            {
                await page.Keyboard.PressAsync("Tab");
                var now = await Focused();
                Assert.True(await page.EvaluateAsync<bool>("() => { const e = document.activeElement, o = s => getComputedStyle(s).outlineStyle !== 'none'; return e === document.body || o(e) || (e.closest('.choice') && o(e.closest('.choice'))); }"), $"'{now}' does not show the focus");
                if (now == name) return;
            }
            Assert.Fail($"'{name}' is not reached by Tab");
        }

        Task<string> Focused() => page.EvaluateAsync<string>("() => { const e = document.activeElement; return (e.ariaLabel ?? (e.labels?.length ? e.labels[0].textContent : e.textContent)).trim(); }");
    }

    [Fact]
    public async Task Only_the_page_itself_is_loaded_under_a_policy_that_allows_nothing_else()
    {
        await using var session = await PageSession.Open(fixture, Look.Desktop, "/#/new", models: 1);
        var elsewhere = new List<string>();
        session.Page.Request += (_, request) => { if (!request.Url.StartsWith(session.Url, StringComparison.Ordinal)) elsewhere.Add(request.Url); };
        var response = await session.Page.GotoAsync(session.Url + "/?fresh#/new");
        Assert.StartsWith("default-src 'self'; object-src 'none'", (await response!.AllHeadersAsync())["content-security-policy"], StringComparison.Ordinal);
        await session.TeachHouse();
        Assert.Empty(elsewhere);
    }
}
