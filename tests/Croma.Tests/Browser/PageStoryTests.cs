using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Croma.Tests.Browser;

/// <summary>What the page is for, from the first sample to the last, with sounds, with pictures and with devices.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class PageStoryTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Someone_teaches_sounds_tries_them_corrects_searches_and_deletes(bool onPhone)
    {
        await using var session = await PageSession.Open(fixture, onPhone ? Look.Phone : Look.Desktop);
        var page = session.Page;
        await Expect(session.By(AriaRole.Heading, "Teach it by example")).ToBeVisibleAsync();
        await session.Shot("1-start");

        await session.By(AriaRole.Link, "Teach something").ClickAsync();
        await session.By(AriaRole.Radio, "sounds").CheckAsync();
        await session.Give("fridge", [Things.Fridge(1), Things.Fridge(2), Things.Fridge(3), Things.Notes]);
        await session.Expect("notes.pdf is not among the sounds that this model takes.");
        await session.Drop(session.Concept("fridge"), Things.Fridge(4), Things.Fridge(5));
        await session.Give("kettle", [.. Enumerable.Range(1, 5).Select(Things.Kettle)]);
        await session.Expect("2 concepts, 10 samples");
        await Expect(session.By(AriaRole.Button, "Play kettle-5.wav")).ToBeEnabledAsync();
        await session.Shot("2-samples");

        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await Expect(page.Locator(".verdict")).ToContainTextAsync("right");
        await Expect(page.Locator("#status")).ToContainTextAsync("Taught. Right about");
        await Expect(page.Locator("h1")).ToBeFocusedAsync();

        await session.Drop(page.Locator(".attempt"), Things.Fridge(7), Things.Kettle(8), Things.Rain(1));
        var results = page.Locator(".results > li");
        await Expect(results.Nth(0).Locator(".answer strong")).ToHaveTextAsync("fridge");
        await Expect(results.Nth(1).Locator(".bars .name").First).ToHaveTextAsync("kettle");
        await Expect(results.Nth(2).Locator(".answer strong")).ToHaveTextAsync("None of these");
        await Expect(results.Nth(0).Locator(".bars li")).ToHaveCountAsync(2);
        await Expect(page.Locator("#status")).ToContainTextAsync("rain-1.wav is none of these.");
        await Expect(page.Locator(".plane .mark")).ToHaveCountAsync(10);
        await session.Shot("3-tried");

        await results.Nth(0).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Play fridge-7.wav" }).ClickAsync();
        await Expect(results.Nth(0).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Stop fridge-7.wav" })).ToBeVisibleAsync();

        await results.Nth(2).GetByLabel("Not right? It is").SelectOptionAsync(new SelectOptionValue { Label = "a new concept …" });
        await results.Nth(2).GetByLabel("Name of the new concept").FillAsync("rain");
        await results.Nth(2).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Learn" }).ClickAsync();
        await Expect(results.Nth(2)).ToContainTextAsync("Learned as rain");
        await Expect(results.Nth(2).Locator(".answer strong")).ToHaveTextAsync("rain");
        await Expect(results.Nth(0).Locator(".bars li")).ToHaveCountAsync(3);
        await Expect(session.Concept("rain")).ToContainTextAsync("1 sample");
        await Expect(page.Locator(".plane .mark")).ToHaveCountAsync(11);
        await page.GetByText("The map in words").ClickAsync();
        await Expect(page.Locator(".map tbody tr")).ToHaveCountAsync(3);
        await session.Shot("4-corrected");

        await session.By(AriaRole.Link, "Search").ClickAsync();
        await page.GetByLabel("What are you looking for?").FillAsync("ssss");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".found > li")).ToHaveCountAsync(10);
        await Expect(page.Locator("#status")).ToContainTextAsync("10 items found. First: ");
        await Expect(page.Locator(".found .wave path").First).ToHaveAttributeAsync("d", Drawn());
        await session.Shot("5-search");

        await session.StopServer();
        await session.StartServer();
        await page.GotoAsync(session.Url);
        await Expect(page.Locator(".entry")).ToContainTextAsync("11 samples");
        await session.Shot("6-list");
        await page.Locator(".entry").ClickAsync();
        await session.By(AriaRole.Button, "Remove fridge-5.wav").ClickAsync();
        await Expect(session.Concept("fridge")).ToContainTextAsync("4 samples");
        await Expect(page.Locator("#status")).ToContainTextAsync("fridge-5.wav removed.");
        await session.By(AriaRole.Button, "Delete").ClickAsync();
        await session.Expect("Its 10 samples are deleted with it.");
        await session.Shot("7-delete");
        await session.By(AriaRole.Dialog, "Delete").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(session.By(AriaRole.Heading, "Teach it by example")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Pictures_come_from_files_and_from_the_camera()
    {
        await using var session = await PageSession.Open(fixture, Look.Desktop, "/#/new");
        var page = session.Page;
        await session.By(AriaRole.Radio, "pictures").CheckAsync();
        await session.Give("leaf", [.. Enumerable.Range(1, 4).Select(Things.Leaf)]);
        await session.Give("wall", [.. Enumerable.Range(1, 3).Select(Things.Wall)]);
        await session.Give("screen");
        await session.Concept("screen").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Camera" }).ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('video')?.videoWidth > 0");
        await session.By(AriaRole.Button, "Take a picture").ClickAsync();
        await Expect(page.Locator("dialog")).ToContainTextAsync("1 picture taken");
        await session.By(AriaRole.Button, "Take a picture").ClickAsync();
        await Expect(page.Locator("dialog")).ToContainTextAsync("2 pictures taken");
        await session.Shot("camera");
        await session.By(AriaRole.Button, "Done").ClickAsync();
        await Expect(session.Concept("screen").Locator(".tile")).ToHaveCountAsync(2);
        await session.Shot("pictures-samples");

        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await page.Locator(".attempt input[type=file]").SetInputFilesAsync([Things.Leaf(6), Things.Wall(6)]);
        await Expect(page.Locator(".results > li").Nth(0).Locator(".bars .name").First).ToHaveTextAsync("leaf");
        await Expect(page.Locator(".results > li").Nth(1).Locator(".bars .name").First).ToHaveTextAsync("wall");
        await Expect(page.Locator(".concept canvas.picture[width='160']")).ToHaveCountAsync(7);
        await Expect(page.Locator(".plane .mark")).ToHaveCountAsync(9);
        await session.Shot("pictures-tried");
    }

    [Fact]
    public async Task Sounds_come_from_the_microphone_and_are_learned_at_once()
    {
        await using var session = await PageSession.Open(fixture, Look.Phone, "/#/new", models: 1);
        var page = session.Page;
        await session.TeachHouse();
        await session.By(AriaRole.Button, "Add a concept").ClickAsync();
        await page.GetByLabel("Name of concept 3").FillAsync("beep");
        var record = session.Concept("beep").Locator("button.record");
        await record.ClickAsync();
        await Expect(record).ToContainTextAsync("Stop (1 s)");
        await session.Shot("recording");
        await record.ClickAsync();
        await Expect(session.Concept("beep")).ToContainTextAsync("Recording 1.wav");
        await session.By(AriaRole.Button, "Teach the new concept").ClickAsync();
        await Expect(page.Locator("#status")).ToContainTextAsync("Adapted to 1 new sample.");
        await Expect(session.Concept("beep")).ToContainTextAsync("1 sample");
        await Expect(session.Concept("beep").Locator(".caption .number")).ToHaveTextAsync(Seconds());
    }

    [GeneratedRegex("^M")]
    private static partial Regex Drawn();

    [GeneratedRegex(@"^[0-2]\.\d s$")]
    private static partial Regex Seconds();
}
