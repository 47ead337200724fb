using Croma.Compute;

namespace Croma.Tests;

public sealed class PanelsTests
{
    [Theory, InlineData(1, 1), InlineData(7, 5), InlineData(3, 64), InlineData(5, 100), InlineData(40, 1024)]
    public void Every_element_has_its_own_place(int rows, int columns)
    {
        var seen = new HashSet<int>();
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
                Assert.True(seen.Add(Panels.Offset(r, c, rows, columns)));
        Assert.True(seen.Max() < Panels.Size(rows, columns));
    }
}
