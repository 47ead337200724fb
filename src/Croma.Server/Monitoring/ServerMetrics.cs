using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Croma.Server.Monitoring;

/// <summary>What the server counts, as OpenTelemetry instruments of the meter "Croma.Server".</summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "Croma.Server";

    private readonly Meter _meter = new(MeterName, CromaVersion.Text);
    private readonly Counter<long> _predictions, _none, _refused;
    private readonly Histogram<double> _predicting, _changing, _retrieving;

    public ServerMetrics()
    {
        _predictions = _meter.CreateCounter<long>("croma.predictions", "{sample}", "Samples that were classified.");
        _none = _meter.CreateCounter<long>("croma.predictions.none", "{sample}", "Samples of these that are none of their classifier's classes.");
        _refused = _meter.CreateCounter<long>("croma.refused", "{request}", "Requests that were answered with an error, by status.");
        _predicting = _meter.CreateHistogram<double>("croma.predict.duration", "s", "Time from a request's body to its predictions.");
        _changing = _meter.CreateHistogram<double>("croma.change.duration", "s", "Time of making or changing a classifier, waiting included.");
        _retrieving = _meter.CreateHistogram<double>("croma.retrieve.duration", "s", "Time of a search.");
    }

    /// <summary>Shows numbers as they are when somebody looks.</summary>
    public void Watch(Func<int> classifiers, Func<int> waitingChanges, Func<int> waitingWork)
    {
        _meter.CreateObservableGauge("croma.classifiers", classifiers, "{classifier}", "Classifiers that are served.");
        _meter.CreateObservableGauge("croma.changes.waiting", waitingChanges, "{change}", "Changes of classifiers that wait.");
        _meter.CreateObservableGauge("croma.work.waiting", waitingWork, "{piece}", "Files to be decoded, samples to be encoded and searches that wait.");
    }

    public void Predicted(long started, int samples, int none)
    {
        _predictions.Add(samples);
        if (none > 0) _none.Add(none);
        _predicting.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    public void Changed(long started) => _changing.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);

    public void Retrieved(long started) => _retrieving.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);

    public void Refused(int status) => _refused.Add(1, new KeyValuePair<string, object?>("status", status));

    public void Dispose() => _meter.Dispose();
}
