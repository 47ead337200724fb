using System.Xml.Linq;

namespace Croma.Cli.Report.Sections;

/// <summary>What was done, in two sentences, and what one needs to do it again.</summary>
internal static class SummarySection
{
    public static XElement Draw(ReportData data)
    {
        var (origin, results) = (data.Origin, data.Results);
        var nature = Nature(origin);
        return Markup.Section("done", "What was done",
            Markup.Block("p", "lead",
                $"Methods learnt from {origin.Source} and {origin.Target} of {origin.TrainingConcepts} {origin.ConceptNoun} of the data set “{results.Dataset.Name}”, each from what its row of the table says; "
                + $"then they had to recognise {origin.ConceptNoun} they had never met by their {origin.Target}, {results.Episodes.Ways} out of {origin.TestConcepts} at a time, from k labelled samples of each. ",
                nature,
                $"the profile “{origin.Profile}” is narrower than the paper’s ({origin.ProfileDifference}), so these figures are not the paper’s."),
            Markup.Block("dl", "facts",
                Fact("Data set", $"{results.Dataset.Name}, SHA-256 {results.Dataset.Sha256}"),
                Fact("Episodes", $"{results.Episodes.Tasks} tasks, {results.Episodes.Ways} ways, {results.Episodes.Queries} queries a class, SHA-256 {results.Episodes.Sha256}"),
                Fact("Machine", origin.Machine),
                Fact("Time", $"{Duration(origin.Took)}, finished {origin.Finished.UtcDateTime:yyyy-MM-dd HH:mm} UTC"),
                Fact("Version", origin.Commit is { } commit ? $"Croma {results.Version}, commit {commit}" : $"Croma {results.Version}"),
                Fact("Seed", results.Seed.ToString()),
                Fact("To repeat", new XElement("code", origin.Command))));
    }

    private static object[] Nature(RunOrigin origin) => origin.Synthetic.Count == 0
        ? [$"The {origin.Source} and the {origin.Target} are real; "]
        : [$"The {Markup.List(origin.Synthetic)} is ", new XElement("strong", "synthesised"), " by a program, not recorded from people, and "];

    private static XElement Fact(string name, object value) => new("div", new XElement("dt", name), new XElement("dd", value));

    private static string Duration(TimeSpan took) => took.TotalMinutes < 1 ? $"{took.TotalSeconds:0} s"
        : took.TotalHours < 1 ? $"{(int)took.TotalMinutes} min {took.Seconds} s" : $"{(int)took.TotalHours} h {took.Minutes} min";
}
