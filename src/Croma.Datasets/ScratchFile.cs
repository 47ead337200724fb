namespace Croma.Datasets;

/// <summary>Files for programs that read nothing else, in a temporary folder that goes with the run: no other run reads them, so they need not be written whole or not at all.</summary>
internal static class ScratchFile
{
    /// <summary>Writes a file under a number: names of an archive may lead anywhere.</summary>
    /// <param name="folder">The folder, which is there.</param>
    /// <param name="number">Its name.</param>
    /// <param name="content">Its content.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="CromaException">It cannot be written.</exception>
    public static string Write(string folder, int number, ReadOnlySpan<byte> content)
    {
        var place = Path.Combine(folder, $"{number}");
        try
        {
            File.WriteAllBytes(place, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{place}: cannot be written: {e.Message}", e);
        }
        return place;
    }
}
