using System.Text.RegularExpressions;

namespace Croma.Datasets.Wilderness;

/// <summary>An aligned utterance of a language.</summary>
/// <param name="Id">Its name, and its file's without the ending: such as "B01___01_Matthew_____ACCIBSN1DA_00001".</param>
/// <param name="Chapter">Book and chapter, the same in every language, such as "B01___01".</param>
/// <param name="Text">The transcript.</param>
internal sealed record Utterance(string Id, string Chapter, string Text);

/// <summary>A language of the data set.</summary>
/// <param name="Id">Six letters, the folder's name, such as "ACCIBS".</param>
/// <param name="Name">As the folder says; otherwise the id.</param>
/// <param name="Wav">The folder of its clips.</param>
/// <param name="Utterances">In the order of the transcripts.</param>
internal sealed record WildernessLanguage(string Id, string Name, string Wav, IReadOnlyList<Utterance> Utterances);

/// <summary>
/// Reads the CMU Wilderness data as its authors' scripts make them (A. W. Black, ICASSP 2019; do_found fast_make_align):
/// LANGID/aligned/wav/ID.wav and LANGID/aligned/etc/txt.done.data, a line an utterance, `( ID "text" score score )`, of
/// which transcription.txt, `ID text`, is a copy without scores; aligned/etc/languagename names the language.
/// </summary>
internal static partial class WildernessFolder
{
    private const string Expected = "folders LANGID/aligned with wav/ and etc/txt.done.data (or etc/transcription.txt), as do_found makes them, are needed";
    private const long LargestTable = 64 << 20;

    /// <summary>The languages in the order of their ids; clips are not opened.</summary>
    /// <exception cref="CromaException">The folder is missing or holds no language, or a transcript is not of the form.</exception>
    public static IReadOnlyList<WildernessLanguage> Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new CromaException($"There is no folder '{folder}': one with {Expected}.");
        var languages = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Where(d => Directory.Exists(Path.Combine(d, "aligned"))).Select(ReadLanguage).ToList();
        return languages.Count > 0 ? languages : throw new CromaException($"'{folder}' holds no language: {Expected}.");
    }

    private static WildernessLanguage ReadLanguage(string folder)
    {
        string aligned = Path.Combine(folder, "aligned"), etc = Path.Combine(aligned, "etc"), wav = Path.Combine(aligned, "wav"), scored = Path.Combine(etc, "txt.done.data"), plain = Path.Combine(etc, "transcription.txt");
        if (!Directory.Exists(wav)) throw new CromaException($"{wav}: the folder is missing: {Expected}");
        var utterances = File.Exists(scored) ? Lines(scored).Select(Scored).OfType<Utterance>().ToList()
            : File.Exists(plain) ? Lines(plain).Select(Plain).ToList()
            : throw new CromaException($"{scored}: the file is missing, and so is {plain}: {Expected}");
        var twice = utterances.GroupBy(u => u.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new CromaException($"{(File.Exists(scored) ? scored : plain)}: '{twice.Key}' comes twice");
        var (id, named) = (Path.GetFileName(folder), Path.Combine(etc, "languagename"));
        return new WildernessLanguage(id, File.Exists(named) && File.ReadAllText(named).Trim() is { Length: > 0 and < 200 } name ? name : id, wav, utterances);
    }

    private static IEnumerable<(string Where, string Line)> Lines(string path)
    {
        if (new FileInfo(path).Length > LargestTable) throw new CromaException($"{path}: the file has more than the {LargestTable} bytes that are read");
        return File.ReadLines(path).Index().Where(l => l.Item.Trim().Length > 0).Select(l => ($"{path}, line {l.Index + 1}", l.Item.Trim()));
    }

    /// <summary>Null where the aligner gave no score, which is how it says that it failed.</summary>
    private static Utterance? Scored((string Where, string Line) line)
    {
        if (ScoredLine().Match(line.Line) is not { Success: true } match) throw new CromaException($"{line.Where}: this is no utterance; '( ID \"text\" score score )' is expected");
        var scores = match.Groups["scores"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var failed = scores.Any(s => s.Contains("nan", StringComparison.OrdinalIgnoreCase));
        return failed ? null : Make(line.Where, match.Groups["id"].Value, match.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal));
    }

    private static Utterance Plain((string Where, string Line) line) => line.Line.Split(' ', 2) is [var id, var text] ? Make(line.Where, id, text)
        : throw new CromaException($"{line.Where}: this is no utterance; 'ID text' is expected");

    private static Utterance Make(string where, string id, string text)
    {
        if (UtteranceId().Match(id) is not { Success: true } match) throw new CromaException($"{where}: '{id}' does not end in an utterance's number, as B01___01_Matthew_____ACCIBSN1DA_00001 does");
        if (text.Trim().Length == 0) throw new CromaException($"{where}: '{id}' has no text");
        return new Utterance(id, BookAndChapter().Match(id) is { Success: true } chapter ? chapter.Value : match.Groups["chapter"].Value, text.Trim());
    }

    [GeneratedRegex("""^\( *(?<id>\S+) +"(?<text>.*)"(?<scores>[^"]*)\)$""")]
    private static partial Regex ScoredLine();

    // no separator of folders: the name is a file's
    [GeneratedRegex(@"^(?<chapter>[^/\\]+)_[0-9]+$")]
    private static partial Regex UtteranceId();

    [GeneratedRegex(@"^[A-Z][0-9]{2}_+[0-9]+")]
    private static partial Regex BookAndChapter();
}
