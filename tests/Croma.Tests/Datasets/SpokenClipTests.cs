using System.Runtime.InteropServices;
using Croma.Datasets;
using Croma.Datasets.Media;
using Croma.Datasets.Recordings;
using Croma.Datasets.Speech;

namespace Croma.Tests.Datasets;

/// <summary>Many recorded clips decoded together, and what is made of one.</summary>
public sealed class SpokenClipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Clips_decoded_together_are_those_decoded_alone_whatever_the_number_of_threads()
    {
        Need();
        var files = Files(70);
        var (one, three) = (Decode(files, 1, new BrokenFiles(false)), Decode(files, 3, new BrokenFiles(false)));
        var features = new LogMel();
        for (var i = 0; i < files.Length; i++)
        {
            Assert.Equal(one[i]!.Frames, three[i]!.Frames);
            Assert.Equal(one[i]!.Sha256, three[i]!.Sha256);
            if (i % 23 != 0) continue;
            var alone = new MediaDecoder(_folder["scratch"], new MediaLimits()).Sounds([files[i].Path], LogMel.SampleRate, TestContext.Current.CancellationToken).Single().Value!;
            Assert.Equal(features.Normalise(SpokenClips.Trim(features.Energies(alone))), one[i]!.Frames);
        }
    }

    [Fact]
    public void Broken_clips_fail_by_name_or_are_skipped_by_name_and_cost_the_others_nothing()
    {
        Need();
        var files = Files(70);
        files[3] = File("three.wav", "no sound"u8.ToArray());
        files[40] = new MediaFile("forty.wav", _folder["nowhere"]);
        // a playlist would make the program open other files
        files[69] = File("list.wav", "#EXTM3U\n#EXTINF:1,\n/etc/hostname\n"u8.ToArray());
        var broken = new BrokenFiles(skip: true);
        var clips = Decode(files, 2, broken);
        Assert.Equal([3, 40, 69], clips.Index().Where(c => c.Item is null).Select(c => c.Index));
        Assert.Equal(3, broken.Skipped.Count);
        Assert.StartsWith("three.wav: it is no sound", broken.Skipped[0], StringComparison.Ordinal);
        Assert.Equal("forty.wav: there is no such file", broken.Skipped[1]);
        Assert.StartsWith("list.wav: it is no sound", broken.Skipped[2], StringComparison.Ordinal);
        Assert.StartsWith(" Files left out, as they could not be decoded (3): three.wav: ", broken.Note, StringComparison.Ordinal);
        Assert.Equal(Decode(Files(70), 2, new BrokenFiles(false))[4]!.Frames, clips[4]!.Frames);
        Assert.StartsWith("forty.wav: there is no such file", Assert.Throws<CromaException>(() => Decode([files[40]], 2, new BrokenFiles(false))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_six_seconds_of_a_clip_are_kept()
    {
        Need();
        var clip = Assert.Single(Decode([File("long.wav", Waves.Noise("long", 9))], 1, new BrokenFiles(false)))!;
        Assert.Equal(new LogMelOptions().FrameCount(6 * LogMel.SampleRate), clip.Frames.Length / LogMel.Bands);
        Assert.Equal(58 + 6 * MuLawWave.SampleRate, clip.Heard.Length);
    }

    [Fact]
    public void A_louder_recording_on_another_microphone_gives_the_same_frames()
    {
        var features = new LogMel();
        float[] energies = features.Energies(MemoryMarshal.Cast<byte, short>(Waves.Noise("word", 0.5).AsSpan(44)).ToArray().Select(s => s / 32768f).ToArray());
        // a channel multiplies each band's energy, and so shifts its logarithm
        float[] other = [.. energies.Select((e, i) => e + 0.05f * (i % LogMel.Bands) + 1)];
        foreach (var (a, b) in features.Normalise(energies).Zip(features.Normalise(other))) Assert.Equal((float)a, (float)b, 0.01f);
    }

    [Fact]
    public void Silence_before_and_after_is_cut_off_but_for_a_margin_and_pauses_stay()
    {
        // frames: 20 silent, 10 loud, 10 silent, 10 loud, 30 silent
        float[] energies = [.. from frame in Enumerable.Range(0, 80) from band in Enumerable.Range(0, LogMel.Bands) select frame is >= 20 and < 30 or >= 40 and < 50 ? 0f : -10f];
        Assert.Equal(5 + 30 + 5, SpokenClips.Trim(energies).Length / LogMel.Bands);
        float[] silence = [.. Enumerable.Repeat(-13.8f, 7 * LogMel.Bands)];
        Assert.Equal(7, SpokenClips.Trim(silence).Length / LogMel.Bands);
    }

    private MediaFile[] Files(int count) => [.. Enumerable.Range(0, count).Select(i => File($"{i}.wav", Waves.Noise($"{i}", 0.05 + 0.01 * (i % 5))))];

    private MediaFile File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(_folder[name], content);
        return new MediaFile(name, _folder[name]);
    }

    private static SpokenClip?[] Decode(MediaFile[] files, int threads, BrokenFiles broken) => SpokenClips.Decode(files, threads, broken, null, null, TestContext.Current.CancellationToken);

    private static void Need() => Assert.SkipWhen(FFmpeg.Version(TestContext.Current.CancellationToken) is null, "ffmpeg is not installed here");
}
