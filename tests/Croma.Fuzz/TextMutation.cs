using System.Text;
using System.Text.RegularExpressions;
using Croma.Compute;

namespace Croma.Fuzz;

/// <summary>Mutations of texts with numbers, quotation marks and brackets: numbers made huge, values of other kinds, sections repeated, deep nesting.</summary>
internal static partial class TextMutation
{
    private const int MostDepth = 20_000;

    private static readonly string[] s_values =
    [
        "null", "true", "\"\"", "[]", "{}", "[null]", "-1", "0", "1e999", "1e-999", "-0", "NaN", "0.5", "99999999999999999999999999", "\"\\ud800\"", "\"\\u0000\"", "\"../../x\"", "\"/etc/passwd\"", "\"C:\\\\x\"", "\"\\\\\\\\host\\\\x\"",
    ];

    private static readonly string[] s_pieces =
    [
        "\"", "\\", ",", ":", "{", "}", "[", "]", "\n", "\r", "\0", "\uFEFF", "../", "..\\", "/", "(", ")", "'", "|O", ">f4", "True", "\u202E", "\"\"", ",,,", "formatVersion", "label",
    ];

    /// <summary>A mutated copy.</summary>
    public static byte[] Of(byte[] content, CounterRandom random)
    {
        // one character a byte, so that what is not UTF-8 stays as it is
        var text = Encoding.Latin1.GetString(content);
        var mutated = random.Next(10) switch
        {
            0 => ByteMutation.Of(content, content, random) is var bytes ? Encoding.Latin1.GetString(bytes) : text,
            1 or 2 => Replace(text, Numbers(), random, _ => random.Next(4) == 0 ? s_values[random.Next(s_values.Length)] : ByteMutation.Number(random).ToString(System.Globalization.CultureInfo.InvariantCulture)),
            3 => Replace(text, Values(), random, _ => s_values[random.Next(s_values.Length)]),
            4 => Replace(text, Texts(), random, m => random.Next(2) == 0 ? s_values[random.Next(s_values.Length)] : m.Value[..^1] + s_pieces[random.Next(s_pieces.Length)] + "\""),
            5 => Replace(text, Members(), random, m => $"{m.Value},{m.Value}"),
            6 => Replace(text, Members(), random, _ => "\"x\":1"),
            7 => Replace(text, Lines(), random, m => string.Concat(Enumerable.Repeat(m.Value + "\n", 1 + random.Next(8)))),
            8 => Replace(text, Values(), random, _ => Nested(random)),
            _ => text.Insert(random.Next(text.Length + 1), s_pieces[random.Next(s_pieces.Length)]),
        };
        return random.Next(16) == 0 ? Encoding.UTF8.GetBytes(mutated) : Encoding.Latin1.GetBytes(mutated);
    }

    private static string Nested(CounterRandom random)
    {
        var depth = 1 + random.Next(random.Next(8) == 0 ? MostDepth : 80);
        return random.Next(2) == 0 ? new string('[', depth) + new string(']', depth) : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    private static string Replace(string text, Regex what, CounterRandom random, Func<Match, string> by)
    {
        // the first behind a random place, so that a text of many is not gone through for one
        var match = what.Match(text, random.Next(text.Length + 1));
        if (!match.Success) match = what.Match(text);
        return match.Success ? string.Concat(text.AsSpan(0, match.Index), by(match), text.AsSpan(match.Index + match.Length)) : text;
    }

    [GeneratedRegex("-?[0-9]+(\\.[0-9]+)?")]
    private static partial Regex Numbers();

    [GeneratedRegex("(?<=[:,\\[(] ?)(\"[^\"]*\"|-?[0-9.eE+-]+|true|false|null|\\[[^\\[\\]]*\\]|\\([^()]*\\))")]
    private static partial Regex Values();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Texts();

    [GeneratedRegex("\"[^\"]*\" ?: ?(\"[^\"]*\"|-?[0-9.eE+-]+|\\[[^\\[\\]]*\\]|\\{[^{}]*\\})")]
    private static partial Regex Members();

    [GeneratedRegex("[^\\n]+\\n?")]
    private static partial Regex Lines();
}
