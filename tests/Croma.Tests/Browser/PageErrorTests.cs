using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Croma.Tests.Browser;

/// <summary>What goes wrong is said where it went wrong, and nothing that was entered is lost.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class PageErrorTests(BrowserFixture fixture)
{
    [Fact]
    public async Task A_server_that_stops_midway_loses_nothing_and_is_asked_again()
    {
        await using var session = await PageSession.Open(fixture, Look.Desktop, "/#/new", models: 1);
        var page = session.Page;
        await session.Give("fridge", [Things.Fridge(1), Things.Fridge(2)]);
        await session.Give("kettle", [Things.Kettle(1), Things.Kettle(2)]);
        await session.StopServer();
        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await session.Expect("The server does not answer");
        await Expect(page.Locator(".tile")).ToHaveCountAsync(4);
        await session.Shot("server-gone");

        await session.StartServer(models: 1);
        await session.By(AriaRole.Button, "Try again").ClickAsync();
        await Expect(session.By(AriaRole.Heading, "How good it is")).ToBeVisibleAsync();

        await session.StopServer();
        await page.Locator(".attempt input[type=file]").SetInputFilesAsync(Things.Fridge(7));
        await Expect(page.Locator(".attempt .failure")).ToContainTextAsync("The server does not answer");
        await session.Concept("kettle").Locator("input[type=file]").SetInputFilesAsync(Things.Kettle(3));
        await Expect(page.Locator(".classifier > [role=alert] .failure")).ToContainTextAsync("The server does not answer");
        await Expect(session.Concept("kettle").Locator(".tile.waits")).ToHaveCountAsync(1);

        await session.StartServer(models: 1);
        await page.Locator(".classifier > [role=alert]").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Try again" }).ClickAsync();
        await Expect(session.Concept("kettle")).ToContainTextAsync("3 samples");
        await Expect(session.Concept("kettle").Locator(".tile.waits")).ToHaveCountAsync(0);
        await Expect(page.Locator(".results .answer")).ToContainTextAsync("fridge");
    }

    [Fact]
    public async Task A_file_that_is_refused_is_named_and_the_others_are_answered()
    {
        await using var session = await PageSession.Open(fixture, Look.Phone, "/#/new", models: 1);
        var page = session.Page;
        await session.Give("fridge", [Things.Fridge(1), Things.Fridge(2)]);
        await session.Give("kettle", [Things.Kettle(1), Things.Broken]);
        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await Expect(page.Locator(".failure")).ToContainTextAsync("broken.wav");
        await Expect(page.Locator(".tile.refused")).ToHaveCountAsync(1);
        await Expect(page.Locator(".tile.refused")).ToContainTextAsync("broken.wav");
        await session.Shot("file-refused");
        await session.By(AriaRole.Button, "Remove broken.wav").ClickAsync();
        await session.By(AriaRole.Button, "Teach it").ClickAsync();

        await Expect(page.Locator(".attempt")).ToBeVisibleAsync();
        await page.Locator(".attempt input[type=file]").SetInputFilesAsync([Things.Kettle(6), Things.Broken]);
        await Expect(page.Locator(".results > li").Nth(0).Locator(".bars .name").First).ToHaveTextAsync("kettle");
        await Expect(page.Locator(".results > li").Nth(1)).ToContainTextAsync("broken.wav");
        await Expect(page.Locator(".results > li").Nth(1).Locator(".answer")).ToHaveClassAsync(AmissClass());
    }

    [Fact]
    public async Task What_is_missing_is_said_at_its_place()
    {
        await using var session = await PageSession.Open(fixture, Look.Desktop, "/#/new");
        var page = session.Page;
        var teach = session.By(AriaRole.Button, "Teach it");
        await teach.ClickAsync();
        await session.Expect("Choose the model that is to learn.");
        await session.By(AriaRole.Radio, "sounds").CheckAsync();
        await teach.ClickAsync();
        await session.Expect("This concept needs a name.");
        await Expect(page.GetByLabel("Name of concept 1")).ToBeFocusedAsync();
        await Expect(page.GetByLabel("Name of concept 1")).ToHaveAttributeAsync("aria-invalid", "true");
        await session.Give("fridge", Things.Fridge(1));
        await session.Give("Fridge", Things.Fridge(2));
        await teach.ClickAsync();
        await session.Expect("There is another concept called Fridge.");
        await page.GetByLabel("Name of concept 2").FillAsync("kettle");
        await session.By(AriaRole.Button, "Remove fridge-2.wav").ClickAsync();
        await teach.ClickAsync();
        await session.Expect("kettle needs at least one sample.");
        await session.Concept("kettle").Locator("input[type=file]").SetInputFilesAsync(Things.Kettle(1));
        await teach.ClickAsync();
        await session.Expect("No estimate of its accuracy yet");
        await session.Shot("no-estimate");
    }

    [Fact]
    public async Task A_microphone_that_is_denied_is_said_to_be_and_files_still_work()
    {
        await using var session = await PageSession.Open(fixture, Look.Phone, "/#/new", models: 1);
        var page = session.Page;
        await page.EvaluateAsync("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError')); }");
        await session.Give("fridge");
        await session.Concept("fridge").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Record" }).ClickAsync();
        await session.Expect("The browser may not use the microphone.");
        await session.Concept("fridge").Locator("input[type=file]").SetInputFilesAsync(Things.Fridge(1));
        await Expect(session.Concept("fridge").Locator(".tile")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_token_is_asked_for_and_kept_for_the_tab()
    {
        const string Token = "a-token-of-enough-characters-0123456789";
        await using var session = await PageSession.Open(fixture, Look.Desktop, token: Token);
        var page = session.Page;
        var dialog = session.By(AriaRole.Dialog, "Access token");
        await dialog.GetByLabel("Token").FillAsync("wrong");
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Continue" }).ClickAsync();
        await session.Expect("The server did not take this token.");
        await session.Shot("token");
        await dialog.GetByLabel("Token").FillAsync(Token);
        await page.Keyboard.PressAsync("Enter");
        await Expect(session.By(AriaRole.Heading, "Teach it by example")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(session.By(AriaRole.Heading, "Teach it by example")).ToBeVisibleAsync();

        // with a token, samples that the server keeps are played all the same
        await page.GotoAsync(session.Url + "/#/new");
        await session.TeachHouse();
        await Expect(session.Concept("kettle").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Play kettle-1.wav" })).Not.ToHaveAttributeAsync("aria-disabled", "true");

        await page.EvaluateAsync("() => sessionStorage.clear()");
        await page.GotoAsync($"{session.Url}/?again#token={Token}");
        await Expect(page.Locator(".entry")).ToBeVisibleAsync();
        Assert.DoesNotContain(Token, page.Url, StringComparison.Ordinal);
    }

    [GeneratedRegex("amiss")]
    private static partial Regex AmissClass();
}
