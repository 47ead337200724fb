using Croma.Baselines;
using Croma.Checkpoints;
using Croma.Compute;
using Croma.Data;
using Croma.Tests.Server;

namespace Croma.Tests;

/// <summary>croma map: the shared space before and after training.</summary>
public sealed class CliMapTests(ServerModels models) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Before_alignment_is_what_training_starts_from_also_where_encoders_start_by_data()
    {
        using var trained = TrainedModel.Load(models.Pictures);
        using (var dataset = CrossModalDataset.Open(ServerModels.DatasetOf(models.Pictures)))
        using (var duet = new Duet(threads: 1))
        {
            using var method = Methods.Create(trained.Info.Method, trained.Info.Configuration, dataset, trained.Info.Seed, duet);
            using var start = method.Meta;
            ModelFolder.Save(_folder["start"], start, trained.Info);
        }
        var (untrained, after) = (await Map(_folder["start"]), await Map(models.Pictures));
        Assert.Equal(untrained.After, untrained.Before);
        Assert.Equal(untrained.Before, after.Before);
        Assert.NotEqual(after.Before, after.After);
    }

    private async Task<(string Before, string After)> Map(string model)
    {
        var map = await CliProcess.Run(_folder.Path, "map", "--model", model, "--data", ServerModels.DatasetOf(models.Pictures), "--json", "-");
        Assert.Equal((0, ""), (map.Code, map.Error));
        return (map.Json.GetProperty("before").GetRawText(), map.Json.GetProperty("after").GetRawText());
    }
}
