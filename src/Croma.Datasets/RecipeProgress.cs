namespace Croma.Datasets;

/// <summary>How far a recipe has come.</summary>
/// <param name="Stage">What it is doing, in a word or two.</param>
/// <param name="Done">Steps of the stage that are done.</param>
/// <param name="Total">Steps the stage has.</param>
public readonly record struct RecipeProgress(string Stage, int Done, int Total);
