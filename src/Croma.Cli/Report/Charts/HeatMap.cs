using System.Xml.Linq;

namespace Croma.Cli.Report.Charts;

/// <summary>A cell of a matrix.</summary>
/// <param name="Share">Its darkness, 0 ... 1.</param>
/// <param name="Text">What is written in it; empty for nothing.</param>
/// <param name="Hover">What is shown on hovering.</param>
internal sealed record HeatCell(double Share, string Text, string Hover);

/// <summary>A square matrix in shades of one colour.</summary>
internal sealed record HeatMap
{
    // from this share on, text in the page's colour is easier to read than in the ink's, in light and in dark
    private const double Dark = 0.67;
    private const double Width = 400, CharacterWidth = 7.4, LargestCell = 64;

    /// <summary>What a reader who does not see it is told.</summary>
    public required string Label { get; init; }

    /// <summary>Names of rows and columns alike.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>[row][column].</summary>
    public required IReadOnlyList<IReadOnlyList<HeatCell>> Rows { get; init; }

    /// <summary>What the rows are.</summary>
    public required string RowTitle { get; init; }

    /// <summary>What the columns are.</summary>
    public required string ColumnTitle { get; init; }

    /// <summary>The drawing.</summary>
    public XElement Draw()
    {
        var names = Names.Select(Svg.Shorten).ToList();
        var room = names.Max(n => n.Length) * CharacterWidth + 10;
        var cell = Math.Min((Width - room) / names.Count, LargestCell);
        var (left, top) = (room, Math.Max(room, 40) + 24);
        return Svg.Drawing(left + cell * names.Count, top + cell * names.Count, Label,
            Svg.Text(left, 14, ColumnTitle, "head"),
            Svg.Text(0, top - 10, RowTitle, "head"),
            names.Select((name, i) => Svg.Text(left - 6, top + (i + 0.5) * cell + 4, name, "name", "end")),
            names.Select((name, i) => new XElement("text", new XAttribute("class", "name"),
                new XAttribute("transform", $"translate({Svg.Number(left + (i + 0.5) * cell + 4)} {Svg.Number(top - 6)}) rotate(-90)"), name)),
            Rows.SelectMany((row, i) => row.Select((value, j) => Draw(value, left + j * cell, top + i * cell, cell))));
    }

    private static XElement Draw(HeatCell value, double x, double y, double size) => Svg.Group("cell",
        Svg.Rectangle(x + 1, y + 1, size - 2, size - 2, "ground"),
        Svg.Rectangle(x + 1, y + 1, size - 2, size - 2, "heat", new XAttribute("fill-opacity", Svg.Number(value.Share))),
        value.Text.Length == 0 ? null : Svg.Text(x + size / 2, y + size / 2 + 4.5, value.Text, value.Share >= Dark ? "on dark" : "on", "middle"),
        Svg.Rectangle(x, y, size, size, "reach", Svg.Hover(value.Hover)));
}
