using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Croma.Tests.Browser;

/// <summary>Samples that are typed, and classifiers whose model is not served.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageKindsTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Texts_are_typed_and_dropped_taught_tried_and_corrected(bool onPhone)
    {
        await using var session = await PageSession.Open(fixture, onPhone ? Look.LightPhone : Look.DarkDesktop, "/#/new", models: 3);
        var page = session.Page;
        await session.By(AriaRole.Radio, "sentences").CheckAsync();
        await session.Give("early letters");
        await session.Give("late letters");
        // the button's way, the keyboard's way, and a file's
        await Type("early letters", "abcabc", byKeyboard: false);
        await Type("early letters", "bcabca", byKeyboard: true);
        await session.Drop(session.Concept("early letters"), Text("early.txt", "cabbac"));
        await Type("late letters", "xyzxyz", byKeyboard: false);
        await Type("late letters", "zyxzyx", byKeyboard: true);
        await session.Drop(session.Concept("late letters"), Text("late.txt", "yxzzxy"), Things.Notes);
        await session.Expect("notes.pdf is not among the texts that this model takes.");
        await Expect(session.Concept("early letters").Locator(".tile")).ToHaveTextAsync(["abcabc", "bcabca", "cabbac"]);
        await session.Expect("2 concepts, 6 samples");

        // nothing is added where nothing was typed, nor what the server would refuse
        await session.Concept("late letters").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Add", Exact = true }).ClickAsync();
        await session.Concept("late letters").GetByLabel("Or type a text").FillAsync(new string('x', (64 << 10) + 1));
        await session.Concept("late letters").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Add", Exact = true }).ClickAsync();
        await session.Expect("At most 64 kB are taken.");
        await session.Concept("late letters").GetByLabel("Or type a text").FillAsync("");
        await Expect(session.Concept("late letters").Locator(".tile")).ToHaveCountAsync(3);
        await session.RequireAccessible("texts, one too long");
        await session.Shot("texts-samples");

        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await Expect(page.Locator("#status")).ToContainTextAsync("Taught.");
        // what the server keeps is shown as it was typed
        await Expect(session.Concept("early letters").Locator(".tile")).ToHaveTextAsync(["abcabc", "bcabca", "cabbac"]);
        await page.Locator(".attempt").GetByLabel("Or type a text").FillAsync("zxyzxy");
        await page.Keyboard.PressAsync("Control+Enter");
        var results = page.Locator(".results > li");
        await Expect(results.Nth(0).Locator(".bars .name").First).ToHaveTextAsync("late letters");
        await page.Locator(".attempt").GetByLabel("Or type a text").FillAsync(string.Concat(Enumerable.Repeat("a text of many words that goes on ", 12)));
        await page.Locator(".attempt").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Classify", Exact = true }).ClickAsync();
        await Expect(results).ToHaveCountAsync(2);
        await Expect(results.Nth(0).Locator(".bars")).ToBeVisibleAsync();
        await session.RequireAccessible("texts, tried");
        await session.Shot("texts-tried");
        await results.Nth(1).GetByLabel("Not right? It is").SelectOptionAsync("early letters");
        await results.Nth(1).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Learn" }).ClickAsync();
        await Expect(results.Nth(1)).ToContainTextAsync("Learned as early letters");
        await Expect(session.Concept("early letters").Locator(".tile")).ToHaveTextAsync(["abcabc", "bcabca", "cabbac", "zxyzxy"]);

        async Task Type(string concept, string text, bool byKeyboard)
        {
            var field = session.Concept(concept).GetByLabel("Or type a text");
            await field.FillAsync(text);
            if (byKeyboard) await page.Keyboard.PressAsync("Control+Enter");
            else await session.Concept(concept).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Add", Exact = true }).ClickAsync();
            await Expect(field).ToHaveValueAsync("");
            await Expect(field).ToBeFocusedAsync();
        }
    }

    [Fact]
    public async Task A_classifier_whose_model_is_not_served_answers_and_says_why_it_cannot_be_taught()
    {
        await using var session = await PageSession.Open(fixture, Look.DarkDesktop, "/#/new", models: 2);
        var page = session.Page;
        await session.By(AriaRole.Radio, "pictures").CheckAsync();
        await session.Give("leaf", Things.Leaf(1), Things.Leaf(2), Things.Leaf(3));
        await session.Give("wall", Things.Wall(1), Things.Wall(2), Things.Wall(3));
        await session.By(AriaRole.Button, "Teach it").ClickAsync();
        await Expect(page.Locator(".plane .mark")).ToHaveCountAsync(6);

        await session.StopServer();
        await session.StartServer(models: 1);
        await page.GotoAsync(session.Url + "/?again");
        await Expect(page.Locator(".entry")).ToContainTextAsync("its model is not served now");
        await page.Locator(".entry").ClickAsync();
        await session.Expect("Its model, pictures-model, is not served now: it recognises what it knows, and cannot be taught.");
        await Expect(page.Locator(".plane .mark")).ToHaveCountAsync(6);
        await Expect(session.Concept("leaf").Locator(".tile canvas.picture[width='160']")).ToHaveCountAsync(3);
        await page.Locator(".attempt input[type=file]").SetInputFilesAsync(Things.Wall(6));
        await Expect(page.Locator(".results .bars .name").First).ToHaveTextAsync("wall");
        // nothing is offered that would be refused
        foreach (var offer in new[] { "Add a concept", "Learn", "Remove leaf-1.png" }) await Expect(session.By(AriaRole.Button, offer)).ToHaveCountAsync(0);
        await Expect(page.Locator(".concept .drop")).ToHaveCountAsync(0);
        await session.RequireAccessible("without its model");
        await session.Shot("without-its-model");
        await session.By(AriaRole.Button, "Delete").ClickAsync();
        await session.By(AriaRole.Dialog, "Delete").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Delete" }).ClickAsync();
        await Expect(session.By(AriaRole.Heading, "Teach it by example")).ToBeVisibleAsync();
    }

    private static FilePayload Text(string name, string text) => new() { Name = name, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(text) };
}
