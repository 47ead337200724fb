namespace Croma.Cli.Report;

/// <summary>
/// The page's style sheet. The eight series colours stand at least 2.8 : 1 against the page and keep apart for readers with
/// protanopia and deuteranopia (least distance of the first six in OKLab, simulated after Machado et al. 2009: 11 of 100).
/// </summary>
internal static class ReportStyle
{
    // no '>', '<' or '&' in here: the page is XML as well as HTML, and the two escape them differently
    public const string Css = Colours + Page + Charts + Narrow;

    /// <summary>What a drawing by itself needs.</summary>
    public const string Drawing = Colours + Charts;

    private const string Colours = """

        :root{color-scheme:light dark;--page:#fff;--ink:#1a1d21;--soft:#586069;--rule:#dfe3e8;--tint:#f5f7f9;--heat:#1638a6;
        --c0:#1638a6;--c1:#e86518;--c2:#00402f;--c3:#8550db;--c4:#80560a;--c5:#8c939b;--c6:#1f9bdd;--c7:#c01a82}
        @media (prefers-color-scheme:dark){:root{--page:#15171b;--ink:#e8eaed;--soft:#a3abb5;--rule:#333941;--tint:#1d2025;--heat:#7aa7ff;
        --c0:#4a86f5;--c1:#e5832c;--c2:#55ecc8;--c3:#bda6f5;--c4:#f7da34;--c5:#8b939c;--c6:#2b88c0;--c7:#f996a6}}

        """;

    private const string Page = """

        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
        main{max-width:1120px;margin:0 auto;padding:2.2rem 1.25rem 4rem}
        h1{font-size:1.9rem;line-height:1.2;margin:0 0 1.2rem;letter-spacing:-.01em}
        h2{font-size:1.3rem;line-height:1.3;margin:3rem 0 .8rem}
        p,figcaption,.note{max-width:46rem}
        .lead{font-size:1.08rem}
        .note,figcaption,.reads,caption,dt,summary{color:var(--soft);font-size:.9rem}
        .facts{margin:1.2rem 0 0;padding:.9rem 1.1rem;background:var(--tint);border-radius:8px;font-size:.9rem}
        .facts div{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.2rem .8rem;padding:.12rem 0}
        dd{margin:0;overflow-wrap:anywhere}
        code{font:.95em ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        .scroll{overflow-x:auto;margin:.8rem 0}
        .scroll:focus-visible{outline:2px solid var(--c0);outline-offset:3px}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums;min-width:min(100%,34rem)}
        caption{text-align:left;padding-bottom:.5rem}
        th,td{padding:.5rem .8rem .5rem 0;text-align:left;vertical-align:top;font-weight:400;border-bottom:1px solid var(--rule)}
        thead th{font-weight:600;border-bottom:2px solid var(--rule)}
        td,thead th:not(:first-child){text-align:right;white-space:nowrap;padding-left:.9rem;padding-right:0}
        section[aria-labelledby^=table-] td{white-space:normal}
        .number,section[aria-labelledby^=table-] td .reads{white-space:nowrap}
        :is(section[aria-labelledby=shows],section[aria-labelledby=examples]) :is(td,thead th:not(:first-child)){text-align:left;white-space:normal}
        .reads{display:block}
        article{margin:0 0 2.4rem}
        h3{font-size:1.05rem;margin:1.6rem 0 .5rem}
        audio{display:block;width:13rem;max-width:100%;min-width:8.5rem;height:2.4rem}
        .frames,.picture{display:block;width:13rem;max-width:100%;height:3.4rem}
        .picture{height:auto}
        @media (prefers-color-scheme:dark){.frames{filter:invert(.9)}}
        .samples{display:flex;flex-wrap:wrap;gap:.5rem .8rem}
        .verdict{display:block;margin-top:.15rem}
        blockquote.text{margin:0;padding:.5rem .9rem;border-inline-start:3px solid var(--rule);max-width:46rem;overflow-wrap:anywhere}
        figure{margin:1.4rem 0 .6rem;break-inside:avoid}
        figcaption{margin-top:.7rem}
        figcaption p{margin:0 0 .7rem}
        .panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));gap:1.8rem 2rem;align-items:start}
        .panels svg{max-width:540px}
        .beside{display:grid;grid-template-columns:minmax(0,500px) minmax(0,1fr);gap:1rem 2.5rem;align-items:center}
        @media (max-width:820px){.beside{grid-template-columns:minmax(0,1fr)}}
        details{margin:.6rem 0}
        summary{cursor:pointer}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;margin:.9rem 0 0;padding:0;font-size:.9rem}
        svg{display:block;width:100%;height:auto;color:var(--soft);font-size:13px}
        svg.sample{display:inline-block;width:auto;height:auto;vertical-align:-2px}

        """;

    private const string Charts = """

        svg text{fill:var(--ink)}
        svg .head{font-weight:600;font-size:14px}
        svg .tick{fill:var(--soft);font-size:12px}
        svg .strong{font-weight:700}
        svg .halo{paint-order:stroke;stroke:var(--page);stroke-width:4px;stroke-linejoin:round}
        .grid{stroke:var(--rule)}
        .axis{stroke:var(--soft)}
        .frame{fill:none;stroke:var(--rule)}
        .reference{stroke:var(--soft);stroke-dasharray:4 4}
        .curve{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
        .s0 .curve{stroke-width:2.8}
        .s1 .curve{stroke-dasharray:7 3}
        .s2 .curve{stroke-dasharray:2 3}
        .s3 .curve{stroke-dasharray:9 3 2 3}
        .s4 .curve{stroke-dasharray:12 4}
        .s5 .curve{stroke-dasharray:5 5}
        .s6 .curve{stroke-dasharray:3 2}
        .s7 .curve{stroke-dasharray:12 3 2 3 2 3}
        .band{fill:currentColor;fill-opacity:.14}
        .dot{fill:currentColor}
        .interval{stroke:currentColor;stroke-width:3;stroke-linecap:round;stroke-opacity:.55}
        .reach{fill:#000;fill-opacity:0}
        .mark{fill:currentColor;fill-opacity:.55}
        .mark.open{fill:var(--page);fill-opacity:.3;stroke:currentColor;stroke-width:1.3;stroke-opacity:.75}
        .link{stroke:currentColor;stroke-width:2.2}
        .centre{fill:currentColor;stroke:var(--page);stroke-width:1.6}
        .plain{color:var(--soft)}
        .ground{fill:var(--tint)}
        .heat{fill:var(--heat)}
        svg .name{font-size:12.5px}
        svg .on{font-size:11.5px}
        svg .dark{fill:var(--page)}
        .s0{color:var(--c0)}.s1{color:var(--c1)}.s2{color:var(--c2)}.s3{color:var(--c3)}
        .s4{color:var(--c4)}.s5{color:var(--c5)}.s6{color:var(--c6)}.s7{color:var(--c7)}

        """;

    private const string Narrow = """

        @media (max-width:560px){main{padding:1.4rem 1rem 3rem}h1{font-size:1.55rem}table{min-width:100%;font-size:.84rem}.reads,caption{font-size:.8rem}
        td,thead th:not(:first-child){padding-left:.6rem}th:first-child{padding-right:.2rem}.facts div{grid-template-columns:5rem minmax(0,1fr)}}
        @media print{body{font-size:12px}main{padding:0}}

        """;
}
