using System.Text;
using System.Text.Unicode;

namespace Croma.Data.Doctor;

/// <summary>Is text what somebody wrote, and not what a wrong encoding made of it?</summary>
internal static class TextCheck
{
    // of Windows-1252: what 0x80 ... 0x9F stand for there (0 where they stand for nothing)
    private const string Windows = "\u20AC\0\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\0\u017D\0\0\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\0\u017E\u0178";

    public static IEnumerable<Diagnosis> Run(ModalityData data, CancellationToken cancellation)
    {
        var (invalid, replaced, garbled, control, empty) = (new Finds(data), new Finds(data), new Finds(data), new Finds(data), new Finds(data));
        for (var i = 0; i < data.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var bytes = data.Contents.Bytes(i);
            if (!Utf8.IsValid(bytes))
            {
                invalid.Add(i, "");
                continue;
            }
            var text = Encoding.UTF8.GetString(bytes);
            if (string.IsNullOrWhiteSpace(text)) empty.Add(i, "");
            if (text.Contains('\uFFFD', StringComparison.Ordinal)) replaced.Add(i, text);
            if (IsGarbled(text)) garbled.Add(i, text);
            else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) control.Add(i, text);
        }
        if (invalid.Count > 0) yield return invalid.Say(Severity.Problem, "are not UTF-8", "convert the files to UTF-8 (iconv -f LATIN1 -t UTF-8, or whatever they are in)");
        if (empty.Count > 0) yield return empty.Say(Severity.Warning, "are empty or nothing but spaces", "leave them out");
        if (replaced.Count > 0) yield return replaced.Say(replaced.ByShare, "have the character U+FFFD, which stands where a wrong encoding lost one", "read the originals again in their own encoding");
        if (garbled.Count > 0) yield return garbled.Say(garbled.ByShare, "look like UTF-8 that was read as Latin-1 (as in 'cafÃ©')", "encode them as Latin-1 (or Windows-1252) again and decode as UTF-8");
        if (control.Count > 0) yield return control.Say(control.ByShare, "have control characters", "are they text? UTF-16 read as UTF-8 looks like this");
    }

    /// <summary>Whether the characters beyond ASCII, taken as the bytes they have in Windows-1252, are UTF-8.</summary>
    internal static bool IsGarbled(string text)
    {
        var bytes = new byte[text.Length];
        var beyond = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var at = c < 0x100 ? c : Windows.IndexOf(c, StringComparison.Ordinal) is >= 0 and var place ? 0x80 + place : -1;
            if (at < 0) return false;
            if (at >= 0x80) beyond++;
            bytes[i] = (byte)at;
        }
        return beyond >= 2 && Utf8.IsValid(bytes);
    }

    private sealed class Finds(ModalityData data)
    {
        private const int Shown = 40;
        private readonly List<string> _examples = [];

        public int Count { get; private set; }

        public void Add(int sample, string text)
        {
            if (Count++ < DatasetDoctor.MostExamples) _examples.Add($"{data.Name} {sample}{(text.Length == 0 ? "" : $": {string.Concat(text.Take(Shown).Select(c => char.IsControl(c) ? '?' : c))}{(text.Length > Shown ? "..." : "")}")}");
        }

        /// <summary>A problem where it is one text of twenty or more.</summary>
        public Severity ByShare => Count * 20 >= data.Count ? Severity.Problem : Severity.Warning;

        public Diagnosis Say(Severity severity, string what, string advice) => new(severity, "text", $"{Count} of {data.Count} texts of '{data.Name}' {what}", _examples, advice);
    }
}
