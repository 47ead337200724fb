using System.Text.Json.Serialization;
using Croma.Cli.Commands;
using Croma.Cli.Experiments;
using Croma.Cli.Report;
using Croma.Cli.Slurm;
using Croma.Theory;

namespace Croma.Cli;

/// <summary>The JSON of those commands that score no methods (these have <see cref="Croma.Evaluation.ResultTable"/>).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(VersionResult))]
[JsonSerializable(typeof(TrainResult))]
[JsonSerializable(typeof(AutoResult))]
[JsonSerializable(typeof(CardResult))]
[JsonSerializable(typeof(DataInfoResult))]
[JsonSerializable(typeof(DataCheckResult))]
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(DoctorResult))]
[JsonSerializable(typeof(BenchResult))]
[JsonSerializable(typeof(TuneResult))]
[JsonSerializable(typeof(PartResult))]
[JsonSerializable(typeof(JobsResult))]
[JsonSerializable(typeof(EncodeResult))]
[JsonSerializable(typeof(ExportResult))]
[JsonSerializable(typeof(AdaptResult))]
[JsonSerializable(typeof(PredictResult))]
[JsonSerializable(typeof(NextResult))]
[JsonSerializable(typeof(IndexResult))]
[JsonSerializable(typeof(RetrieveResult))]
[JsonSerializable(typeof(BenchRetrieveResult))]
[JsonSerializable(typeof(BenchServeResult))]
[JsonSerializable(typeof(BenchScalingResult))]
[JsonSerializable(typeof(AdviseResult))]
[JsonSerializable(typeof(MapResult))]
[JsonSerializable(typeof(ServeResult))]
[JsonSerializable(typeof(ExperimentResult))]
[JsonSerializable(typeof(SupervisionOptions))]
[JsonSerializable(typeof(WeakSetOptions))]
internal sealed partial class CliJson : JsonSerializerContext;
