namespace Croma.Datasets.Media;

/// <summary>A file of pictures or sound that is to be decoded.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Path">Where it is.</param>
internal sealed record MediaFile(string Name, string Path)
{
    /// <summary>A file of the user's own.</summary>
    public static MediaFile At(string path) => new(path, path);
}

/// <summary>Files that could not be decoded: the first one fails the recipe, or all are skipped and named.</summary>
/// <param name="skip">Whether they are skipped.</param>
internal sealed class BrokenFiles(bool skip)
{
    private const int Named = 20;

    /// <summary>Each skipped file and what is wrong with it.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>A sentence for the manifest; empty where nothing was skipped.</summary>
    public string Note => Skipped.Count == 0 ? ""
        : $" Files left out, as they could not be decoded ({Skipped.Count}): {string.Join("; ", Skipped.Take(Named))}{(Skipped.Count > Named ? $"; and {Skipped.Count - Named} more" : "")}.";

    /// <summary>
    /// Decodes files in several processes of ffmpeg side by side (<see cref="MediaDecoder"/>).
    /// </summary>
    /// <param name="files">The files.</param>
    /// <param name="threads">Processes at the same time. Does not change the result.</param>
    /// <param name="decode">What is decoded.</param>
    /// <param name="use">What is made of a file's content, on any thread.</param>
    /// <param name="kept">What an interrupted run has made, and where this one keeps what it makes; null: nowhere.</param>
    /// <param name="report">Told how many are done.</param>
    /// <param name="cancellation">Stops the programs.</param>
    /// <returns>What was made of each; null where it is broken and skipped.</returns>
    /// <exception cref="CromaException">ffmpeg is missing, or a file is broken and not skipped.</exception>
    public TResult?[] Decode<T, TResult>(IReadOnlyList<MediaFile> files, int threads, Func<MediaDecoder, IReadOnlyList<string>, IEnumerable<Decoded<T>>> decode, Func<MediaFile, T, TResult> use,
        KeptResults<TResult>? kept, Action<int> report, CancellationToken cancellation) where T : class where TResult : class
    {
        const int atOnce = 64;
        var (results, reasons, done) = (new TResult?[files.Count], new string?[files.Count], 0);
        var scratch = Directory.CreateTempSubdirectory("croma-").FullName;
        try
        {
            FirstFailure.Of(() => Parallel.ForEach(Enumerable.Range(0, files.Count).Chunk(atOnce), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, some =>
            {
                MediaFile[] own = [.. some.Select(i => files[i])];
                var (made, complaints) = kept?.Read(own, skip) ?? Decode(own, Path.Combine(scratch, $"{some[0]}"), decode, use);
                kept?.Write(own, made, complaints);
                made.CopyTo(results, some[0]);
                complaints.CopyTo(reasons, some[0]);
                report(Interlocked.Add(ref done, some.Length));
            }));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
        Skipped.AddRange(reasons.OfType<string>());
        return results;
    }

    private (TResult?[] Made, string?[] Complaints) Decode<T, TResult>(MediaFile[] files, string scratch, Func<MediaDecoder, IReadOnlyList<string>, IEnumerable<Decoded<T>>> decode, Func<MediaFile, T, TResult> use) where T : class where TResult : class
    {
        var (made, complaints) = (new TResult?[files.Length], new string?[files.Length]);
        foreach (var (i, content, reason) in decode(new MediaDecoder(scratch, new MediaLimits()), [.. files.Select(file => file.Path)]))
        {
            if (content is not null) made[i] = use(files[i], content);
            else complaints[i] = skip ? $"{files[i].Name}: {reason}" : throw new CromaException($"{files[i].Name}: {reason}");
        }
        return (made, complaints);
    }
}
