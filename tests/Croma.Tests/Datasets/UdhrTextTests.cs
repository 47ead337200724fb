using System.Text;
using Croma.Data;
using Croma.Datasets.UdhrSpeech;

namespace Croma.Tests.Datasets;

public sealed class UdhrTextTests
{
    [Fact]
    public void Paragraphs_come_to_the_places_they_have_in_every_language()
    {
        var places = UdhrText.Read("x", Page(preamble: 10), preambleInLine: true);
        Assert.Equal(59, places.Length);
        Assert.Equal("preamble 0", places[0]);
        Assert.Equal("preamble 6", places[6]);
        Assert.Equal("preamble 7 preamble 8", places[7]);
        Assert.Equal("preamble 9", places[8]);
        Assert.Equal("article 1.0", places[9]);
        Assert.Equal("article 2.1", places[11]);
        Assert.Equal("article 30.0", places[58]);
        Assert.All(places, Assert.NotNull);
    }

    [Fact]
    public void What_is_divided_otherwise_is_left_out()
    {
        var places = UdhrText.Read("x", Page(preamble: 8, secondArticle: 1), preambleInLine: true);
        Assert.Equal([7, 10, 11], Enumerable.Range(0, 59).Where(place => places[place] is null));
        Assert.Equal(9, UdhrText.Read("x", Page(preamble: 10), preambleInLine: false).Count(text => text is null));
        Assert.Equal(9, UdhrText.Read("x", Page(preamble: 6), preambleInLine: true).Count(text => text is null));
    }

    [Fact]
    public void Spaces_are_single_and_references_are_read()
    {
        var places = UdhrText.Read("x", Page(preamble: 8).Replace("article 1.0", "e  a\n &#x26; b", StringComparison.Ordinal), preambleInLine: true);
        Assert.Equal("e a & b", places[9]);
    }

    [Theory]
    [InlineData("<html><body></html>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><html><body><p>&a;</p></body></html>")]
    [InlineData("")]
    [InlineData("<html></html>")]
    public void A_page_that_is_none_is_refused(string html) =>
        Assert.Contains("'x'", Assert.Throws<CromaException>(() => UdhrText.Read("x", html, true)).Message, StringComparison.Ordinal);

    [Fact]
    public void Spaces_and_commas_are_put_into_the_Myanmar_script_alone()
    {
        Assert.Equal("All human beings", SpokenText.Of("All human beings"));
        Assert.Equal("\u101C\u1030 \u1010\u102D\u102F\u1004\u103A\u1038 \u101E\u100A\u103A\u104B ", SpokenText.Of("\u101C\u1030\u1010\u102D\u102F\u1004\u103A\u1038\u101E\u100A\u103A\u104B"));
        Assert.Equal("\u1000 \u1000 \u1000 \u1000, \u1000 ", SpokenText.Of("\u1000\u1000\u1000\u1000\u1000"));
        Assert.Equal("\u1019\u1002\u1039\u1002", SpokenText.Of("\u1019\u1002\u1039\u1002"));
    }

    [Fact]
    public void There_are_93_languages_each_with_its_own_translation_and_voice()
    {
        Assert.Equal(93, UdhrLanguages.All.Count);
        Assert.Equal(93, UdhrLanguages.All.Select(language => language.Id).Distinct().Count());
        Assert.Equal(93, UdhrLanguages.All.Select(language => language.Code).Distinct().Count());
        Assert.Equal(93, UdhrLanguages.All.Select(language => language.Voice).Distinct().Count());
    }

    [Fact]
    public void Languages_are_split_74_9_10_and_otherwise_with_another_seed()
    {
        var splits = UdhrSplits.OfLanguages(93, 1);
        Assert.Equal((74, 9, 10), (splits.Count(split => split == ConceptSplit.MetaTrain), splits.Count(split => split == ConceptSplit.MetaValidation), splits.Count(split => split == ConceptSplit.MetaTest)));
        Assert.Equal(splits, UdhrSplits.OfLanguages(93, 1));
        Assert.NotEqual(splits, UdhrSplits.OfLanguages(93, 2));
    }

    [Fact]
    public void Twenty_places_that_every_language_has_are_for_target_classification()
    {
        var common = Enumerable.Range(0, 59).Select(place => place > 12).ToArray();
        for (var seed = 0UL; seed < 20; seed++)
        {
            var parts = UdhrSplits.OfPlaces(common, seed);
            Assert.Equal((19, 20, 20), (parts.Count(part => part == Part.Alignment), parts.Count(part => part == Part.Source), parts.Count(part => part == Part.Target)));
            Assert.DoesNotContain(Part.Target, parts[..13]);
        }
    }

    private static string Page(int preamble, int secondArticle = 2)
    {
        int[] paragraphs = [1, secondArticle, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 2, 2, 3, 2, 1, 1, 2, 3, 1, 4, 1, 2, 3, 2, 1, 3, 1];
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head><title>X</title></head><body><h1>X</h1><header><h2>Preamble</h2>");
        for (var i = 0; i < preamble; i++) html.Append($"<p>preamble {i}</p>\n");
        html.Append("</header>");
        for (var article = 1; article <= 30; article++)
        {
            html.Append($"<article data-number=\"{article}\"><h2>Article {article}</h2><ol>");
            for (var i = 0; i < paragraphs[article - 1]; i++) html.Append($"<li><p>article {article}.{i}</p></li>");
            html.Append("</ol></article>");
        }
        return html.Append("</body></html>").ToString();
    }
}
