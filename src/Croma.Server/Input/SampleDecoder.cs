using System.Globalization;
using System.Text;
using System.Text.Json;
using Croma.Data;
using Croma.Data.Formats;
using Croma.Datasets;
using Croma.Datasets.Import;
using Croma.Datasets.Media;
using Croma.Datasets.Speech;
using Croma.Server.Api;
using Croma.Server.Work;

namespace Croma.Server.Input;

/// <summary>A sample in the form that a model was trained on: bytes of a text or of a picture's planes, or numbers.</summary>
/// <param name="Sent">As it came.</param>
/// <param name="Bytes">Of texts and pictures.</param>
/// <param name="Values">Of sequences and features.</param>
internal sealed record PreparedSample(SentSample Sent, byte[]? Bytes, Half[]? Values)
{
    /// <summary>Several of them for an encoder.</summary>
    public static MemorySamples Contents(SampleShape shape, IReadOnlyList<PreparedSample> samples) => shape.HoldsVectors
        ? new MemorySamples(shape, [.. samples.Select(s => s.Values!)])
        : new MemorySamples(shape, [.. samples.Select(s => s.Bytes!)]);
}

/// <summary>Makes of what clients send what a model takes, as its data set was made. Sounds and pictures are decoded by ffmpeg, in a process of its own.</summary>
/// <param name="limits">What a sample may cost.</param>
/// <param name="queue">Decodes.</param>
/// <param name="newFolder">Names a folder for files while they are decoded.</param>
internal sealed class SampleDecoder(ServerLimits limits, WorkQueue queue, Func<string> newFolder)
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(30);

    private readonly MediaLimits _media = new() { FileBytes = limits.FileBytes, Pixels = limits.Pixels, PixelsAtOnce = Math.Max(limits.Pixels, new MediaLimits().PixelsAtOnce), Seconds = limits.Seconds, Time = s_time };

    /// <summary>Prepares samples, in their order.</summary>
    /// <param name="shape">What the model takes.</param>
    /// <param name="samples">As they came.</param>
    /// <param name="cancellation">The client's leaving.</param>
    /// <exception cref="RequestProblem">One of them is not what the model takes.</exception>
    public async ValueTask<PreparedSample[]> PrepareAsync(SampleShape shape, IReadOnlyList<SentSample> samples, CancellationToken cancellation)
    {
        var taken = SentKinds.TakenBy(shape);
        var prepared = new PreparedSample[samples.Count];
        List<int>? files = null;
        for (var i = 0; i < prepared.Length; i++)
        {
            var sample = samples[i];
            // a plain field is a text or, for a model of numbers, their list
            if (sample.Kind == SentKind.Text && shape.HoldsVectors && ListIn(sample) is { } numbers) sample = sample with { Kind = SentKind.Features, MediaType = SentKinds.NumbersType, Features = numbers.Values, Width = numbers.Width };
            if (!taken.Contains(sample.Kind))
                throw RequestProblem.Unsupported($"'{sample.Name}' is {SentKinds.Describe(sample.Kind)}; '{shape.Name}' takes {string.Join(" or ", taken.Select(SentKinds.Describe))}.");
            if (sample.Kind == SentKind.Text) prepared[i] = new PreparedSample(sample, Text(sample), null);
            else if (sample.Kind == SentKind.Features) prepared[i] = new PreparedSample(sample, null, Numbers(shape, sample.Features!, sample.Width, sample.Name));
            else (files ??= []).Add(i);
        }
        if (files is null) return prepared;
        await queue.RunAsync(stop => Decode(shape, samples, files, prepared, stop), cancellation).ConfigureAwait(false);
        return prepared;
    }

    private byte[] Text(SentSample sample)
    {
        if (sample.Content.Length > limits.TextBytes) throw RequestProblem.TooLarge($"'{sample.Name}' has {sample.Content.Length} bytes; texts have at most {limits.TextBytes}.");
        try
        {
            return TextContent.OfText(Encoding.UTF8.GetString(sample.Content), $"'{sample.Name}'");
        }
        catch (CromaException e)
        {
            throw RequestProblem.Unusable(e.Message);
        }
    }

    private static FeatureNumbers? ListIn(SentSample sample)
    {
        var text = sample.Content.AsSpan().TrimStart(" \t\r\n"u8);
        try
        {
            if (text.StartsWith("[["u8) && JsonSerializer.Deserialize(text, ServerJson.Api.SingleArrayArray) is { Length: > 0 } rows && rows.All(row => row is not null && row.Length == rows[0].Length))
                return new FeatureNumbers([.. rows.SelectMany(row => row)], rows[0].Length);
            return text.StartsWith("["u8) && JsonSerializer.Deserialize(text, ServerJson.Api.SingleArray) is { } list ? new FeatureNumbers(list, null) : null;
        }
        catch (JsonException)
        {
            throw RequestProblem.Unusable($"'{sample.Name}' is no list of numbers, such as [0.5, 1], nor a list of such lists of one length.");
        }
    }

    private Half[] Numbers(SampleShape shape, float[] numbers, int? width, string name)
    {
        if (numbers.Length > limits.Numbers) throw RequestProblem.TooLarge($"'{name}' has {numbers.Length} numbers; at most {limits.Numbers} are taken.");
        var isSequence = shape.Kind == ModalityKind.Frames;
        if (width is { } given && (!isSequence || given != shape.Width))
            throw RequestProblem.Unusable($"'{name}' is a list of lists of {given} numbers; '{shape.Name}' takes {(isSequence ? $"lists of {shape.Width}" : $"one list of {shape.Width} numbers")}.");
        if (numbers.Length == 0 || numbers.Length % shape.Width != 0 || (!isSequence && numbers.Length != shape.Width))
            throw RequestProblem.Unusable($"'{name}' has {numbers.Length} numbers; '{shape.Name}' takes {(isSequence ? "a multiple of " : "")}{shape.Width}.");
        var halves = new Half[numbers.Length];
        for (var i = 0; i < halves.Length; i++)
        {
            halves[i] = (Half)numbers[i];
            if (!Half.IsFinite(halves[i])) throw RequestProblem.Unusable(string.Create(CultureInfo.InvariantCulture, $"'{name}', number {i + 1}, is {numbers[i]}; numbers must be finite, up to 65504."));
        }
        return halves;
    }

    private bool Decode(SampleShape shape, IReadOnlyList<SentSample> samples, List<int> files, PreparedSample[] prepared, CancellationToken cancellation)
    {
        var (folder, paths) = (Directory.CreateDirectory(newFolder()).FullName, new string[files.Count]);
        try
        {
            for (var f = 0; f < paths.Length; f++) File.WriteAllBytes(paths[f] = Path.Combine(folder, f.ToString(CultureInfo.InvariantCulture)), samples[files[f]].Content);
            var decoder = new MediaDecoder(Path.Combine(folder, "decoded"), _media);
            foreach (var kind in new[] { SentKind.Array, SentKind.Audio, SentKind.Image })
            {
                int[] own = [.. Enumerable.Range(0, files.Count).Where(f => samples[files[f]].Kind == kind)];
                if (own.Length == 0) continue;
                string[] some = [.. own.Select(f => paths[f])];
                var (frames, pixels) = (Preparation.FramesOf(shape.Preparation), Preparation.PixelsOf(shape.Preparation));
                switch (kind)
                {
                    case SentKind.Array:
                        foreach (var f in own) Keep(f, null, Array(shape, paths[f], samples[files[f]].Name));
                        break;
                    case SentKind.Audio:
                        foreach (var sound in decoder.Sounds(some, LogMel.SampleRate, cancellation)) Keep(own[sound.Index], null, frames!(Require(sound, own[sound.Index])));
                        break;
                    default:
                        foreach (var picture in decoder.Pictures(some, cancellation)) Keep(own[picture.Index], pixels!(Require(picture, own[picture.Index]), shape.ImageHeight), null);
                        break;
                }
            }
            return true;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Keep(int file, byte[]? bytes, Half[]? values) => prepared[files[file]] = new PreparedSample(samples[files[file]], bytes, values);

        T Require<T>(Decoded<T> decoded, int file) where T : class => decoded.Value ?? throw RequestProblem.Unusable($"'{samples[files[file]].Name}' cannot be used: {Explain(decoded.Reason!, paths[file])}");
    }

    /// <summary>Why a file was refused, without its path here.</summary>
    private static string Explain(string reason, string path)
    {
        const string Told = "ffmpeg says: ", OfFile = "it: ";
        var plain = reason.Replace("file:" + path, "it", StringComparison.Ordinal).Replace(path, "it", StringComparison.Ordinal);
        if (!plain.StartsWith(Told, StringComparison.Ordinal)) return plain;
        var said = plain[Told.Length..];
        return $"it may be damaged, broken off or too large ({Told}{(said.StartsWith(OfFile, StringComparison.Ordinal) ? said[OfFile.Length..] : said)})";
    }

    private Half[] Array(SampleShape shape, string path, string name)
    {
        try
        {
            using var array = NpyReader.Open(path);
            if (array.Count > limits.Numbers) throw RequestProblem.TooLarge($"'{name}' has {array.Count} numbers; at most {limits.Numbers} are taken.");
            if (array.Count == 0 || array.Shape.Count is not (1 or 2)) throw RequestProblem.Unusable($"'{name}' is an array {array.ShapeText}; a sample is a vector [numbers] or a sequence of them [steps, numbers].");
            var values = new float[array.Count];
            array.Read(values);
            return Numbers(shape, values, array.Shape.Count == 2 ? (int)array.Shape[1] : null, name);
        }
        catch (DataFormatException e)
        {
            throw RequestProblem.Unusable($"'{name}' is no array that can be read: {e.Message.Replace(path, "it", StringComparison.Ordinal)}");
        }
    }
}
