using Spectre.Console;
using Spectre.Console.Rendering;

namespace Croma.Cli.Terminal;

/// <summary>The time left, in a row of progress.</summary>
internal sealed class TimeLeftColumn(TimeEstimate estimate) : ProgressColumn
{
    private const int Width = 12;

    protected override bool NoWrap => true;

    public override int? GetColumnWidth(RenderOptions options) => Width;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(estimate.Text);
}
