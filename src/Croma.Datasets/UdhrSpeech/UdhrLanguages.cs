namespace Croma.Datasets.UdhrSpeech;

/// <summary>A language that has both a translation and a voice.</summary>
/// <param name="Id">Its BCP 47 tag; the concept's id.</param>
/// <param name="Name">Its English name.</param>
/// <param name="Code">The translation's code in the package.</param>
/// <param name="Voice">espeak-ng's voice.</param>
/// <param name="PreambleInLine">Whether the translation's preamble opens with the seven recitals, one a paragraph.</param>
internal sealed record UdhrLanguage(string Id, string Name, string Code, string Voice, bool PreambleInLine);

/// <summary>
/// The 93 languages that the package and espeak-ng 1.51 share: one translation and one voice each. The 91 whose primary
/// tags are the same, without Chuvash (its text is another declaration) and with Mandarin, Malay and Albanian, whose tags
/// differ (zh/cmn, zlm/ms, als/sq). Of several translations the one in the voice's own script and modern spelling whose
/// paragraphs are in line with the others.
/// </summary>
internal static class UdhrLanguages
{
    /// <summary>Languages whose script espeak-ng 1.51 cannot read and spells, wholly or in great part, letter by letter.</summary>
    public static IReadOnlyList<string> Spelled { get; } = ["chr", "hak", "ja"];

    public static IReadOnlyList<UdhrLanguage> All { get; } =
    [
        new("af", "Afrikaans", "afr", "af", true),
        new("am", "Amharic", "amh", "am", false),
        new("ar", "Arabic", "arb", "ar", false),
        new("az", "Azerbaijani", "azj_latn", "az", true),
        new("be", "Belarusian", "bel", "be", true),
        new("bg", "Bulgarian", "bul", "bg", true),
        new("bn", "Bengali", "ben", "bn", true),
        new("bs", "Bosnian (Latin)", "bos_latn", "bs", true),
        new("ca", "Catalan", "cat", "ca", true),
        new("chr", "Cherokee", "chr_uppercase", "chr", false),
        new("cmn", "Chinese (Mandarin)", "cmn_hans", "cmn", true),
        new("cs", "Czech", "ces", "cs", false),
        new("cy", "Welsh", "cym", "cy", false),
        new("da", "Danish", "dan", "da", true),
        new("de", "German", "deu_1996", "de", true),
        new("el", "Greek", "ell_monotonic", "el", true),
        new("en", "English", "eng", "en-gb", true),
        new("eo", "Esperanto", "epo", "eo", true),
        new("es", "Spanish", "spa", "es", true),
        new("et", "Estonian", "est", "et", true),
        new("eu", "Basque", "eus", "eu", true),
        new("fa", "Persian", "pes_1", "fa", true),
        new("fi", "Finnish", "fin", "fi", true),
        new("fr", "French", "fra", "fr-fr", true),
        new("ga", "Irish", "gle", "ga", false),
        new("gd", "Scottish Gaelic", "gla", "gd", true),
        new("gn", "Guarani", "gug", "gn", false),
        new("gu", "Gujarati", "guj", "gu", true),
        new("hak", "Chinese (Hakka)", "hak", "hak", true),
        new("haw", "Hawaiian", "haw", "haw", true),
        new("he", "Hebrew", "heb", "he", true),
        new("hi", "Hindi", "hin", "hi", true),
        new("hr", "Croatian", "hrv", "hr", true),
        new("ht", "Haitian Creole", "hat_kreyol", "ht", true),
        new("hu", "Hungarian", "hun", "hu", true),
        new("hy", "Armenian", "hye", "hy", true),
        new("ia", "Interlingua", "ina", "ia", true),
        new("id", "Indonesian", "ind", "id", true),
        new("io", "Ido", "ido", "io", true),
        new("is", "Icelandic", "isl", "is", true),
        new("it", "Italian", "ita", "it", true),
        new("ja", "Japanese", "jpn", "ja", false),
        new("ka", "Georgian", "kat", "ka", true),
        new("kk", "Kazakh", "kaz", "kk", true),
        new("kl", "Greenlandic", "kal", "kl", false),
        new("kn", "Kannada", "kan", "kn", true),
        new("ko", "Korean", "kor", "ko", true),
        new("ku", "Kurdish (Kurmanji)", "kmr", "ku", true),
        new("ky", "Kyrgyz", "kir", "ky", true),
        new("la", "Latin", "lat", "la", true),
        new("lb", "Luxembourgish", "ltz", "lb", true),
        new("lt", "Lithuanian", "lit", "lt", true),
        new("lv", "Latvian", "lav", "lv", true),
        new("mi", "Māori", "mri", "mi", false),
        new("mk", "Macedonian", "mkd", "mk", true),
        new("ml", "Malayalam", "mal", "ml", false),
        new("mr", "Marathi", "mar", "mr", true),
        new("ms", "Malay", "mly_latn", "ms", true),
        new("mt", "Maltese", "mlt", "mt", true),
        new("my", "Burmese", "mya", "my", false),
        new("nb", "Norwegian Bokmål", "nob", "nb", true),
        new("ne", "Nepali", "nep", "ne", false),
        new("nl", "Dutch", "nld", "nl", true),
        new("om", "Oromo", "gax", "om", false),
        new("pa", "Punjabi", "pan", "pa", false),
        new("pap", "Papiamento", "pap", "pap", true),
        new("pl", "Polish", "pol", "pl", true),
        new("pt", "Portuguese", "por_PT", "pt", true),
        new("qu", "Quechua", "qud", "qu", true),
        new("quc", "K'iche'", "quc", "quc", true),
        new("ro", "Romanian", "ron_2006", "ro", true),
        new("ru", "Russian", "rus", "ru", true),
        new("shn", "Shan", "shn", "shn", false),
        new("si", "Sinhala", "sin", "si", true),
        new("sk", "Slovak", "slk", "sk", true),
        new("sl", "Slovenian", "slv", "sl", true),
        new("sq", "Albanian", "als", "sq", true),
        new("sr", "Serbian", "srp_cyrl", "sr", true),
        new("sv", "Swedish", "swe", "sv", true),
        new("sw", "Swahili", "swh", "sw", true),
        new("ta", "Tamil", "tam", "ta", true),
        new("te", "Telugu", "tel", "te", true),
        new("th", "Thai", "tha", "th", false),
        new("tk", "Turkmen", "tuk_latn", "tk", true),
        new("tn", "Tswana", "tsn", "tn", true),
        new("tr", "Turkish", "tur", "tr", true),
        new("tt", "Tatar", "tat", "tt", false),
        new("ug", "Uyghur", "uig_arab", "ug", true),
        new("uk", "Ukrainian", "ukr", "uk", true),
        new("ur", "Urdu", "urd", "ur", true),
        new("uz", "Uzbek", "uzn_latn", "uz", true),
        new("vi", "Vietnamese", "vie", "vi", false),
        new("yue", "Chinese (Cantonese)", "yue", "yue", true),
    ];
}
