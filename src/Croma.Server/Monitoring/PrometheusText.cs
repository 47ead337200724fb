using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Croma.Server.Monitoring;

/// <summary>
/// Metrics in the text format of Prometheus, version 0.0.4, made when somebody asks. The exporter of OpenTelemetry's own for this is
/// a preview, which a released package must not depend on.
/// </summary>
internal sealed class PrometheusText : BaseExporter<Metric>
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _lock = new();
    private readonly BaseExportingMetricReader _reader;
    private string _text = "";

    public PrometheusText() => _reader = new BaseExportingMetricReader(this) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };

    /// <summary>What a provider of metrics takes.</summary>
    public MetricReader Reader => _reader;

    /// <summary>The metrics as they are now.</summary>
    public string Collect()
    {
        lock (_lock)
        {
            _reader.Collect();
            return _text;
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var (text, seen) = (new StringBuilder(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var metric in batch) Write(text, metric, seen);
        _text = text.ToString();
        return ExportResult.Success;
    }

    private static void Write(StringBuilder text, Metric metric, HashSet<string> seen)
    {
        var (isSum, isHistogram) = (metric.MetricType is MetricType.LongSum or MetricType.DoubleSum, metric.MetricType == MetricType.Histogram);
        var name = Plain(metric.Name) + (metric.Unit == "s" ? "_seconds" : "") + (isSum ? "_total" : "");
        if (seen.Add(name)) text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {metric.Description.ReplaceLineEndings(" ").Replace("\\", "\\\\", StringComparison.Ordinal)}\n# TYPE {name} {(isHistogram ? "histogram" : isSum ? "counter" : "gauge")}\n");
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(point.Tags);
            if (!isHistogram)
            {
                Line(text, name, labels, metric.MetricType switch
                {
                    MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
                    MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
                    MetricType.LongGauge => point.GetGaugeLastValueLong(),
                    _ => point.GetGaugeLastValueDouble(),
                });
                continue;
            }
            var (below, more) = (0L, labels.Length == 0 ? "" : labels + ",");
            foreach (var bucket in point.GetHistogramBuckets())
            {
                below += bucket.BucketCount;
                Line(text, name + "_bucket", $"{more}le=\"{(double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound))}\"", below);
            }
            Line(text, name + "_sum", labels, point.GetHistogramSum());
            Line(text, name + "_count", labels, point.GetHistogramCount());
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels.Length > 0 ? "{" + labels + "}" : "").Append(' ').Append(Number(value)).Append('\n');

    private static string Labels(ReadOnlyTagCollection tags)
    {
        var labels = new List<string>();
        foreach (var (key, value) in tags) labels.Add($"{Plain(key)}=\"{Escaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\"");
        return string.Join(',', labels);
    }

    private static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    private static string Plain(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
