using System.CommandLine;
using System.Text.Json;
using Croma.Configuration;
using Croma.Onnx.Export;

namespace Croma.Cli.Commands;

/// <summary>What `croma export --json` writes.</summary>
/// <param name="Version">Croma's version.</param>
/// <param name="Model">The model's folder.</param>
/// <param name="Modality">"source" or "target".</param>
/// <param name="Input">What the ONNX model takes.</param>
/// <param name="Onnx">Its file.</param>
internal sealed record ExportResult(string Version, string Model, string Modality, ExportedInput Input, string Onnx);

/// <summary>croma export.</summary>
internal sealed class ExportCommand : CromaCommand
{
    private const string Source = "source", Target = "target";

    private readonly Option<string> _model = new("--model") { Description = "The folder of a trained model.", HelpName = "DIR", Required = true };
    private readonly Option<string> _onnx = new("--onnx") { Description = "The ONNX file to write.", HelpName = "FILE", Required = true };
    private readonly Option<string> _modality = new("--modality") { Description = $"Whose encoder: {Source} or {Target}.", HelpName = "NAME", DefaultValueFactory = _ => Target };

    public ExportCommand(CommonOptions common) : base("export", "Writes a trained model's encoder and classifier as ONNX.", common)
    {
        foreach (var option in new Option[] { _model, _onnx, _modality }) Add(option);
    }

    protected override int Run(ParseResult parsed, CommandContext context)
    {
        var (folder, file, modality) = (parsed.GetValue(_model)!, parsed.GetValue(_onnx)!, parsed.GetValue(_modality)!);
        if (modality is not (Source or Target)) throw new CromaException($"There is no modality '{modality}'{Closest.Hint(modality, [Source, Target])}");
        var result = new ExportResult(CromaVersion.Text, folder, modality, ModelExport.Write(folder, modality == Source, file), file);
        context.Output.Write(() => JsonSerializer.Serialize(result, CliJson.Default.ExportResult), $"{file}: the {modality} encoder ({result.Input}) and the classifier of {folder}\n");
        return ExitCode.Success;
    }
}
