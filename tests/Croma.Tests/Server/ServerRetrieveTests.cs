using Croma.Data;
using Croma.Search;
using Croma.Server;
using Croma.Tests.Datasets;

namespace Croma.Tests.Server;

/// <summary>Retrieval: from the model's data set, from an index, from a folder of files.</summary>
public sealed class ServerRetrieveTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_text_finds_what_the_library_finds_in_a_data_set_and_in_an_index()
    {
        using var model = SearchModel.Load(models.Sounds);
        using var dataset = CrossModalDataset.Open(ServerModels.DatasetOf(models.Sounds));
        var rows = model.Embed(ModalityRole.Target, dataset.Target.Contents, cancellation: RunningServer.Token);
        var index = EmbeddingIndex.InMemory(model.Describe(ModalityRole.Target), [.. rows.Select((_, i) => $"item {i}")], rows);
        var query = model.Embed(ModalityRole.Source, new MemorySamples(model.Shape(ModalityRole.Source), ["abcabc"]), cancellation: RunningServer.Token)[0];
        var expected = index.Search(query, 5, cancellation: RunningServer.Token).Select(h => (h.Position, h.Score)).ToList();
        using (var builder = new IndexBuilder(_folder["sounds.index"], model.Describe(ModalityRole.Target)))
        {
            builder.Add([.. rows.Select((_, i) => $"item {i}")], rows, new BuildPosition(rows.Length, ""));
            builder.Finish();
        }
        foreach (var (where, label) in new[] { (dataset.Folder, dataset.Concepts[dataset.Target.Concept(expected[0].Position)].Name), (_folder["sounds.index"], $"item {expected[0].Position}") })
        {
            await using var server = await RunningServer.Start(new ServerOptions { Models = [models.Sounds], State = _folder["state"], RetrieveIn = [where] });
            var retrieval = (await server.Get("/api/models")).Require().GetProperty("models")[0].GetProperty("retrieval");
            Assert.Equal((true, rows.Length, "sound"), (retrieval.GetProperty("available").GetBoolean(), retrieval.GetProperty("items").GetInt32(), retrieval.GetProperty("modality").GetString()));
            var answers = new[]
            {
                await server.Post("/api/models/sounds/retrieve", new { input = new { text = "abcabc" }, top = 5 }),
                await server.Form("/api/models/sounds/retrieve", ("input", "abcabc", null), ("top", "5", null)),
            };
            foreach (var answer in answers)
            {
                var found = answer.Require().GetProperty("results").EnumerateArray().ToList();
                Assert.Equal(expected, found.Select(f => (f.GetProperty("id").GetInt32(), f.GetProperty("score").GetDouble())));
                Assert.Equal(label, found[0].GetProperty("label").GetString());
            }
            (await server.Post("/api/models/sounds/retrieve", new { input = new { text = "abc" }, top = 0 })).RequireProblem(422);
            (await server.Form("/api/models/sounds/retrieve", ("input", PngFile.Grey(2, 2, 2), "a.png"))).RequireProblem(415);
        }
    }

    [Fact]
    public async Task Items_of_a_data_set_can_be_heard_and_nothing_else_can_be_read()
    {
        await using var server = await RunningServer.Start(new ServerOptions { Models = [models.Features], State = _folder["state"], RetrieveIn = [ServerModels.DatasetOf(models.Features)] });
        using var dataset = CrossModalDataset.Open(ServerModels.DatasetOf(models.Features));
        var item = Enumerable.Range(0, dataset.Target.Count).First(i => dataset.Target.Media(i) is not null);
        Assert.Equal(TinyDataset.Sound(item), await server.Bytes($"/api/models/features/items/{item}/media"));
        foreach (var path in new[] { "0", "-1", "999999", "99999999999", "..%2f..%2fmodel.json", "x" }) (await server.Get($"/api/models/features/items/{path}/media")).RequireProblem(404);
    }

    [Fact]
    public async Task A_folder_of_texts_is_read_at_the_start_and_what_fits_no_model_is_an_error()
    {
        Directory.CreateDirectory(_folder["words/first"]);
        foreach (var (i, text) in new[] { "abcd", "mnop", "wxyz" }.Index()) File.WriteAllText(_folder[$"words/first/{i}.txt"], text);
        await using (var server = await RunningServer.Start(new ServerOptions { Models = [models.Texts], State = _folder["state"], RetrieveIn = [_folder["words"]] }))
        {
            var found = (await server.Post("/api/models/texts/retrieve", new { input = new { features = Sent.Numbers(1, 1) } })).Require().GetProperty("results").EnumerateArray().ToList();
            Assert.Equal(["abcd", "mnop", "wxyz"], found.Select(f => f.GetProperty("text").GetString()!).Order());
            Assert.All(found, f => Assert.Equal("first", f.GetProperty("label").GetString()));
            Assert.Equal(found[0].GetProperty("text").GetString(), (await server.Get(found[0].GetProperty("mediaUrl").GetString()!)).Body);
        }
        await using (var server = await RunningServer.Start(_folder["state"], models.Features))
            Assert.Contains("--retrieve-in", (await server.Post("/api/models/features/retrieve", new { input = new { features = Sent.Numbers(1, 1) } })).RequireProblem(404), StringComparison.Ordinal);
        await Assert.ThrowsAsync<CromaException>(() => RunningServer.Start(new ServerOptions { Models = [models.Features], State = _folder["state"], RetrieveIn = [_folder["words"]] }));
        await Assert.ThrowsAsync<CromaException>(() => RunningServer.Start(new ServerOptions { Models = [models.Features], State = _folder["state"], RetrieveIn = [_folder["nothing"]] }));
    }
}
