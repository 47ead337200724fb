using Croma.Server.Classifiers;
using Croma.Server.Input;
using Croma.Server.Models;
using Croma.Server.Monitoring;
using Croma.Server.Work;

namespace Croma.Server.Api;

/// <summary>What handlers of requests work with.</summary>
internal sealed record ApiContext(ServerLimits Limits, int Threads, ServedModels Models, ClassifierRegistry Classifiers, SampleDecoder Decoder, RequestBody Body, WorkQueue Work, ServerMetrics Metrics, PrometheusText Prometheus);
