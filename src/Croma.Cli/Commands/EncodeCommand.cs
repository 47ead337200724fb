using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Croma.Checkpoints;
using Croma.Cli.Slurm;
using Croma.Cli.Terminal;
using Croma.Data.Formats;
using Croma.Onnx;
using Croma.Onnx.Features;
using Croma.Onnx.Preprocessing;

namespace Croma.Cli.Commands;

/// <summary>What `croma encode --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Model">The model's file.</param>
/// <param name="ModelSha256">Its hash.</param>
/// <param name="Preprocessing">The preprocessing's name or file.</param>
/// <param name="OnnxRuntime">ONNX Runtime's version.</param>
/// <param name="Inputs">Files and texts to be encoded: all, or the shard's.</param>
/// <param name="Encoded">Those that have features.</param>
/// <param name="Dimension">Numbers a vector has.</param>
/// <param name="Failed">Those that have none, and why.</param>
/// <param name="Ignored">Files in folders that are not of the kind that is encoded.</param>
/// <param name="Shard">Such as "1/4"; null: all.</param>
/// <param name="Out">The features; null where they are not written (yet).</param>
/// <param name="Names">The names of their rows; null likewise.</param>
/// <param name="Seconds">Wall time.</param>
internal sealed record EncodeResult(string Version, string Model, string ModelSha256, string Preprocessing, string OnnxRuntime, int Inputs, int Encoded, int Dimension,
    IReadOnlyList<FailedInput> Failed, IReadOnlyList<string> Ignored, string? Shard, string? Out, string? Names, double Seconds);

/// <summary>croma encode.</summary>
internal sealed class EncodeCommand : CromaCommand
{
    private readonly Argument<string[]> _inputs = new("INPUTS")
    {
        Description = "Pictures, sounds or texts: files, folders, @LIST (a path a line), or a CSV or JSON-lines file with a column path, or of texts with a column text.", Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _model = new("--model") { Description = "The encoder, an ONNX file.", HelpName = "FILE", Required = true };

    private readonly Option<string> _preprocess = new("--preprocess")
    {
        Description = $"What the encoder is given: {string.Join(", ", EncoderPreprocessing.BuiltIn.Keys)}, or a JSON file.", HelpName = "NAME|FILE", Required = true,
    };

    private readonly Option<string> _out = new("--out") { Description = "The .safetensors file for the features; their names go into a .names.csv beside it.", HelpName = "FILE", Required = true };

    private readonly Option<int> _batch = new("--batch")
    {
        Description = "Pictures, texts, or patches of sound, given to the encoder at a time.", HelpName = "N", DefaultValueFactory = _ => 32, CustomParser = result => CommonOptions.Whole(result, 1, 4096),
    };

    private readonly OnErrorOption _onError = new("files that cannot be used");

    private readonly Option<string?> _runtime = OnnxLibrary.CreateOption();

    private readonly ExecutorOptions _executor;

    public EncodeCommand(CommonOptions common) : base("encode", "Turns pictures, sounds or texts into features with a pretrained encoder; goes on where an interrupted run stopped.", common)
    {
        Add(_inputs);
        _executor = new ExecutorOptions(common, "--shard", "Encodes the I-th of N parts only and keeps it in OUT.partial; a run without it does what is left and writes OUT.");
        foreach (var option in (Option[])[_model, _preprocess, _out, _batch, _onError, _runtime, .. _executor.All]) Add(option);
    }

    protected override string WhenInterrupted => "interrupted; the same command goes on from there.";

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var clock = Stopwatch.StartNew();
        var (skips, path) = (_onError.Skips(parsed), parsed.GetValue(_model)!);
        var preprocessing = EncoderPreprocessing.Read(parsed.GetValue(_preprocess)!);
        var inputs = EncodingInputs.Find(parsed.GetValue(_inputs)!, preprocessing.Kind);
        var runtime = OnnxLibrary.Load(parsed.GetValue(_runtime));
        using var model = new OnnxModel(runtime, path);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        var encoder = new FeatureEncoder(model, preprocessing, parsed.GetValue(_batch));
        var job = new EncodingJob(encoder, inputs.Items, parsed.GetValue(_out)!, new Dictionary<string, string>
        {
            ["croma"] = CromaVersion.Text, ["model_sha256"] = sha256, ["preprocessing"] = preprocessing.Json,
        });
        var (executor, partial) = (_executor.Choose(parsed, context), parsed.GetValue(_out)! + ".partial");
        executor.Prepare(() => Divide(job, partial, skips, executor.Width), partial);
        var shard = executor.Part;
        var outcome = shard != null ? Executor.MakePart(partial, () => Encode(job, shard, skips, context)) : EncodeAll(job, parsed.GetValue(_out)!, skips, context);

        var result = new EncodeResult(CromaVersion.Text, path, sha256, preprocessing.Name, runtime.Version, outcome.Inputs, outcome.Encoded, encoder.Dimension, outcome.Failed, inputs.Ignored,
            shard is { } s ? $"{s.Number}/{s.Count}" : null, outcome.Written ? parsed.GetValue(_out) : null, outcome.Written ? job.Names : null, clock.Elapsed.TotalSeconds);
        foreach (var (file, reason) in result.Failed) Output.Say($"croma: {file}: {reason}");
        if (result.Ignored.Count > 0) Output.Say($"croma: not encoded, as their names do not end as those of {preprocessing.Kind.ToString().ToLowerInvariant()} do: {Some(result.Ignored)}");
        var failed = !skips && result.Failed.Count > 0;
        if (failed) Output.Say($"croma: nothing is written, as {result.Failed.Count} of the files cannot be used; finished work is kept; --on-error {OnErrorOption.Skip} leaves such files out");
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.EncodeResult), failed ? "" : Describe(result));
        return failed ? ExitCode.BadInput : ExitCode.Success;
    }

    private static EncodingOutcome EncodeAll(EncodingJob job, string path, bool skips, CommandContext context)
    {
        using var taken = RunLock.Take(path + ".partial");
        foreach (var file in (string[])[path, job.Names]) AtomicFile.RemoveLeftOvers(file);
        return Encode(job, null, skips, context);
    }

    private static EncodingOutcome Encode(EncodingJob job, Shard? shard, bool skips, CommandContext context) => context.Progress.Run("Encoding", report => job.Run(shard, skips, context.Threads,
        new Reporter<(int Done, int Of)>(p => report(new Step(p.Of == 0 ? 1 : (double)p.Done / p.Of, $"{p.Done} of {p.Of} files"))), context.Cancellation));

    private static DividedWork Divide(EncodingJob job, string partial, bool skips, int? width)
    {
        const int UsualWidth = 16;
        var count = Math.Min(job.Chunks, width ?? UsualWidth);
        return new DividedWork { Title = "Encoding", Folder = partial, Count = count, IsDone = part => job.IsDone(new Shard(part, count), skips) };
    }

    private static string Describe(EncodeResult result)
    {
        var left = result.Failed.Count > 0 ? $"left out: {result.Failed.Count} of {result.Inputs} files\n" : "";
        return result.Out == null
            ? $"part {result.Shard}: {result.Encoded} of {result.Inputs} files encoded; the command without --shard writes the whole\n{left}"
            : $"{result.Out}: {result.Encoded} rows of {result.Dimension} numbers; their paths are in {result.Names}\n{left}";
    }

    private static string Some(IReadOnlyList<string> paths) => paths.Count <= 5 ? string.Join(", ", paths) : $"{string.Join(", ", paths.Take(5))} and {paths.Count - 5} more";
}
