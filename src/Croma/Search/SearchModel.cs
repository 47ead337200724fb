using Croma.Algebra;
using System.Security.Cryptography;
using System.Text;
using Croma.Checkpoints;
using Croma.Compute;
using Croma.Data;
using Croma.Heads;
using Croma.Method;
using Croma.Tasks;

namespace Croma.Search;

/// <summary>
/// The two encoders of a trained model, for search in the shared space: as they are, or aligned on a few pairs of new
/// concepts first (<see cref="Align"/>, Table 4's protocol). Embedding is safe from many threads, aligning is not.
/// </summary>
public sealed class SearchModel : IDisposable
{
    private readonly MetaParameters _meta;
    private AlignedEncoders? _aligned;

    private SearchModel(string folder, MetaParameters meta, ModelInfo info)
    {
        (_meta, Info) = (meta, info);
        Name = $"{info.Method} of '{info.Dataset}', seed {info.Seed}";
        Sha256 = Hash(File.ReadAllBytes(ModelFolder.WeightsFile(folder)), Encoding.UTF8.GetBytes(info.Configuration.Input.ToString()));
    }

    /// <summary>What is known about it.</summary>
    public ModelInfo Info { get; }

    /// <summary>As people call it.</summary>
    public string Name { get; private set; }

    /// <summary>A hash of the weights, of how much of a sample is seen, and of the pairs it was aligned on: embeddings of models with another one are not comparable.</summary>
    public string Sha256 { get; private set; }

    /// <summary>Numbers of an embedding.</summary>
    public int Dimension => _meta.Network.TargetEncoder.Dimension;

    /// <summary>Loads a model's folder.</summary>
    /// <exception cref="CromaException">There is no model, or it is of an earlier version.</exception>
    public static SearchModel Load(string folder)
    {
        var (meta, info) = ModelFolder.Load(folder);
        return new SearchModel(folder, meta, info);
    }

    /// <summary>What samples of a modality must look like.</summary>
    public SampleShape Shape(ModalityRole role) => role == ModalityRole.Source ? Info.Source! : Info.Target!;

    /// <summary>What an index of embeddings of a modality is of.</summary>
    public IndexDescription Describe(ModalityRole role) => new() { Dimension = Dimension, Role = role, Modality = Shape(role).Name, ModelSha256 = Sha256, Model = Name };

    /// <summary>
    /// Takes as many gradient steps on the alignment loss of these pairs as the model's configuration takes when it adapts;
    /// the model's folder stays as it is. The same pairs and seed give the same encoders.
    /// </summary>
    /// <param name="sources">x_s of the pairs.</param>
    /// <param name="targets">x_t of the pairs, in their order; two pairs or more.</param>
    /// <param name="groups">What each pair is of, where pairs of one group are no negatives of each other; null: each is of its own.</param>
    /// <param name="seed">Draws batches.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="CromaException">There are fewer than two, or not as many of one side as of the other; or the model is aligned already.</exception>
    public void Align(SampleContents sources, SampleContents targets, IReadOnlyList<int>? groups, ulong seed, CancellationToken cancellation = default)
    {
        if (_aligned != null) throw new CromaException("The model is aligned on pairs already: load it again.");
        if (sources.Count != targets.Count || sources.Count < 2 || (groups is not null && groups.Count != sources.Count))
            throw new CromaException($"Aligning takes two pairs or more; there are {sources.Count} samples of '{sources.Name}' and {targets.Count} of '{targets.Name}'.");
        var (configuration, pairs) = (Info.Configuration, sources.Count);
        var aligned = new AlignedEncoders(_meta, configuration);
        try
        {
            aligned.Align(new SampleReader(sources, configuration.Input), new SampleReader(targets, configuration.Input), [.. Enumerable.Range(0, pairs).Select(i => new StrongPair(i, i))], groups,
                new CounterRandom(seed, CounterRandom.Stream("search pairs", pairs)), cancellation);
        }
        catch
        {
            aligned.Dispose();
            throw;
        }
        _aligned = aligned;
        Sha256 = Hash([.. Encoding.ASCII.GetBytes(Sha256), .. BitConverter.GetBytes(seed), .. (groups ?? []).SelectMany(BitConverter.GetBytes)], ContentHash(sources), ContentHash(targets));
        Name += $", aligned on {pairs} pairs";
    }

    /// <summary>Embeddings of length 1 (0 where the encoder gives 0), in the order of the samples; the same for any number of threads.</summary>
    /// <param name="role">Whose encoder.</param>
    /// <param name="contents">What the samples hold.</param>
    /// <param name="samples">Which of them; null: all.</param>
    /// <param name="threads">Threads. Default 1.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="CromaException">Samples are of another shape, or an embedding is not finite.</exception>
    public double[][] Embed(ModalityRole role, SampleContents contents, IReadOnlyList<int>? samples = null, int threads = 1, CancellationToken cancellation = default)
    {
        Classification.SupportCheck.RequireShape(contents.Shape, Shape(role));
        var (encoder, parameters) = role == ModalityRole.Source
            ? (_meta.Network.SourceEncoder, _aligned?.Source ?? _meta.SourceEncoder)
            : (_meta.Network.TargetEncoder, _aligned?.Target ?? _meta.TargetEncoder);
        var rows = new Embedder(encoder, parameters, Info.Configuration.Input).Embed(contents, [.. samples ?? Enumerable.Range(0, contents.Count)], threads, cancellation);
        foreach (var (i, row) in rows.Index())
        {
            var length = Math.Sqrt(Vectors.Dot(row, row));
            if (!double.IsFinite(length)) throw new CromaException($"The embedding of sample {i} is not finite: the model is damaged, or its training diverged.");
            for (var d = 0; d < row.Length && length > 0; d++) row[d] /= length;
        }
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aligned?.Dispose();
        _meta.Dispose();
    }

    private static string Hash(params ReadOnlySpan<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(BitConverter.GetBytes((long)part.Length));
            hash.AppendData(part);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] ContentHash(SampleContents contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < contents.Count; i++)
        {
            hash.AppendData(BitConverter.GetBytes(contents.Length(i)));
            hash.AppendData(contents.Kind switch
            {
                ModalityKind.Bytes => contents.Bytes(i),
                ModalityKind.Images => contents.Pixels(i),
                _ => System.Runtime.InteropServices.MemoryMarshal.AsBytes(contents.Values(i)),
            });
        }
        return hash.GetHashAndReset();
    }
}
