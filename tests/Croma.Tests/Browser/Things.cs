using Croma.Compute;
using Croma.Tests.Datasets;
using Microsoft.Playwright;

namespace Croma.Tests.Browser;

/// <summary>Files that a person at the page might have: sounds around the house, pictures of plants and walls.</summary>
internal static class Things
{
    /// <summary>A whistling kettle: a high tone that rises a little, in steam.</summary>
    public static FilePayload Kettle(int number) => Sound($"kettle-{number}.wav", (t, other, random) => 0.45 * Math.Sin(2 * Math.PI * (2500 + 250 * other) * t * (1 + 0.02 * t)) * Math.Min(1, (4 + other) * t) + 0.04 * (2 + other) * random.NextNormal());

    /// <summary>A humming fridge: a low tone with its harmonics.</summary>
    public static FilePayload Fridge(int number) => Sound($"fridge-{number}.wav", (t, other, random) => (0.3 + 0.1 * Math.Sin((6 + 4 * other) * t)) * (Math.Sin(2 * Math.PI * (140 + 15 * other) * t) + 0.4 * Math.Sin(4 * Math.PI * (140 + 15 * other) * t)) + 0.008 * (2 + other) * random.NextNormal());

    /// <summary>Rain: noise of all frequencies.</summary>
    public static FilePayload Rain(int number) => Sound($"rain-{number}.wav", (t, other, random) => (0.2 + 0.04 * Math.Sin(30 * t + other)) * random.NextNormal());

    /// <summary>A sound file that breaks off.</summary>
    public static FilePayload Broken { get; } = new() { Name = "broken.wav", MimeType = "audio/wav", Buffer = Kettle(1).Buffer[..40] };

    /// <summary>A file of no use.</summary>
    public static FilePayload Notes { get; } = new() { Name = "notes.pdf", MimeType = "application/pdf", Buffer = [.. "%PDF-1.7"u8] };

    /// <summary>A leaf: green, with veins.</summary>
    public static FilePayload Leaf(int number) => Picture($"leaf-{number}.png", (x, y, other) => (x + (int)(y * (1.5 + other))) % 23 < 4 ? (60, 140 + (int)(20 * other), 40) : (90 + y / 3, 165 + (int)(20 * other), 60 + x / 4));

    /// <summary>A wall: bricks and mortar.</summary>
    public static FilePayload Wall(int number) => Picture($"wall-{number}.png", (x, y, other) => y % 24 < 4 || (x + (y / 24 % 2 == 0 ? 0 : 20) + (int)(9 * (1 + other))) % 40 < 4 ? (205, 200, 190) : (175 + (int)(25 * other), 75, 55 + (int)(15 * other)));

    /// <summary>Frames of 1 second at 16 kHz.</summary>
    public static float[] Wave(ulong seed, Func<double, CounterRandom, double> at)
    {
        var random = new CounterRandom(21, seed);
        return [.. Enumerable.Range(0, Waves.Rate).Select(n => (float)at((double)n / Waves.Rate, random))];
    }

    public static byte[] File(float[] wave) => Waves.Of([.. wave.Select(v => (short)(short.MaxValue * Math.Clamp(v, -1, 1)))]);

    // how it differs from others of its kind, by its name: -1 ... 1
    private static double Other(string name) => new CounterRandom(23, CounterRandom.Stream(name, 1)).Next(-1.0, 1.0);

    private static FilePayload Sound(string name, Func<double, double, CounterRandom, double> at)
    {
        var other = Other(name);
        return new() { Name = name, MimeType = "audio/wav", Buffer = File(Wave(CounterRandom.Stream(name, 0), (t, random) => at(t, other, random))) };
    }

    private static FilePayload Picture(string name, Func<int, int, double, (int R, int G, int B)> at)
    {
        var other = Other(name);
        return new() { Name = name, MimeType = "image/png", Buffer = PngFile.Colour(160, 120, (x, y) => at(x, y, other) is var (r, g, b) ? ((byte)r, (byte)g, (byte)b) : default) };
    }
}
