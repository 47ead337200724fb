using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Croma.Data.Formats;

/// <summary>The element types of NumPy arrays that Croma reads; numbers of more than a byte are little-endian.</summary>
public enum NpyType
{
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F16,
    F32,
    F64,
}

/// <summary>
/// The strict reading of the header of a NumPy array (numpy.lib.format, versions 1 to 3): a magic string, the version, the
/// header's length, then a Python dictionary of <c>descr</c>, <c>fortran_order</c> and <c>shape</c>. Nothing is evaluated.
/// </summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="Shape">The dimensions, the last one contiguous; empty for a single number.</param>
/// <param name="Count">The product of the dimensions.</param>
/// <param name="Bytes">The header's own length: where the elements begin.</param>
internal sealed record NpyHeader(NpyType Type, IReadOnlyList<long> Shape, long Count, int Bytes)
{
    private const int Preamble = 8, LargestText = 1 << 16, MostDimensions = 16;

    /// <summary>Bytes an element takes.</summary>
    public int ElementSize => Type switch
    {
        NpyType.Bool or NpyType.I8 or NpyType.U8 => 1,
        NpyType.I16 or NpyType.U16 or NpyType.F16 => 2,
        NpyType.I32 or NpyType.U32 or NpyType.F32 => 4,
        _ => 8,
    };

