using System.Text;
using Croma.Cli.Report.Sections;
using Croma.Data.Formats;

namespace Croma.Cli.Report;

/// <summary>The report of a comparison as one HTML page. The same data give the same bytes.</summary>
public static class HtmlReport
{
    /// <summary>The page.</summary>
    /// <exception cref="CromaException">The data lack what the report shows.</exception>
    public static string Render(ReportData data)
    {
        if (data.Results.Results.Count == 0) throw new CromaException("There are no results to report.");
        return HtmlPage.Render(data.Title, SummarySection.Draw(data), AccuracySection.Draw(data), CurvesSection.Draw(data), ConfusionSection.Draw(data), MapSection.Draw(new MapNames(data.Origin.Source, data.Origin.Target, data.Origin.ConceptNoun), data.Before, data.After, data.Known));
    }

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <exception cref="CromaException">It cannot be written, or the data lack what the report shows.</exception>
    public static void Write(string path, ReportData data) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(Render(data)));
}
