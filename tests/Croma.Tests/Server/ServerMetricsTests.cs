using System.Globalization;
using System.Text.RegularExpressions;

namespace Croma.Tests.Server;

/// <summary>Metrics. Instruments are the process's, so that no other server may be at work.</summary>
[Collection(WholeProcess.Name)]
public sealed partial class ServerMetricsTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_count_what_was_done_in_the_text_format_of_Prometheus()
    {
        await using var server = await RunningServer.Start(_folder["state"], models.Features);
        var address = await Sent.Classifier(server);
        for (var i = 0; i < 3; i++) (await server.Post(address + "/predict", Sent.Predict())).Require();
        (await server.Get("/api/classifiers/0")).RequireProblem(404);
        var answer = await server.Get("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Message.Content.Headers.ContentType?.ToString());
        var lines = answer.Body.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches(Line(), line));
        Assert.Equal(3, Value("croma_predictions_total"));
        Assert.Equal(3, Value("croma_predict_duration_seconds_count"));
        Assert.Equal(3, Value("croma_predict_duration_seconds_bucket{le=\"+Inf\"}"));
        Assert.Equal(1, Value("croma_change_duration_seconds_count"));
        Assert.Equal(1, Value("croma_classifiers"));
        Assert.Equal(1, Value("croma_refused_total{status=\"404\"}"));
        Assert.Contains(lines, l => l.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal));
        // each metric is introduced once
        Assert.Equal(lines.Where(l => l.StartsWith("# TYPE", StringComparison.Ordinal)).Distinct().Count(), lines.Count(l => l.StartsWith("# TYPE", StringComparison.Ordinal)));

        double Value(string name) => double.Parse(lines.Single(l => l.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_]\w*="([^"\\]|\\.)*"(,[a-zA-Z_]\w*="([^"\\]|\\.)*")*\})? -?[0-9.eE+-]+)$""")]
    private static partial Regex Line();
}
