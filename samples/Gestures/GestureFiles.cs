using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Gestures;

/// <summary>Gestures as files, as a user of the command line or of another program has them.</summary>
internal static class GestureFiles
{
    /// <summary>Writes DIR/words/CLASS/ID.txt and DIR/gestures/CLASS/ID.npy, and likewise what is new and what comes later.</summary>
    public static void WriteFolders(GeneratedGestures gestures, string folder)
    {
        foreach (var gesture in gestures.Known())
        {
            Write(Path.Combine(folder, "words", gesture.Name, gesture.Id + ".txt"), Encoding.UTF8.GetBytes(gesture.Description));
            Write(Path.Combine(folder, "gestures", gesture.Name, gesture.Id + ".npy"), Npy(gesture.Window));
        }
        foreach (var gesture in gestures.New(shots: 5)) Write(Path.Combine(folder, "new", gesture.Name, gesture.Id + ".npy"), Npy(gesture.Window));
        foreach (var gesture in gestures.Later(count: 3)) Write(Path.Combine(folder, "unlabelled", gesture.Id + ".npy"), Npy(gesture.Window));
    }

    /// <summary>Writes a line of JSON a gesture: {"id", "window"}.</summary>
    public static void WriteLines(IEnumerable<Gesture> gestures, string path) =>
        File.WriteAllLines(path, gestures.Select(g => JsonSerializer.Serialize(new { id = g.Id, window = g.Window })));

    /// <summary>A NumPy array [steps, channels] of single precision (the format's version 1.0).</summary>
    private static byte[] Npy(float[] window)
    {
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({window.Length / GeneratedGestures.Channels}, {GeneratedGestures.Channels}), }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. MemoryMarshal.AsBytes<float>(window)];
    }

    private static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
