using System.Text.Json;

namespace Croma.Datasets.Import;

/// <summary>A table from a file with a JSON object a line: keys are columns, values texts or numbers.</summary>
internal static class JsonLines
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    /// <exception cref="CromaException">The file is missing, not UTF-8, or a line is no flat object.</exception>
    public static CsvTable Read(string path)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<(int Line, string[] Fields)>();
        var text = CsvTable.ReadBytes(path);
        Utf8Text.Require(text, path);
        text = text[^Utf8Text.WithoutMark(text).Length..];
        for (var (number, start) = (1, 0); start < text.Length; number++)
        {
            var length = text.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var end ? end : text.Length - start;
            var line = text.AsMemory(start, length);
            if (line.Span.ContainsAnyExcept(" \t\r"u8)) rows.Add((number, Row($"{path}, line {number}", line, columns)));
            start += length + 1;
        }
        if (rows.Count == 0) throw new CromaException($"{path}: the file is empty; a JSON object a line was expected");
        return new CsvTable(path, [.. columns.Keys], [.. rows.Select(r => (r.Line, Widen(r.Fields, columns.Count)))]);
    }

    private static string[] Row(string where, ReadOnlyMemory<byte> line, Dictionary<string, int> columns)
    {
        try
        {
            using var document = JsonDocument.Parse(line, s_strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new CromaException($"{where}: a JSON object was expected");
            var fields = new List<string>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                columns.TryAdd(property.Name, columns.Count);
                var column = columns[property.Name];
                while (fields.Count <= column) fields.Add("");
                fields[column] = property.Value.ValueKind switch
                {
                    JsonValueKind.String => property.Value.GetString()!,
                    JsonValueKind.Number => property.Value.GetRawText(),
                    JsonValueKind.Null => "",
                    _ => throw new CromaException($"{where}: '{Quoted.Short(property.Name)}' must be a text or a number"),
                };
            }
            return [.. fields];
        }
        catch (JsonException e)
        {
            throw new CromaException($"{where}, column {e.BytePositionInLine + 1}: this is no JSON object: {e.Message.Split(" LineNumber")[0]}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new CromaException($"{where}: a text is no valid Unicode: {e.Message}", e);
        }
    }

    private static string[] Widen(string[] fields, int count) => [.. fields, .. Enumerable.Repeat("", count - fields.Length)];
}
