using System.Text.Json;

namespace Croma.Tests;

/// <summary>croma data info and croma data check.</summary>
public sealed class CliDataTests : IDisposable
{
    private readonly CliFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Info_says_what_a_data_set_holds()
    {
        var text = await _folder.Run("data", "info", "sequences");
        var json = (await _folder.Run("data", "info", "sequences", "--json", "-")).Json;
        Assert.Equal((0, ""), (text.Code, text.Error));
        Assert.Contains("10 metaTrain, 5 metaValidation, 5 metaTest", text.Out, StringComparison.Ordinal);
        Assert.Equal("tiny", json.GetProperty("dataset").GetProperty("name").GetString());
        Assert.Equal(240, json.GetProperty("strongPairs").GetInt32());
        Assert.Equal(240, json.GetProperty("target").GetProperty("samples").GetProperty("alignment").GetInt32());
        Assert.Equal(JsonValueKind.False, json.GetProperty("target").GetProperty("synthetic").ValueKind);
    }

    [Fact]
    public async Task Check_finds_nothing_in_a_sound_data_set()
    {
        var result = await _folder.Run("data", "check", "data");
        Assert.Equal((0, "data is sound: data set.\n", ""), (result.Code, result.Out, result.Error));
    }

    [Fact]
    public async Task Check_finds_a_flipped_byte_and_says_in_which_file()
    {
        var file = _folder["data/audio.safetensors"];
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var result = await _folder.Run("data", "check", "data");
        Assert.Equal(2, result.Code);
        Assert.StartsWith("data/audio.safetensors: the SHA-256 is", result.Out, StringComparison.Ordinal);
        Assert.StartsWith("croma: 'data' is not sound: ", result.Error, StringComparison.Ordinal);

        var json = (await _folder.Run("data", "check", "data", "--json", "-")).Json;
        Assert.False(json.GetProperty("sound").GetBoolean());
        Assert.Equal("data/audio.safetensors", json.GetProperty("findings")[0].GetProperty("where").GetString());
    }
}
