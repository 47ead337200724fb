using System.Text.Json;
using Croma.Classification;
using Croma.Data;

namespace Croma.Tests.Server;

/// <summary>The whole of the API, with features.</summary>
public sealed class ServerStoryTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_classifier_is_made_shown_asked_extended_and_deleted()
    {
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        var model = (await server.Get("/api/models")).Require().GetProperty("models")[0];
        Assert.Equal(("features", 6, false), (model.GetProperty("accepts")[0].GetString(), model.GetProperty("featureShape").GetProperty("width").GetInt32(), model.GetProperty("retrieval").GetProperty("available").GetBoolean()));
        Assert.Equal("audio", model.GetProperty("target").GetProperty("name").GetString());

        var answer = await server.Post("/api/classifiers", Sent.Create());
        var made = answer.Require(201);
        var address = "/api/classifiers/" + made.GetProperty("id").GetString();
        Assert.Equal(address, answer.Message.Headers.Location?.ToString());
        Assert.Equal(["a", "b"], made.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("name").GetString()!));
        Assert.Equal(["a 0", "a 1", "a 2"], made.GetProperty("classes")[0].GetProperty("samples").EnumerateArray().Select(s => s.GetProperty("name").GetString()!));
        Assert.Equal(("ridge", 6, 0.1), (made.GetProperty("head").GetString(), made.GetProperty("estimate").GetProperty("samples").GetInt32(), made.GetProperty("falseAlarmRate").GetDouble()));
        Assert.Equal(made.GetRawText(), (await server.Get(address)).Require().GetRawText());
        var listed = (await server.Get("/api/classifiers?model=features")).Require().GetProperty("classifiers");
        Assert.Equal((1, 6), (listed.GetArrayLength(), listed[0].GetProperty("sampleCount").GetInt32()));
        Assert.Equal(0, (await server.Get("/api/classifiers?model=other")).Require().GetProperty("classifiers").GetArrayLength());

        // to the bit what the library says
        await AgreesWithLibrary(server, address, Support(2, 3));
        var extended = (await server.Post(address + "/samples", new { samples = new[] { new { @class = "c", features = Sent.Numbers(2, 0) }, new { @class = "a", features = Sent.Numbers(0, 3) } } })).Require();
        Assert.Equal([4, 3, 1], extended.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("samples").GetArrayLength()));
        await AgreesWithLibrary(server, address, [.. Support(2, 3), ("c", Sent.Numbers(2, 0)), ("a", Sent.Numbers(0, 3))]);

        var gone = extended.GetProperty("classes")[2].GetProperty("samples")[0].GetProperty("id").GetString();
        Assert.Equal(2, (await server.Delete($"{address}/samples/{gone}")).Require().GetProperty("classes").GetArrayLength());
        (await server.Delete($"{address}/samples/{gone}")).RequireProblem(404);
        await AgreesWithLibrary(server, address, [.. Support(2, 3), ("a", Sent.Numbers(0, 3))]);

        Assert.Equal(204, (await server.Delete(address)).Status);
        foreach (var path in new[] { address, address + "/map", address + $"/samples/{gone}/media" }) (await server.Get(path)).RequireProblem(404);
        (await server.Post(address + "/predict", Sent.Predict())).RequireProblem(404);
        Assert.Empty(Directory.GetDirectories(_folder["state"]));
    }

    [Fact]
    public async Task None_of_these_is_said_at_the_rate_that_was_asked_for()
    {
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        var address = await Sent.Classifier(server, shots: 6);
        var strange = new { inputs = new[] { new { name = "x", features = Sent.Numbers(7, 1) } }, falseAlarmRate = 0.5 };
        var prediction = (await server.Post(address + "/predict", strange)).Require().GetProperty("predictions")[0];
        Assert.Equal(("x", JsonValueKind.Null, true), (prediction.GetProperty("name").GetString(), prediction.GetProperty("class").ValueKind, prediction.GetProperty("none").GetBoolean()));
        Assert.Contains(prediction.GetProperty("likeliest").GetString(), (string[])["a", "b"]);
        // the smallest rate lies above what is asked for here, so that it never can be said
        var never = (await server.Post(address + "/predict", new { strange.inputs, falseAlarmRate = 0.01 })).Require().GetProperty("predictions")[0];
        Assert.Equal((prediction.GetProperty("likeliest").GetString(), false), (never.GetProperty("class").GetString(), never.GetProperty("none").GetBoolean()));
    }

    [Fact]
    public async Task Classifiers_and_their_samples_are_there_after_a_restart()
    {
        var (answers, address) = (new List<string>(), "");
        await using (var server = await RunningServer.Start(_folder["state"], models.Features))
        {
            address = await Sent.Classifier(server);
            await Look(server);
        }
        await using (var server = await RunningServer.Start(_folder["state"], models.Features))
        {
            Assert.Equal(1, server.Server.ClassifierCount);
            await Look(server);
            Assert.Equal(answers[..(answers.Count / 2)], answers[(answers.Count / 2)..]);
            (await server.Post(address + "/samples", new { samples = new[] { new { @class = "a", features = Sent.Numbers(0, 50) } } })).Require();
            await AgreesWithLibrary(server, address, [.. Support(2, 3), ("a", Sent.Numbers(0, 50))]);
        }
        // without its model it predicts, and does not change
        await using (var server = await RunningServer.Start(_folder["state"], models.Texts))
        {
            (await server.Post(address + "/predict", Sent.Predict())).Require();
            var shown = (await server.Get(address)).Require();
            Assert.Equal(("features", "features"), (shown.GetProperty("model").GetString(), Assert.Single(shown.GetProperty("accepts").EnumerateArray()).GetString()));
            (await server.Get(address + "/map")).Require();
            var sample = shown.GetProperty("classes")[0].GetProperty("samples")[0].GetProperty("id").GetString();
            foreach (var refused in new[] { await server.Post(address + "/samples", new { samples = new[] { new { @class = "a", features = Sent.Numbers(0, 50) } } }), await server.Delete($"{address}/samples/{sample}") })
                Assert.Equal("The classifier's model 'features' is not served now: it can predict, and not change. Start the server with that model.", refused.RequireProblem(409));
            Assert.Equal(204, (await server.Delete(address)).Status);
        }

        async Task Look(RunningServer server)
        {
            answers.Add((await server.Get(address)).Body);
            answers.Add((await server.Post(address + "/predict", Sent.Predict(1))).Body);
            answers.Add((await server.Get(address + "/map")).Body);
            var url = (await server.Get(address)).Json.GetProperty("classes")[0].GetProperty("samples")[0].GetProperty("mediaUrl").GetString()!;
            answers.Add((await server.Get(url)).Body);
        }
    }

    [Fact]
    public async Task The_map_has_every_sample_and_draws_classes_apart()
    {
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        var address = await Sent.Classifier(server, ways: 3, shots: 4);
        var map = (await server.Get(address + "/map")).Require();
        var points = map.GetProperty("points").EnumerateArray().Select(p => (X: p.GetProperty("x").GetDouble(), Y: p.GetProperty("y").GetDouble(), Class: p.GetProperty("class").GetString())).ToList();
        Assert.Equal((12, 3), (points.Count, map.GetProperty("classes").GetArrayLength()));
        Assert.InRange(map.GetProperty("share").GetDouble(), 0.5, 1);
        double Distance(int i, int j) => Math.Sqrt(Math.Pow(points[i].X - points[j].X, 2) + Math.Pow(points[i].Y - points[j].Y, 2));
        var pairs = Enumerable.Range(0, 12).SelectMany(i => Enumerable.Range(0, i).Select(j => (i, j))).ToList();
        Assert.True(pairs.Where(p => points[p.i].Class == points[p.j].Class).Average(p => Distance(p.i, p.j)) < 0.5 * pairs.Where(p => points[p.i].Class != points[p.j].Class).Average(p => Distance(p.i, p.j)));
    }

    private static List<(string Class, float[] Numbers)> Support(int ways, int shots) => [.. Enumerable.Range(0, ways).SelectMany(w => Enumerable.Range(0, shots).Select(i => (Sent.Label(w), Sent.Numbers(w, i))))];

    private async Task AgreesWithLibrary(RunningServer server, string address, IReadOnlyList<(string Class, float[] Numbers)> support)
    {
        using var model = TrainedModel.Load(models.Features);
        using var classifier = model.Adapt(SupportSamples.Of(new MemorySamples(model.Target.Shape, [.. support.Select(s => s.Numbers)]), [.. support.Select(s => s.Class)]), "ridge", cancellation: RunningServer.Token);
        float[][] inputs = [.. Enumerable.Range(0, 40).Select(i => Sent.Numbers(i % 5, 100 + i))];
        var expected = classifier.Predict(new MemorySamples(model.Target.Shape, inputs), cancellation: RunningServer.Token);
        // alone, on the thread of the request, and together, on others
        foreach (var count in new[] { 1, 40 })
        {
            var answers = (await server.Post(address + "/predict", new { inputs = inputs.Take(count).Select(features => new { features }) })).Require().GetProperty("predictions").EnumerateArray().ToList();
            Assert.Equal(count, answers.Count);
            foreach (var (prediction, answer) in expected.Zip(answers))
            {
                Assert.Equal(prediction.Probabilities, answer.GetProperty("probabilities").EnumerateArray().Select(p => p.GetProperty("probability").GetDouble()));
                Assert.Equal(classifier.Classes, answer.GetProperty("probabilities").EnumerateArray().Select(p => p.GetProperty("class").GetString()!));
                Assert.Equal((prediction.Familiarity, classifier.Classes[prediction.Class]), (answer.GetProperty("familiarity").GetDouble(), answer.GetProperty("likeliest").GetString()));
                Assert.Equal(prediction.IsNoneOfThese(0.1), answer.GetProperty("none").GetBoolean());
            }
        }
    }
}
