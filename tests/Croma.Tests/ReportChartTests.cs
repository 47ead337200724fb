using System.Text;
using System.Xml.Linq;
using Croma.Cli.Report;
using Croma.Cli.Report.Charts;
using FsCheck;
using FsCheck.Fluent;

namespace Croma.Tests;

public sealed class ReportChartTests
{
    [Fact]
    public void An_axis_covers_its_values_with_round_evenly_spaced_ticks_inside_the_drawing() =>
        Prop.ForAll<NormalFloat, NormalFloat>((a, b) =>
        {
            var (low, high) = (Math.Min(a.Get, b.Get), Math.Max(a.Get, b.Get));
            if (high > 1e12 || low < -1e12 || (high - low is < 1e-3 and not 0)) return;
            var axis = new Axis(low, high, 200, 10);
            Assert.True(axis.Low <= low + 1e-6 * (high - low) && axis.High >= high - 1e-6 * (high - low));
            Assert.InRange(axis.Ticks.Count, 2, 12);
            Assert.All(axis.Ticks, t => Assert.InRange(axis[t], 10 - 1e-6, 200 + 1e-6));
            var steps = axis.Ticks.Zip(axis.Ticks.Skip(1), (x, y) => y - x).ToList();
            Assert.All(steps, s => Assert.Equal(steps[0], s, Math.Abs(steps[0]) * 1e-3));
            Assert.Equal(axis.Ticks.Count, axis.Ticks.Select(axis.Format).Distinct().Count());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ticks_have_as_many_digits_as_they_need()
    {
        var fine = new Axis(1.606, 1.614, 0, 100);
        Assert.Equal(["1.606", "1.608", "1.610", "1.612", "1.614"], fine.Ticks.Select(fine.Format));
        var coarse = new Axis(20, 61, 0, 100);
        Assert.Equal(["20", "30", "40", "50", "60", "70"], coarse.Ticks.Select(coarse.Format));
    }

    [Theory, InlineData(50, 3200), InlineData(0.088, 13.4), InlineData(0.0001, 90000), InlineData(3, 3), InlineData(1, 10)]
    public void A_logarithmic_axis_covers_its_values_and_gives_equal_ratios_equal_lengths(double low, double high)
    {
        var axis = new Axis(low, high, 0, 100, logarithmic: true);
        Assert.True(axis.Low <= low && high <= axis.High);
        Assert.InRange(axis.Ticks.Count, 2, 12);
        Assert.Equal((0.0, 100.0), (axis[axis.Low], axis[axis.High]));
        Assert.Equal(axis[2 * low] - axis[low], axis[2 * high] - axis[high], 6);
        Assert.Throws<ArgumentException>(() => new Axis(0, 1, 0, 1, logarithmic: true));
    }

    [Fact]
    public void A_file_of_drawings_needs_nothing_else_and_holds_them_side_by_side()
    {
        XElement[] drawings = [Chart("one"), Chart("two")];
        var file = XDocument.Parse(Encoding.UTF8.GetString(SvgFile.Render("both", drawings, ["a", "b", "c"])));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.All(file.Descendants(), e => Assert.Equal(svg, e.Name.Namespace));
        Assert.Equal(["one", "two", "a", "b", "c"], file.Descendants(svg + "text").Select(t => t.Value).Where(t => !double.TryParse(t, out _)).Except(["row"]));
        var places = file.Root!.Elements(svg + "g").Select(g => g.Attribute("transform")).OfType<XAttribute>().Select(t => double.Parse(t.Value["translate(".Length..].Split(' ')[0])).ToList();
        var (width, height) = (double.Parse(file.Root!.Attribute("width")!.Value), double.Parse(file.Root!.Attribute("height")!.Value));
        Assert.True(places[0] >= 0 && places[1] >= places[0] + 360 && width >= places[1] + 360);
        var styles = file.Root!.Element(svg + "style")!.Value;
        Assert.All(file.Descendants().Select(e => e.Attribute("class")?.Value).OfType<string>().SelectMany(c => c.Split(' ')), c => Assert.Contains($".{c}", styles, StringComparison.Ordinal));
        Assert.All(file.Descendants(svg + "text").Select(t => double.Parse(t.Attribute("y")!.Value)), y => Assert.InRange(y, 0, height));

        static XElement Chart(string title) => new IntervalChart { Title = title, Label = title, Rows = [new("row", 0, 2, 1, 3, "2", false)], Range = (1, 3) }.Draw();
    }

    [Fact]
    public void What_is_not_finite_cannot_be_drawn()
    {
        Assert.Throws<ArgumentException>(() => Svg.Number(double.NaN));
        Assert.Throws<ArgumentException>(() => new Axis(0, double.PositiveInfinity, 0, 1));
        Assert.Equal("0", Svg.Number(-0.001));
    }

    [Fact]
    public void Names_in_a_plot_do_not_cover_each_other()
    {
        (double X, double Y)[] marks = [.. Enumerable.Range(0, 6).Select(i => (300.0 + i, 200.0 + 2 * i))];
        var labels = new Labels(420, 0, 420, marks, []);
        var places = marks.Select(m => labels.Place("Ten letter", m)).ToList();
        foreach (var (a, i) in places.Select((p, i) => (p, i)))
            foreach (var b in places.Skip(i + 1))
                Assert.True(Math.Abs(a.Y - b.Y) >= 15 || Math.Abs(a.X - b.X) >= 72, $"{a} covers {b}");
        Assert.All(places, p => Assert.InRange(p.X, 36, 384));
    }

    [Fact]
    public void Confusion_counts_one_method_at_one_number_of_shots_over_all_repeats()
    {
        var confusion = Confusion.Of(ReportSamples.Data().Runs, "croma", 5);
        Assert.Equal(5, confusion.Shots);
        Assert.Equal([0, 1, 2, 3, 4, 5], confusion.Concepts);
        Assert.Equal((12, 3, 0, 15), (confusion[0, 0], confusion[0, 1], confusion[1, 0], confusion.Asked(0)));
        Assert.Equal(10, Confusion.Of(ReportSamples.Data().Runs, "croma", 7).Shots);
    }
}
