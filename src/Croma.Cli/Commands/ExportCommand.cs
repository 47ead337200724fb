using System.CommandLine;
using System.Text.Json;
using Croma.Configuration;
using Croma.Onnx.Export;

namespace Croma.Cli.Commands;

/// <summary>What `croma export --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Model">The model's folder; null where a classifier was exported.</param>
/// <param name="Classifier">The classifier's file; null where a model was exported.</param>
/// <param name="Modality">"source" or "target".</param>
/// <param name="Input">What the ONNX model takes.</param>
/// <param name="Onnx">Its file.</param>
internal sealed record ExportResult(string Version, string? Model, string? Classifier, string Modality, ExportedInput Input, string Onnx);

/// <summary>croma export.</summary>
internal sealed class ExportCommand : CromaCommand
{
    private const string Source = "source", Target = "target";

    private readonly Option<string?> _model = new("--model") { Description = "The folder of a trained model.", HelpName = "DIR" };
    private readonly Option<string?> _classifier = new("--classifier") { Description = "A file of `croma adapt`, instead of a model: its encoder, classes and probabilities.", HelpName = "FILE" };
    private readonly Option<string> _onnx = new("--onnx") { Description = "The ONNX file to write.", HelpName = "FILE", Required = true };
    private readonly Option<string> _modality = new("--modality") { Description = $"Whose encoder: {Source} or {Target}.", HelpName = "NAME", DefaultValueFactory = _ => Target };

    public ExportCommand(CommonOptions common) : base("export", "Writes a trained model's encoder and classifier, or a classifier of new concepts, as ONNX.", common)
    {
        foreach (var option in new Option[] { _model, _classifier, _onnx, _modality }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (folder, classifier, file, modality) = (parsed.GetValue(_model), parsed.GetValue(_classifier), parsed.GetValue(_onnx)!, parsed.GetValue(_modality)!);
        if (modality is not (Source or Target)) throw new CromaException($"There is no modality '{modality}'{Closest.Hint(modality, [Source, Target])}");
        if (folder == null == (classifier == null)) throw new CromaException("What is exported is a model (--model DIR) or a classifier (--classifier FILE): give one of them.");
        if (classifier != null && modality != Target) throw new CromaException($"A classifier takes samples of the target modality: leave --modality {modality} out, or export its model.");
        var input = folder != null ? ModelExport.Write(folder, modality == Source, file) : ClassifierExport.Write(classifier!, file);
        var result = new ExportResult(CromaVersion.Text, folder, classifier, modality, input, file);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.ExportResult), $"{file}: the {modality} encoder ({input}) and the classifier of {folder ?? classifier}\n");
        return ExitCode.Success;
    }
}