    /// <summary>Reads the header from a stream's beginning.</summary>
    /// <exception cref="DataFormatException">It is no such header, or one of an array that is not read.</exception>
    public static NpyHeader Read(string file, Stream stream)
    {
        var start = new byte[Preamble + 4];
        Fill(file, stream, start.AsSpan(0, Preamble), 0);
        if (start[0] != 0x93 || !start.AsSpan(1, 5).SequenceEqual("NUMPY"u8)) throw new DataFormatException(file, 0, "this is no NumPy array: it does not start with the bytes 93 'NUMPY'");
        if (start[6] is < 1 or > 3 || start[7] != 0) throw new DataFormatException(file, 6, $"the format's version is {start[6]}.{start[7]}; versions 1.0, 2.0 and 3.0 are read");
        var lengthBytes = start[6] == 1 ? 2 : 4;
        Fill(file, stream, start.AsSpan(Preamble, lengthBytes), Preamble);
        var length = lengthBytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(Preamble)) : BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(Preamble));
        if (length > LargestText) throw new DataFormatException(file, Preamble, $"the header's length is {length} bytes; at most {LargestText} are accepted");
        var text = new byte[length];
        Fill(file, stream, text, Preamble + lengthBytes);
        return new Parser(file, Encoding.Latin1.GetString(text), Preamble + lengthBytes).Parse();
    }

    private static void Fill(string file, Stream stream, Span<byte> bytes, int at)
    {
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length) throw new DataFormatException(file, at + read, "the file ends within the header of a NumPy array");
    }

    private static NpyType? TypeOf(string descr) => descr switch
    {
        "|b1" => NpyType.Bool,
        "|i1" => NpyType.I8,
        "|u1" => NpyType.U8,
        "<i2" => NpyType.I16,
        "<i4" => NpyType.I32,
        "<i8" => NpyType.I64,
        "<u2" => NpyType.U16,
        "<u4" => NpyType.U32,
        "<u8" => NpyType.U64,
        "<f2" => NpyType.F16,
        "<f4" => NpyType.F32,
        "<f8" => NpyType.F64,
        _ => null,
    };

    /// <summary>A dictionary of a string, a truth value and a tuple of whole numbers, as Python writes it.</summary>
    private sealed class Parser(string file, string text, int start)
    {
        private int _at;

        public NpyHeader Parse()
        {
            NpyType? type = null;
            bool? fortran = null;
            List<long>? shape = null;
            Expect('{');
            while (!Take('}'))
            {
                var (key, at) = (ReadString(), _at);
                Expect(':');
                switch (key)
                {
                    case "descr" when type is null:
                        type = ReadType();
                        break;
                    case "fortran_order" when fortran is null:
                        fortran = ReadTruth();
                        break;
                    case "shape" when shape is null:
                        shape = ReadShape();
                        break;
                    default:
                        throw Error(at, $"the header has '{key}' twice or against the format; it takes 'descr', 'fortran_order' and 'shape'");
                }
                if (Take(',')) continue;
                Expect('}');
                break;
            }
            SkipSpaces();
            if (_at != text.Length) throw Error(_at, "something follows the header's dictionary");
            if (type is not { } elements || fortran is not { } order || shape is null) throw Error(0, "the header needs 'descr', 'fortran_order' and 'shape'");
            if (order && shape.Count(d => d != 1) > 1) throw Error(0, "the array is in Fortran order; save it in C order: numpy.save(FILE, numpy.ascontiguousarray(ARRAY))");
            return new NpyHeader(elements, shape, CountOf(shape), start + text.Length);
        }

        private NpyType ReadType()
        {
            SkipSpaces();
            var at = _at;
            if (_at < text.Length && text[_at] == '[') throw Error(at, "the array is a structured one (records with fields); save each field as an array of its own");
            var descr = ReadString();
            if (TypeOf(descr) is { } type) return type;
            throw Error(at, descr switch
            {
                ['>', ..] => $"the elements are big-endian ('{descr}'); save them little-endian: ARRAY.astype('<{descr[1..]}')",
                [_, 'O', ..] => "the elements are Python objects, which are never read; save numbers: numpy.stack(LIST).astype('float32')",
                [_, 'U' or 'S', ..] => $"the elements are texts ('{descr}'); numbers are read here: put names and labels into a CSV file",
                _ => $"the elements are of type '{descr}'; booleans, whole numbers and real numbers of 2, 4 or 8 bytes are read",
            });
        }

        private List<long> ReadShape()
        {
            var (at, shape) = (_at, new List<long>(4));
            Expect('(');
            while (!Take(')'))
            {
                shape.Add(ReadNumber());
                if (shape.Count > MostDimensions) throw Error(at, $"the shape has more than {MostDimensions} dimensions");
                if (Take(',')) continue;
                Expect(')');
                break;
            }
            return shape;
        }

        private long CountOf(List<long> shape)
        {
            var product = Int128.One;
            foreach (var dimension in shape)
            {
                product *= dimension;
                if (product > int.MaxValue) throw Error(0, $"an array of the shape ({string.Join(", ", shape)}) is too large; at most {int.MaxValue} elements are read");
            }
            return (long)product;
        }

        private long ReadNumber()
        {
            SkipSpaces();
            var from = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
            return long.TryParse(text.AsSpan(from, _at - from), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw Error(from, "the shape must be whole numbers from 0 to 2^63 - 1");
        }

        private bool ReadTruth()
        {
            SkipSpaces();
            foreach (var (word, value) in new[] { ("True", true), ("False", false) })
                if (text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal))
                {
                    _at += word.Length;
                    return value;
                }
            throw Error(_at, "'fortran_order' must be True or False");
        }

        private string ReadString()
        {
            SkipSpaces();
            var from = _at + 1;
            if (_at >= text.Length || text[_at] is not ('\'' or '"') || text.IndexOf(text[_at], from) is not (var end and >= 0)) throw Error(_at, "a text in quotation marks was expected");
            _at = end + 1;
            return text[from..end];
        }

        private void Expect(char c)
        {
            if (!Take(c)) throw Error(_at, $"'{c}' was expected");
        }

        private bool Take(char c)
        {
            SkipSpaces();
            if (_at >= text.Length || text[_at] != c) return false;
            _at++;
            return true;
        }

        private void SkipSpaces()
        {
            while (_at < text.Length && text[_at] is ' ' or '\n' or '\t') _at++;
        }

        private DataFormatException Error(int at, string reason) => new(file, start + at, reason);
    }
}
