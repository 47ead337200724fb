using Croma.Data;
using Croma.Data.Formats;

namespace Croma.Tests.Data;

/// <summary>Files by which people hear or see samples: beside the data set, outside its hash.</summary>
public sealed class MediaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MediaTests() => TinyDataset.Write(_folder["heard"], media: true);

    [Fact]
    public void Media_are_read_back_and_the_data_set_has_the_hash_it_has_without_them()
    {
        TinyDataset.Write(_folder["silent"]);
        using var heard = CrossModalDataset.Open(_folder["heard"]);
        using var silent = CrossModalDataset.Open(_folder["silent"]);
        Assert.Equal(silent.Sha256, heard.Sha256);
        Assert.Equal((0, 5 * 3 * TinyDataset.SamplesPerPart, 0), (heard.Source.MediaCount, heard.Target.MediaCount, silent.Target.MediaCount));
        var last = heard.Target.Count - 1;
        Assert.Equal("audio/wav", heard.Target.Media(last)!.Type);
        Assert.Equal(TinyDataset.Sound(last), heard.Target.Media(last)!.Read());
        Assert.Null(heard.Target.Media(0));
        Assert.Null(silent.Target.Media(last));
        Assert.Empty(Check("heard"));
        Assert.Empty(Check("silent"));
    }

    [Fact]
    public void Writing_a_data_set_without_media_over_one_with_them_leaves_none()
    {
        TinyDataset.Write(_folder["heard"]);
        using var dataset = CrossModalDataset.Open(_folder["heard"]);
        Assert.Equal(0, dataset.Target.MediaCount);
    }

    [Fact]
    public void The_check_finds_media_that_changed_are_too_long_or_missing()
    {
        var files = Directory.GetFiles(_folder["heard/media"]).Order().ToList();
        File.WriteAllBytes(files[0], new byte[8]);
        File.WriteAllBytes(files[1], new byte[9]);
        File.Delete(files[2]);
        File.Delete(files[3]);
        File.CreateSymbolicLink(files[3], files[4]);
        string[] faults = ["the SHA-256 is", "has 9 bytes; media.json says 8", "cannot be read", "this is a link"];
        Assert.Equal(faults.Length, Check("heard").Zip(faults, (finding, fault) => finding.What.Contains(fault, StringComparison.Ordinal)).Count(found => found));
        // what methods read is sound
        using var dataset = CrossModalDataset.Open(_folder["heard"]);
        Assert.Throws<CromaException>(() => dataset.Target.Media(dataset.Target.Count - 5 * 3 * TinyDataset.SamplesPerPart + 1)!.Read());
    }

    [Fact]
    public void A_folder_of_media_that_is_a_link_is_refused()
    {
        Directory.Move(_folder["heard/media"], _folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["heard/media"], _folder["elsewhere"]);
        Assert.Contains("is a link", Assert.Throws<DataFormatException>(() => CrossModalDataset.Open(_folder["heard"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("croma-media", "croma-tedia", "format")]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 2", "reads up to 1")]
    [InlineData("\"dataset\": \"", "\"dataset\": \"0", "which is not this one")]
    [InlineData("\"file\": \"audio-00540.wav\"", "\"file\": \"../audio-00540.wav\"", "plain name")]
    [InlineData("\"file\": \"audio-00540.wav\"", "\"file\": \"audio-00540.exe\"", "ends in .wav, .png, .jpg")]
    [InlineData("\"sample\": 541,", "\"sample\": 540,", "sample 540 comes twice")]
    [InlineData("\"sample\": 719,", "\"sample\": 720,", "there are 720")]
    [InlineData("\"source\": []", "\"source\": null", "no index of media")]
    [InlineData("\"source\": []", "\"source\": [], \"more\": 1", "no index of media")]
    public void A_faulty_index_is_refused_with_its_reason(string old, string replacement, string reason)
    {
        var text = File.ReadAllText(_folder["heard/media.json"]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(_folder["heard/media.json"], text.Replace(old, replacement, StringComparison.Ordinal));
        var message = Assert.ThrowsAny<CromaException>(() => CrossModalDataset.Open(_folder["heard"])).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Single(Check("heard"));
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<DatasetFinding> Check(string name) => DatasetCheck.Run(_folder[name], TestContext.Current.CancellationToken);
}
