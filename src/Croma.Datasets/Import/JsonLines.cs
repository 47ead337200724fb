using System.Text.Json;
using Croma.Data.Formats;

namespace Croma.Datasets.Import;

/// <summary>A table from a file with a JSON object a line: keys are columns, values texts or numbers.</summary>
internal static class JsonLines
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Whose values are kept; of others only the names are, so that a key a line does not make every line as long as there are keys.</param>
    /// <exception cref="CromaException">The file is missing, not UTF-8, or a line is no flat object.</exception>
    public static CsvTable Read(string path, params IReadOnlyList<string> columns)
    {
        var (keys, rows, lines) = (new Keys(columns), new List<string[]>(), new List<int>());
        var text = CsvTable.ReadBytes(path);
        Utf8Text.Require(text, path);
        var start = text.Length - Utf8Text.WithoutMark(text).Length;
        for (var number = 1; start < text.Length; number++)
        {
            var length = text.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var end ? end : text.Length - start;
            var line = text.AsMemory(start, length);
            if (line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                rows.Add(Row(path, number, line, keys));
                lines.Add(number);
            }
            start += length + 1;
        }
        if (rows.Count == 0) throw new CromaException($"{path}: the file is empty; a JSON object a line was expected");
        for (var i = 0; i < rows.Count; i++)
            if (rows[i].Length < keys.Kept.Count) rows[i] = [.. rows[i], .. Enumerable.Repeat("", keys.Kept.Count - rows[i].Length)];
        return new CsvTable(path, [.. keys.Kept, .. keys.Others], rows, lines);
    }

    private static string[] Row(string path, int number, ReadOnlyMemory<byte> line, Keys keys)
    {
        try
        {
            JsonText.Require(line.Span);
            using var document = JsonDocument.Parse(line, s_strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new CromaException($"{path}, line {number}: a JSON object was expected");
            var fields = new List<string>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null))
                    throw new CromaException($"{path}, line {number}: '{Quoted.Short(property.Name)}' must be a text or a number");
                var column = keys.Place(property);
                if (column < 0) continue;
                while (fields.Count <= column) fields.Add("");
                fields[column] = property.Value.ValueKind switch
                {
                    JsonValueKind.String => property.Value.GetString()!,
                    JsonValueKind.Number => property.Value.GetRawText(),
                    _ => "",
                };
            }
            return [.. fields];
        }
        catch (JsonException e)
        {
            throw new CromaException($"{path}, line {number}, column {e.BytePositionInLine + 1}: this is no JSON object: {JsonText.Reason(e)}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new CromaException($"{path}, line {number}: a text is no valid Unicode: {e.Message}", e);
        }
    }

    /// <summary>The keys of a file, in the order in which they come.</summary>
    private sealed class Keys(IReadOnlyList<string> wanted)
    {
        // as many as messages could name
        private const int MostOthers = 100;

        public List<string> Kept { get; } = [];

        public List<string> Others { get; } = [];

        /// <summary>Where a property's value goes; -1 where it is not kept.</summary>
        public int Place(JsonProperty property)
        {
            foreach (var name in wanted)
            {
                if (!property.NameEquals(name)) continue;
                if (Kept.IndexOf(name) is >= 0 and var place) return place;
                Kept.Add(name);
                return Kept.Count - 1;
            }
            if (Others.Count < MostOthers && !Others.Exists(other => property.NameEquals(other))) Others.Add(property.Name);
            return -1;
        }
    }
}
