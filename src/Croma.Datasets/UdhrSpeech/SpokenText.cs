using System.Text;
using System.Text.RegularExpressions;

namespace Croma.Datasets.UdhrSpeech;

/// <summary>The form of a text that espeak-ng can speak.</summary>
internal static partial class SpokenText
{
    private const int SyllablesInAClause = 4;

    /// <summary>
    /// The text itself, but for the Myanmar script: it puts no spaces between words, and espeak-ng 1.51 takes what stands
    /// between spaces for a word and ends with a buffer overflow on long ones and on clauses of many. There, spaces are put
    /// between syllables and a comma after every few.
    /// </summary>
    public static string Of(string text)
    {
        if (!MyanmarSyllable().IsMatch(text)) return text;
        var spoken = new StringBuilder();
        var syllables = 0;
        foreach (var syllable in MyanmarSyllable().Replace(text, " ").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            spoken.Append(syllable);
            syllables = IsClauseEnd(syllable[^1]) ? 0 : syllables + 1;
            if (syllables == SyllablesInAClause)
            {
                spoken.Append(',');
                syllables = 0;
            }
            spoken.Append(' ');
        }
        return spoken.ToString();
    }

    private static bool IsClauseEnd(char c) => c is '\u104A' or '\u104B' or ',' or '.' or ';' or ':';

    /// <summary>Before a letter that opens a syllable: not stacked below another (U+1039) nor closing one (asat, U+103A).</summary>
    [GeneratedRegex(@"(?<=[^\s\u1039])(?=[\u1000-\u102A\u103F\u104C-\u1055\u105A-\u105D\u1061\u1065\u1066\u106E-\u1070\u1075-\u1081\u108E](?!\u1037?[\u1039\u103A]))")]
    private static partial Regex MyanmarSyllable();
}
