using System.Buffers.Binary;
using Croma.Compute;

namespace Croma.Fuzz;

/// <summary>Mutates a file as its format has it: texts as texts, headers with a length that is right again, archives entry by entry.</summary>
internal static class FileMutation
{
    private const int LengthBytes = 8, LongestHeader = 1 << 20;

    /// <param name="name">The file's name; its ending says the format.</param>
    /// <param name="content">What is mutated; it stays as it is.</param>
    /// <param name="other">A file to take parts from.</param>
    /// <param name="random">Draws what is done.</param>
    public static byte[] Of(string name, byte[] content, byte[] other, CounterRandom random) => random.Next(4) == 0
        ? ByteMutation.Of(content, other, random)
        : Path.GetExtension(name) switch
        {
            ".json" or ".jsonl" or ".csv" => TextMutation.Of(content, random),
            ".npz" => ZipMutation.Of(content, random),
            ".npy" => Npy(content, random),
            _ => Safetensors(content, random),
        };

    /// <summary>The elements or the header, whose length is made right again.</summary>
    public static byte[] Npy(byte[] content, CounterRandom random)
    {
        const int start = 10;
        if (content.Length < start || BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(start - 2)) is var length && start + length > content.Length) return ByteMutation.Of(content, content, random);
        if (random.Next(4) == 0) return [.. content[..(start + length)], .. ByteMutation.Of(content[(start + length)..], content, random)];
        var header = TextMutation.Of(content[start..(start + length)], random);
        byte[] all = [.. content[..start], .. header, .. content[(start + length)..]];
        BinaryPrimitives.WriteUInt16LittleEndian(all.AsSpan(start - 2), (ushort)header.Length);
        return all;
    }

    private static byte[] Safetensors(byte[] content, CounterRandom random)
    {
        if (content.Length < LengthBytes || BinaryPrimitives.ReadInt64LittleEndian(content) is var length && (length is < 0 or > LongestHeader || LengthBytes + length > content.Length)) return ByteMutation.Of(content, content, random);
        var data = LengthBytes + (int)length;
        if (random.Next(4) == 0) return [.. content[..data], .. ByteMutation.Of(content[data..], content, random)];
        var header = TextMutation.Of(content[LengthBytes..data], random);
        byte[] all = [.. new byte[LengthBytes], .. header, .. content[data..]];
        BinaryPrimitives.WriteInt64LittleEndian(all, header.Length);
        return all;
    }
}
