using System.Globalization;
using System.Text;
using Croma.Compute;
using Croma.Configuration;
using Croma.Data;
using Croma.Server;

namespace Croma.Cli.Bench;

/// <summary>
/// Predictions of a server on loopback, client and server on the same processors: as many as it gives, the times at half of that, and
/// what becomes of more than it takes. The model is of made-up features, with the layers of the profile `small`.
/// </summary>
/// <param name="numbers">Numbers of a sample.</param>
/// <param name="ways">Classes.</param>
/// <param name="connections">Connections.</param>
/// <param name="seconds">Seconds of each load.</param>
/// <param name="threads">Threads that a piece of work may take.</param>
internal sealed class ServeBenchmark(int numbers, int ways, int connections, double seconds, int threads)
{
    private const int Shots = 5, ConceptsOfAPart = 8, SamplesOfAPart = 12, WarmUp = 2, Crowd = 4, Unlimited = 1_000_000;

    /// <summary>Measures.</summary>
    public async Task<IReadOnlyList<ServeFigures>> RunAsync(Action<double, string> report, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("croma-bench-").FullName;
        try
        {
            Train(Path.Combine(folder, "bench"), cancellation);
            var limits = new ServerLimits { RequestsPerSecond = Unlimited };
            var server = await CromaServer.StartAsync(new ServerOptions { Models = [Path.Combine(folder, "bench")], Urls = ["http://127.0.0.1:0"], State = Path.Combine(folder, "state"), Limits = limits, Threads = threads }, cancellation).ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                var url = new Uri(server.Urls[0]);
                var client = new LoadClient(url, await MakeAsync(url, cancellation).ConfigureAwait(false) + "/predict", Predict());
                report(0.1, "warming up");
                await client.RunAsync("", connections, WarmUp, null, cancellation).ConfigureAwait(false);
                report(0.2, "as many as it gives");
                var most = await client.RunAsync("as fast as it answers", connections, seconds, null, cancellation).ConfigureAwait(false);
                report(0.5, "half of that");
                var half = await client.RunAsync("at half of that", connections, seconds, most.AnswersPerSecond / 2, cancellation).ConfigureAwait(false);
                report(0.8, "more than it takes");
                var crowd = await client.RunAsync("more connections than it works at", Crowd * limits.Requests / 2, seconds, null, cancellation).ConfigureAwait(false);
                return [most, half, crowd, await client.RunAsync("as fast as it answers, afterwards", connections, seconds, null, cancellation).ConfigureAwait(false)];
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Train(string folder, CancellationToken cancellation)
    {
        var (writer, random) = (new DatasetWriter("bench", 1, ModalityWriter.Features("source", numbers), ModalityWriter.Features("target", numbers)), new CounterRandom(1, 1));
        foreach (var split in Enum.GetValues<ConceptSplit>())
            for (var c = 0; c < ConceptsOfAPart; c++)
            {
                var concept = writer.AddConcept($"{split} {c}", $"{split} {c}", split, null);
                foreach (var part in Enum.GetValues<Part>())
                    for (var i = 0; i < SamplesOfAPart; i++)
                    {
                        var (s, t) = (writer.Source.Add(concept, part, ModalityData.NoGroup, Vector(random)), writer.Target.Add(concept, part, ModalityData.NoGroup, Vector(random)));
                        if (part == Part.Alignment) writer.AddPair(s, t);
                    }
            }
        writer.Write(folder + ".data");
        using var dataset = CrossModalDataset.Open(folder + ".data");
        var small = Profiles.Get("small");
        var options = new TrainingOptions { Configuration = small with { Training = small.Training with { Iterations = 1, Shots = 2 }, Selection = small.Selection with { Every = 1, Tasks = 1, Shots = 2, Queries = 2 } } };
        using var model = TrainedModel.Train(dataset, options, cancellation: cancellation);
        model.Save(folder);
    }

    /// <summary>Makes a classifier; its address.</summary>
    private async Task<string> MakeAsync(Uri server, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = server };
        var random = new CounterRandom(2, 1);
        var samples = Enumerable.Range(0, ways).SelectMany(way => Enumerable.Range(0, Shots).Select(_ => $$"""{"class":"class {{way}}","features":{{Json(random)}}}"""));
        using var content = new StringContent($$"""{"head":"ridge","samples":[{{string.Join(',', samples)}}]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri("/api/classifiers", UriKind.Relative), content, cancellation).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? response.Headers.Location!.ToString() : throw new CromaException($"The server made no classifier: {await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false)}");
    }

    private byte[] Predict() => Encoding.UTF8.GetBytes($$"""{"inputs":[{"features":{{Json(new CounterRandom(3, 1))}}}]}""");

    private string Json(CounterRandom random) => $"[{string.Join(',', Vector(random).Select(x => ((float)x).ToString("0.0000", CultureInfo.InvariantCulture)))}]";

    private Half[] Vector(CounterRandom random) => [.. Enumerable.Range(0, numbers).Select(_ => (Half)random.NextNormal())];
}
