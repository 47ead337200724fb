using Croma.Evaluation;

namespace Croma.Cli.Report;

/// <summary>All that the report of a comparison shows, as plain data.</summary>
public sealed record ReportData
{
    /// <summary>The page's heading.</summary>
    public required string Title { get; init; }

    /// <summary>What was run where.</summary>
    public required RunOrigin Origin { get; init; }

    /// <summary>The accuracies; its rows give the methods and their order.</summary>
    public required ResultTable Results { get; init; }

    /// <summary>The runs behind them: learning curves and single predictions.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }

    /// <summary>The data set's concepts by number, as people call them.</summary>
    public required IReadOnlyList<string> Concepts { get; init; }

    /// <summary>The shared space before training.</summary>
    public required SpaceMap Before { get; init; }

    /// <summary>The shared space after training.</summary>
    public required SpaceMap After { get; init; }

    /// <summary>The shared space after training with concepts that training knew, for comparison; null: not drawn.</summary>
    public SpaceMap? Known { get; init; }
}

/// <summary>What was run, where, when, and how to run it again.</summary>
public sealed record RunOrigin
{
    /// <summary>The source modality, such as "text".</summary>
    public required string Source { get; init; }

    /// <summary>The target modality, such as "speech".</summary>
    public required string Target { get; init; }

    /// <summary>Which of the two a program made rather than people.</summary>
    public required IReadOnlyList<string> Synthetic { get; init; }

    /// <summary>What the concepts are, in the plural, such as "languages".</summary>
    public required string ConceptNoun { get; init; }

    /// <summary>Concepts that meta-training saw.</summary>
    public required int TrainingConcepts { get; init; }

    /// <summary>Concepts of the evaluation, which meta-training did not see.</summary>
    public required int TestConcepts { get; init; }

    /// <summary>The profile's name.</summary>
    public required string Profile { get; init; }

    /// <summary>How the profile differs from the paper's, such as "128 hidden units instead of 256, 200 iterations instead of 800".</summary>
    public required string ProfileDifference { get; init; }

    /// <summary>Processor, cores, system.</summary>
    public required string Machine { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>How long it took, from the command to this report.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>The commit it was built from; null where that is not known.</summary>
    public required string? Commit { get; init; }

    /// <summary>The command that does it again.</summary>
    public required string Command { get; init; }
}

/// <summary>One embedding on a two-dimensional map.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Upwards.</param>
/// <param name="Concept">Its concept, as people call it.</param>
/// <param name="Modality">Its modality.</param>
public sealed record MapPoint(double X, double Y, string Concept, string Modality);

/// <summary>The shared space drawn in two dimensions, with what can be measured of it in all its dimensions.</summary>
/// <param name="Points">What is drawn.</param>
/// <param name="Projection">How the two dimensions were chosen.</param>
/// <param name="PairCosine">Mean cosine of the two sides of a true pair.</param>
/// <param name="OtherCosine">Mean cosine of a source and a target sample of different concepts.</param>
/// <param name="Recall">Share of source samples whose nearest target centroid is their own concept's, 0 ... 1.</param>
/// <param name="Gap">Distance of the mean of all source embeddings from that of all target embeddings (the modality gap, Liang et al. 2022), each embedding being of length 1.</param>
public sealed record SpaceMap(IReadOnlyList<MapPoint> Points, MapProjection Projection, double PairCosine, double OtherCosine, double Recall, double Gap)
{
    /// <summary>The recall of guessing.</summary>
    public double Chance => 1.0 / Points.Select(p => p.Concept).Distinct().Count();
}

/// <summary>How a map's two dimensions were chosen.</summary>
public enum MapProjection
{
    /// <summary>The two directions in which all embeddings, of both modalities together, vary most.</summary>
    PrincipalComponents,

    /// <summary>The two directions in which the concepts' means vary most.</summary>
    ConceptMeans,
}
