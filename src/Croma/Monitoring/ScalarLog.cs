using System.Globalization;
using System.Text;
using Croma.Data.Formats;
using Croma.Method;

namespace Croma.Monitoring;

/// <summary>
/// What a training says of its iterations, in a folder: log.csv, a row an iteration, the same bytes whether or not the training was
/// interrupted; and event files for TensorBoard, one each time that it is taken up, which hold wall times too.
/// </summary>
internal sealed class ScalarLog : IDisposable
{
    public const string CsvName = "log.csv", EventsPrefix = "events.out.tfevents.";

    private const string Header = "iteration,alignment_loss,classification_loss,validation_accuracy,meta_step_size,alignment_learning_rate,encoder_learning_rate,classifier_learning_rate";
    private const string EventsSuffix = ".croma";

    private readonly string _folder, _rates;
    private readonly MetaOptions _options;
    private readonly TimeProvider _clock;
    private readonly FileStream _csv;
    private readonly EventFile _events;
    private Row? _pending;
    private long _since;
    private int _iterated;

    /// <summary>Goes on with the log of a folder.</summary>
    /// <param name="folder">Where; made where it is missing.</param>
    /// <param name="done">Iterations that the training has done, by its checkpoint: later ones are forgotten; null: it starts, and an older log is too.</param>
    /// <param name="options">The rates.</param>
    /// <param name="clock">Tells wall times.</param>
    /// <exception cref="CromaException">It cannot be written.</exception>
    public ScalarLog(string folder, int? done, MetaOptions options, TimeProvider clock)
    {
        (_folder, _options, _clock, _since) = (folder, options, clock, clock.GetTimestamp());
        _rates = string.Create(CultureInfo.InvariantCulture, $"{options.MetaStepSize:R},{options.AlignmentLearningRate:R},{options.EncoderLearningRate:R},{options.ClassifierLearningRate:R}");
        (_csv, _events) = Guard(() =>
        {
            Directory.CreateDirectory(folder);
            var first = done + 1 ?? 0;
            foreach (var file in Directory.EnumerateFiles(folder, $"{EventsPrefix}*{EventsSuffix}"))
                if (int.TryParse(Path.GetFileName(file)[EventsPrefix.Length..^EventsSuffix.Length], NumberStyles.None, null, out var start) && start >= first) File.Delete(file);
            return (OpenCsv(Path.Combine(folder, CsvName), done ?? -1), new EventFile(Path.Combine(folder, $"{EventsPrefix}{first:D10}{EventsSuffix}"), first, clock));
        });
    }

    /// <summary>Notes an iteration.</summary>
    /// <param name="iteration">From 1.</param>
    /// <param name="losses">Its losses.</param>
    public void Iterated(int iteration, IterationLosses losses)
    {
        WritePending();
        _pending = new Row(iteration, losses, null);
        _iterated++;
    }

    /// <summary>Notes a look at meta-validation after an iteration; 0 is the untrained start.</summary>
    public void Looked(int iteration, double accuracy)
    {
        var row = _pending is { } pending && pending.Iteration == iteration ? pending : new Row(iteration, new IterationLosses(double.NaN, double.NaN), null);
        _pending = row with { Accuracy = accuracy };
    }

    /// <summary>Writes what was noted to the disk; to be called before a checkpoint that counts it as done.</summary>
    public void Flush()
    {
        WritePending();
        Guard(() =>
        {
            _csv.Flush(flushToDisk: true);
            _events.Flush();
            return true;
        });
        (_since, _iterated) = (_clock.GetTimestamp(), 0);
    }

    public void Dispose()
    {
        foreach (var file in (IDisposable[])[_csv, _events])
        {
            try
            {
                file.Dispose();
            }
            catch (IOException)
            {
                // a full disk: what was flushed is there, and the error that led here says more than this one would
            }
        }
    }

    private void WritePending()
    {
        if (_pending is not { } row) return;
        _pending = null;
        Guard(() =>
        {
            _csv.Write(Encoding.ASCII.GetBytes($"{row.Iteration},{Text(row.Losses.Alignment)},{Text(row.Losses.Classification)},{Text(row.Accuracy ?? double.NaN)},{_rates}\n"));
            _events.Scalars(row.Iteration, ("loss/alignment", row.Losses.Alignment), ("loss/classification", row.Losses.Classification));
            if (row.Accuracy is not { } accuracy) return true;
            var speed = _iterated / _clock.GetElapsedTime(_since).TotalSeconds;
            _events.Scalars(row.Iteration, ("validation/accuracy", accuracy), ("speed/iterations_per_second", _iterated == 0 ? double.NaN : speed), ("rate/meta_step_size", _options.MetaStepSize),
                ("rate/alignment", _options.AlignmentLearningRate), ("rate/encoder", _options.EncoderLearningRate), ("rate/classifier", _options.ClassifierLearningRate));
            return true;
        });
    }

    private static FileStream OpenCsv(string path, int done)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        stream.SetLength(LengthUpTo(stream, done));
        stream.Seek(0, SeekOrigin.End);
        if (stream.Length == 0) stream.Write(Encoding.ASCII.GetBytes(Header + "\n"));
        return stream;
    }

    /// <summary>The bytes of the header and of whole rows up to an iteration; 0 where it is no log.</summary>
    private static long LengthUpTo(FileStream stream, int done)
    {
        // one byte a character, whatever the file holds, so that positions can be counted
        using var reader = new StreamReader(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        if (reader.ReadLine() != Header) return 0;
        long length = Header.Length + 1;
        for (var last = -1; reader.ReadLine() is { } line; length += line.Length + 1)
        {
            var isRow = int.TryParse(line.AsSpan(0, Math.Max(0, line.IndexOf(','))), NumberStyles.None, null, out var iteration);
            // a row whose end is missing was being written when the process died
            if (!isRow || iteration > done || iteration <= last || length + line.Length + 1 > stream.Length) break;
            last = iteration;
        }
        return Math.Min(length, stream.Length);
    }

    private static string Text(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{_folder}: the training's log cannot be written: {AtomicFile.Reason(e)}", e);
        }
    }

    private readonly record struct Row(int Iteration, IterationLosses Losses, double? Accuracy);
}
