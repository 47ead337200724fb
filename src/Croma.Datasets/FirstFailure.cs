namespace Croma.Datasets;

/// <summary>What a parallel loop failed of, as one exception.</summary>
internal static class FirstFailure
{
    /// <summary>Runs a loop; the first failure says what the caller must know, the rest follow from it.</summary>
    public static void Of(Action loop)
    {
        try
        {
            loop();
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) is CromaException first)
        {
            throw new CromaException(first.Message, first);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            throw new OperationCanceledException(e.Message, e);
        }
    }
}
