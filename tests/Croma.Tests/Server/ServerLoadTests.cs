using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Croma.Server;
using Croma.Server.Api;
using Croma.Server.Work;

namespace Croma.Tests.Server;

/// <summary>Too much, too slow, and gone: what the server does beyond its capacity, and when clients or the server leave.</summary>
public sealed class ServerLoadTests(ServerModels models) : IDisposable
{
    private static readonly byte[] s_predict = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Sent.Predict()));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Beyond_the_rate_of_a_client_there_is_429_with_a_time_to_wait()
    {
        await using var server = await Start(new ServerLimits { RequestsPerSecond = 1 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => server.Get("/health")));
        Assert.Contains(answers, a => a.Status == 200);
        var refused = answers.Where(a => a.Status != 200).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, a =>
        {
            Assert.Contains("more requests a second", a.RequireProblem(429), StringComparison.Ordinal);
            Assert.True(a.Message.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        });
    }

    [Fact]
    public async Task Beyond_the_requests_that_it_works_at_it_says_so_and_does_not_collapse()
    {
        await using var server = await Start(new ServerLimits { Requests = 1 });
        var address = await Sent.Classifier(server);
        await using (var busy = await server.Begin(address + "/predict", "application/json", s_predict.Length))
        {
            for (var i = 0; i < 20; i++)
            {
                var refused = await server.Post(address + "/predict", Sent.Predict());
                Assert.Contains("at the same time", refused.RequireProblem(429), StringComparison.Ordinal);
                Assert.NotNull(refused.Message.Headers.RetryAfter);
            }
            await busy.WriteAsync(s_predict, RunningServer.Token);
            Assert.StartsWith("HTTP/1.1 200", await RunningServer.ReadToEnd(busy), StringComparison.Ordinal);
        }
        await Eventually(server, address);
    }

    [Fact]
    public async Task Few_large_bodies_are_read_at_the_same_time_and_small_ones_pass_them()
    {
        await using var server = await Start(new ServerLimits { Uploads = 1 });
        var address = await Sent.Classifier(server);
        await using var busy = await server.Begin(address + "/predict", "multipart/form-data; boundary=x", 1000);
        Assert.Contains("large requests", (await server.Form(address + "/predict", ("input", "[1,2,3,4,5,6]", null))).RequireProblem(429), StringComparison.Ordinal);
        (await server.Post(address + "/predict", Sent.Predict())).Require();
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_place()
    {
        await using var server = await Start(new ServerLimits { Requests = 1 });
        var address = await Sent.Classifier(server);
        await using (await server.Begin(address + "/predict", "application/json", s_predict.Length)) (await server.Get("/health")).RequireProblem(429);
        await Eventually(server, address);
    }

    [Fact]
    public async Task A_slow_client_is_cut_off()
    {
        await using var server = await Start(new ServerLimits { BodyBytesPerSecond = 1 << 20, Patience = TimeSpan.FromSeconds(1.5), Headers = TimeSpan.FromSeconds(2) });
        var address = await Sent.Classifier(server);
        await using var slow = await server.Begin(address + "/predict", "application/json", s_predict.Length);
        await slow.WriteAsync(s_predict.AsMemory(0, 5), RunningServer.Token);
        await using var silent = await server.Connect();
        await silent.WriteAsync("GET /health HTTP/1.1\r\nHost: 127."u8.ToArray(), RunningServer.Token);
        Assert.StartsWith("HTTP/1.1 408", await RunningServer.ReadToEnd(slow), StringComparison.Ordinal);
        Assert.DoesNotContain("200", await RunningServer.ReadToEnd(silent), StringComparison.Ordinal);
        (await server.Post(address + "/predict", Sent.Predict())).Require();
    }

    [Fact]
    public async Task A_body_that_takes_longer_than_it_may_is_cut_off_however_steadily_it_comes()
    {
        await using var server = await Start(new ServerLimits { Body = TimeSpan.FromMilliseconds(300), BodyBytesPerSecond = 1 });
        var address = await Sent.Classifier(server);
        await using var slow = await server.Begin(address + "/predict", "multipart/form-data; boundary=x", 1 << 19);
        Assert.StartsWith("HTTP/1.1 408", await RunningServer.ReadToEnd(slow), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_finishes_what_it_began_and_takes_nothing_new()
    {
        var server = await Start(new ServerLimits());
        var address = await Sent.Classifier(server);
        var body = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { samples = new[] { new { @class = "c", features = Sent.Numbers(2, 0) } } }));
        await using (var begun = await server.Begin(address + "/samples", "application/json", body.Length))
        {
            var stopping = server.DisposeAsync().AsTask();
            Assert.False(stopping.IsCompleted);
            await begun.WriteAsync(body, RunningServer.Token);
            Assert.StartsWith("HTTP/1.1 200", await RunningServer.ReadToEnd(begun), StringComparison.Ordinal);
            await stopping;
        }
        await Assert.ThrowsAsync<SocketException>(() => server.Connect());
        await using var again = await Start(new ServerLimits());
        Assert.Equal(3, (await again.Get(address)).Require().GetProperty("classes").GetArrayLength());
    }

    [Fact]
    public async Task Reading_goes_on_while_a_classifier_is_changed()
    {
        await using var server = await Start(new ServerLimits { RequestsPerSecond = 1_000_000 });
        var address = await Sent.Classifier(server);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(async _ =>
        {
            var answers = 0;
            while (!done.IsCancellationRequested)
            {
                var classes = (await server.Post(address + "/predict", Sent.Predict())).Require().GetProperty("predictions")[0].GetProperty("probabilities").EnumerateArray().Select(p => p.GetProperty("class").GetString()!).ToList();
                // the old state or the new one, and nothing between
                Assert.Contains(string.Concat(classes), (string[])["ab", "abc"]);
                answers++;
            }
            return answers;
        }).ToList();
        for (var i = 0; i < 10; i++)
        {
            var extended = (await server.Post(address + "/samples", new { samples = new[] { new { @class = "c", features = Sent.Numbers(2, i) } } })).Require();
            var sample = extended.GetProperty("classes")[2].GetProperty("samples")[0].GetProperty("id").GetString();
            (await server.Delete($"{address}/samples/{sample}")).Require();
        }
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), answers => Assert.True(answers > 0));
    }

    [Fact]
    public async Task Changes_of_many_clients_are_made_one_after_the_other_and_none_is_lost()
    {
        await using var server = await Start(new ServerLimits { WaitingChanges = 64 });
        var address = await Sent.Classifier(server);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i => (await server.Post(address + "/samples", new { samples = new[] { new { @class = Sent.Label(i % 3), features = Sent.Numbers(i % 3, 20 + i) } } })).Require()));
        Assert.Equal(6 + 12, (await server.Get("/api/classifiers")).Require().GetProperty("classifiers")[0].GetProperty("sampleCount").GetInt32());
    }

    [Fact]
    public async Task A_queue_refuses_what_it_has_no_room_for_leaves_out_who_left_and_ends_with_all_done()
    {
        using var gate = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        using var left = new CancellationTokenSource();
        Task<int> first, second, third;
        await using (var queue = new WorkQueue("jobs", 1, 2, 7))
        {
            first = queue.RunAsync(_ =>
            {
                begun.Set();
                gate.Wait(RunningServer.Token);
                return 1;
            }, RunningServer.Token);
            begun.Wait(RunningServer.Token);
            (second, third) = (queue.RunAsync(_ => 2, left.Token), queue.RunAsync<int>(_ => throw new CromaException("wrong"), RunningServer.Token));
            var refused = Assert.Throws<RequestProblem>(() => { _ = queue.RunAsync(_ => 4, RunningServer.Token); });
            Assert.Equal((429, 7, 2), (refused.Status, refused.RetryAfter, queue.Waiting));
            await left.CancelAsync();
            gate.Set();
        }
        Assert.True(first.IsCompletedSuccessfully && second.IsCanceled && third.IsFaulted);
        Assert.Equal(1, await first);
    }

    private Task<RunningServer> Start(ServerLimits limits) => RunningServer.Start(new ServerOptions { Models = [models.Features], State = _folder["state"], Limits = limits });

    /// <summary>The place of a request is given back when its handler ends, which may be after its answer was read.</summary>
    private static async Task Eventually(RunningServer server, string address)
    {
        Answer answer;
        do answer = await server.Post(address + "/predict", Sent.Predict());
        while (answer.Status == 429);
        answer.Require();
    }
}
