using System.Globalization;
using System.Text;

namespace Croma.Onnx.Preprocessing;

/// <summary>
/// Takes accents away, as uncased BERT was trained: Unicode's canonical decomposition without its non-spacing marks. The table
/// of letters (`letters.txt`, made from Unicode 14: a letter, then what decomposes to it) stands in for .NET's own, which a
/// program without ICU does not have.
/// </summary>
internal static class Accents
{
    private const char FirstSyllable = '\uAC00', LastSyllable = '\uD7A3', FirstLead = '\u1100', FirstVowel = '\u1161', BeforeTails = '\u11A7';
    private const int Vowels = 21, Tails = 28;

    private static readonly Lazy<Dictionary<char, char>> s_letters = new(Read);

    public static string Remove(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is >= FirstSyllable and <= LastSyllable)
            {
                // Hangul: a syllable is its letters (Unicode, 3.12)
                var (lead, rest) = Math.DivRem(c - FirstSyllable, Vowels * Tails);
                plain.Append((char)(FirstLead + lead)).Append((char)(FirstVowel + rest / Tails));
                if (rest % Tails > 0) plain.Append((char)(BeforeTails + rest % Tails));
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark) plain.Append(s_letters.Value.GetValueOrDefault(c, c));
        }
        return plain.ToString();
    }

    private static Dictionary<char, char> Read()
    {
        using var reader = new StreamReader(typeof(Accents).Assembly.GetManifestResourceStream("Croma.Onnx.letters.txt")!);
        var letters = new Dictionary<char, char>();
        while (reader.ReadLine() is { } line)
            foreach (var composed in line.AsSpan(1)) letters.Add(composed, line[0]);
        return letters;
    }
}
