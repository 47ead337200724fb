using Croma.Data.Formats;

namespace Croma.Tests.Reliability;

/// <summary>Makes steps of writing fail.</summary>
internal static class AtomicFileFaults
{
    /// <summary>Does work of which each step of writing is told before it is made, and fails where that throws.</summary>
    public static T Run<T>(Action<FileStep, string, FileStream?> before, Func<T> work)
    {
        AtomicFile.Before.Value = before;
        try
        {
            return work();
        }
        finally
        {
            AtomicFile.Before.Value = null;
        }
    }
}
