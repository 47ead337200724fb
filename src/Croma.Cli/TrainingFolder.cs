using System.Text;
using Croma.Checkpoints;
using Croma.Cli.Card;
using Croma.Data.Formats;
using Croma.Method;

namespace Croma.Cli;

/// <summary>The folder of one training: model.safetensors and model.json, card.md, curve.csv, log.csv, event files, checkpoint.safetensors; of `auto` also auto.json and candidates.</summary>
internal sealed class TrainingFolder(string path)
{
    public string Path => path;

    /// <summary>Where `auto` keeps what it tried.</summary>
    public string Candidates => System.IO.Path.Combine(path, "candidates");

    public string Checkpoint => System.IO.Path.Combine(path, "checkpoint.safetensors");

    /// <summary>Refuses a folder that another training has filled.</summary>
    /// <param name="resume">Whether its checkpoint is to be taken up.</param>
    public void Prepare(bool resume)
    {
        var hasCheckpoint = File.Exists(Checkpoint);
        RequireNew(resume);
        if (!resume && hasCheckpoint) throw new CromaException($"'{path}' holds the checkpoint of a training: go on with --resume, choose another folder with --out, or remove it.");
        if (resume && !hasCheckpoint) throw new CromaException($"'{path}' holds no checkpoint to resume: leave --resume out to start anew.");
        Directory.CreateDirectory(path);
    }

    /// <summary>The same for `auto`, which is taken up from its candidates.</summary>
    /// <param name="resume">Whether they are to be taken up.</param>
    public void PrepareForAuto(bool resume)
    {
        RequireNew(resume);
        if (!resume && File.Exists(Checkpoint)) throw new CromaException($"'{path}' holds the checkpoint of a training: choose another folder with --out, or remove it.");
        if (resume && !Directory.Exists(Candidates)) throw new CromaException($"'{path}' holds no candidates to resume with: leave --resume out to start anew.");
        Directory.CreateDirectory(Candidates);
    }

    private void RequireNew(bool resume)
    {
        if (resume) return;
        if (File.Exists(System.IO.Path.Combine(path, "model.json"))) throw new CromaException($"'{path}' holds a trained model already: choose another folder with --out, or remove it.");
        if (Directory.Exists(Candidates)) throw new CromaException($"'{path}' holds candidates of --method auto: go on with --resume, choose another folder with --out, or remove it.");
    }

    public void Save(TrainedModel model)
    {
        AtomicFile.Write(System.IO.Path.Combine(path, "curve.csv"), Encoding.UTF8.GetBytes(ToCsv(model.Training!.Curve)));
        model.Save(path);
        AtomicFile.Write(System.IO.Path.Combine(path, "card.md"), Encoding.UTF8.GetBytes(ModelCard.Of(path).ToMarkdown()));
    }

    private static string ToCsv(IReadOnlyList<CurvePoint> curve) =>
        "iteration,alignment_loss,classification_loss,validation_accuracy\n"
        + string.Concat(curve.Select(p => $"{p.Iteration},{p.AlignmentLoss:R},{p.ClassificationLoss:R},{p.ValidationAccuracy:R}\n"));
}
