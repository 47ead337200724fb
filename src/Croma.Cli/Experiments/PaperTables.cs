using System.Globalization;

namespace Croma.Cli.Experiments;

/// <summary>
/// Figures as the paper prints them: Liang et al., "Cross-Modal Generalization: Learning in Low Resource Modalities via
/// Meta-Alignment" (ACM Multimedia 2021), Table 2 with the rows of Tables 8 and 9, and Table 4. To be compared with, never tuned towards.
/// </summary>
internal static class PaperTables
{
    // method: mean and standard deviation at k = 1, 5, 10
    private const string TextToSpeech = """
        unimodal-pretraining           55.2  8.6  73.1 3.4  84.3 0.1
        unsupervised-meta-reconstruct  61.5  4.4  83.5 4.0  88.5 2.1
        shared                         55.6 10.2  75.2 8.4  81.9 3.9
        shared-align                   59.7  7.6  78.4 6.2  84.3 1.5
        shared-domain-confusion        59.5  7.2  76.3 9.4  83.9 1.8
        shared-target-labels           57.3  9.3  76.2 8.4  84.0 1.9
        align-classify                 61.1  6.0  74.8 2.1  86.2 0.7
        align-meta-classify            65.6  6.1  89.9 1.5  93.0 0.5
        croma                          67.9  6.6  90.6 1.5  93.2 0.2
        oracle                         61.3 11.2  77.0 0.3  87.5 0.6
        """;

    private const string TextToImage = """
        unimodal-pretraining           33.1  2.8  36.4 3.5  49.0 3.8
        unsupervised-meta-reconstruct  37.4  0.6  41.7 3.7  49.0 1.0
        align-classify                 37.1  3.0  40.0 2.7  47.8 6.6
        align-meta-classify            39.4  2.5  40.0 2.3  48.8 7.8
        croma                          39.7  1.3  47.1 3.3  51.1 2.1
        oracle                         38.9  2.1  42.1 1.4  47.9 5.6
        """;

    private const string ImageToAudio = """
        unimodal-pretraining           44.2 0.8  72.3 0.3  77.4 1.7
        unsupervised-meta-reconstruct  36.3 1.8  67.3 0.9  76.6 2.1
        unsupervised-meta-weak-labels  45.6 1.3  74.2 0.3  83.7 0.1
        align-classify                 45.3 0.8  73.9 2.1  78.8 0.1
        align-meta-classify            47.2 0.3  77.1 0.7  80.4 0.0
        croma-weak                     47.5 0.2  85.9 0.7  92.7 0.4
        oracle                         45.9 0.2  89.3 0.4  94.5 0.3
        """;

    // method and K: recall@1, @5, @10, rank, cosine loss
    private const string ImageToAudioRetrieval = """
        no-align/5   1.0  2.0  5.5 101 0.428
        align/5      2.0  5.5  8.5 103 0.272
        croma/5      4.0 19.5 39.0  13 0.003
        no-align/10  0.5  3.0  4.5 101 0.399
        align/10     1.5 11.0 18.5  52 0.222
        croma/10     3.5 17.5 35.0  15 0.004
        """;

    private static readonly int[] s_shots = [1, 5, 10];

    /// <summary>Tables 2 and 9, text to speech; null for a row or k that they do not have.</summary>
    public static PaperFigure? Speech(string method, int shots) => Accuracy(TextToSpeech, method, shots);

    /// <summary>Table 2, text to image; likewise.</summary>
    public static PaperFigure? Image(string method, int shots) => Accuracy(TextToImage, method, shots);

    /// <summary>Tables 2 and 8, image to audio; likewise.</summary>
    public static PaperFigure? Audio(string method, int shots) => Accuracy(ImageToAudio, method, shots);

    private static PaperFigure? Accuracy(string table, string method, int shots)
    {
        var place = Array.IndexOf(s_shots, shots);
        return place >= 0 && Find(table, method) is { } row ? new PaperFigure(row[2 * place], row[2 * place + 1]) : null;
    }

    /// <summary>Table 4: recall@1, @5, @10, rank and cosine loss; image to audio.</summary>
    public static double[]? Retrieval(string method, int shots) => Find(ImageToAudioRetrieval, $"{method}/{shots}");

    private static double[]? Find(string table, string name) =>
        table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length > 0 && f[0] == name)
            .Select(f => f[1..].Select(x => double.Parse(x, CultureInfo.InvariantCulture)).ToArray()).FirstOrDefault();
}
