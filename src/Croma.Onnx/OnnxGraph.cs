using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Croma.Onnx;

/// <summary>
/// An ONNX model under construction: operators in the order they are added, floats and 64-bit integers only. The same
/// calls give the same bytes.
/// </summary>
public sealed class OnnxGraph
{
    // opset 17: all that an exported model uses, and ONNX Runtime 1.13 runs it
    private const int IrVersion = 8, Opset = 17, Float = 1, Int64 = 7;
    private const int AttributeFloat = 1, AttributeInt = 2, AttributeString = 3, AttributeInts = 7;

    private readonly List<byte[]> _nodes = [], _initializers = [], _inputs = [], _outputs = [];
    private int _names;

    /// <summary>Adds an input of floats.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its dimensions; a negative one is open.</param>
    /// <returns>The name, for the operators that take it.</returns>
    public string Input(string name, params ReadOnlySpan<long> shape) => Describe(_inputs, name, Float, shape);

    /// <summary>Adds an input of 64-bit integers.</summary>
    public string IntegerInput(string name, params ReadOnlySpan<long> shape) => Describe(_inputs, name, Int64, shape);

    /// <summary>Declares what a node made to be an output of floats.</summary>
    public void Output(string name, params ReadOnlySpan<long> shape) => Describe(_outputs, name, Float, shape);

    /// <summary>Adds constant floats.</summary>
    /// <param name="values">Row after row.</param>
    /// <param name="shape">Their dimensions; none for one number.</param>
    /// <returns>Its name.</returns>
    public string Constant(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => Constant(MemoryMarshal.AsBytes(values), Float, shape);

    /// <summary>Adds constant integers: a shape, axes, indices.</summary>
    public string Constant(params ReadOnlySpan<long> values) => Constant(MemoryMarshal.AsBytes(values), Int64, [values.Length]);

    /// <summary>Adds one constant integer without dimensions: an index, a bound.</summary>
    public string Scalar(long value) => Constant(MemoryMarshal.AsBytes((ReadOnlySpan<long>)[value]), Int64, []);

    /// <summary>Adds an operator of one output.</summary>
    /// <param name="type">Such as "Gemm".</param>
    /// <param name="inputs">Names; an empty one is left out.</param>
    /// <param name="attributes">Of type long, float, string or long[].</param>
    /// <returns>The output's name.</returns>
    public string Add(string type, IEnumerable<string> inputs, params IEnumerable<(string Name, object Value)> attributes) => Add(type, inputs, 1, null, attributes)[0];

    /// <summary>The same with the output's name given.</summary>
    public void AddAs(string output, string type, IEnumerable<string> inputs, params IEnumerable<(string Name, object Value)> attributes) => Add(type, inputs, 1, output, attributes);

    /// <summary>Adds an operator of several outputs.</summary>
    public string[] Add(string type, IEnumerable<string> inputs, int outputs, params IEnumerable<(string Name, object Value)> attributes) => Add(type, inputs, outputs, null, attributes);

    /// <summary>The model's file.</summary>
    /// <param name="producer">The version of what made it.</param>
    /// <param name="metadata">Further properties, by name.</param>
    public byte[] ToBytes(string producer, IEnumerable<(string Key, string Value)> metadata)
    {
        var graph = new Message().All(1, _nodes).Text(2, "croma").All(5, _initializers).All(11, _inputs).All(12, _outputs);
        var model = new Message().Number(1, IrVersion).Text(2, "croma").Text(3, producer).Part(7, graph).Part(8, new Message().Text(1, "").Number(2, Opset));
        foreach (var (key, value) in metadata) model.Part(14, new Message().Text(1, key).Text(2, value));
        return model.ToArray();
    }

    private string[] Add(string type, IEnumerable<string> inputs, int outputs, string? name, IEnumerable<(string Name, object Value)> attributes)
    {
        string[] made = name != null ? [name] : [.. Enumerable.Range(0, outputs).Select(_ => $"v{_names++}")];
        var node = new Message();
        foreach (var input in inputs) node.Text(1, input);
        foreach (var output in made) node.Text(2, output);
        node.Text(4, type);
        foreach (var (key, value) in attributes) node.Part(5, Attribute(key, value));
        _nodes.Add(node.ToArray());
        return made;
    }

    private static Message Attribute(string name, object value)
    {
        var attribute = new Message().Text(1, name);
        return value switch
        {
            float number => attribute.Float(2, number).Number(20, AttributeFloat),
            long number => attribute.Number(3, number).Number(20, AttributeInt),
            string text => attribute.Text(4, text).Number(20, AttributeString),
            long[] numbers => numbers.Aggregate(attribute, (a, n) => a.Number(8, n)).Number(20, AttributeInts),
            _ => throw new ArgumentException($"an attribute is a long, float, string or long[], not {value.GetType().Name}", nameof(value)),
        };
    }

    private string Constant(ReadOnlySpan<byte> bytes, int type, ReadOnlySpan<long> shape)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("ONNX files are little-endian");
        var name = $"c{_names++}";
        var tensor = new Message();
        foreach (var dimension in shape) tensor.Number(1, dimension);
        _initializers.Add(tensor.Number(2, type).Text(8, name).Bytes(9, bytes).ToArray());
        return name;
    }

    private static string Describe(List<byte[]> to, string name, int type, ReadOnlySpan<long> shape)
    {
        var dimensions = new Message();
        for (var i = 0; i < shape.Length; i++)
            dimensions.Part(1, shape[i] < 0 ? new Message().Text(2, i == 0 ? "N" : $"{name}_{i}") : new Message().Number(1, shape[i]));
        var tensor = new Message().Number(1, type).Part(2, dimensions);
        to.Add(new Message().Text(1, name).Part(2, new Message().Part(1, tensor)).ToArray());
        return name;
    }

    /// <summary>A Protocol Buffers message: fields in the order they are added.</summary>
    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public byte[] ToArray() => _bytes.ToArray();

        public Message Number(int field, long value)
        {
            Write((ulong)field << 3);
            Write((ulong)value);
            return this;
        }

        public Message Float(int field, float value)
        {
            Write(((ulong)field << 3) | 5);
            Span<byte> bytes = stackalloc byte[sizeof(float)];
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            _bytes.AddRange(bytes);
            return this;
        }

        public Message Bytes(int field, ReadOnlySpan<byte> value)
        {
            Write(((ulong)field << 3) | 2);
            Write((ulong)value.Length);
            _bytes.AddRange(value);
            return this;
        }

        public Message Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Message Part(int field, Message value) => Bytes(field, value.ToArray());

        public Message All(int field, List<byte[]> values) => values.Aggregate(this, (message, value) => message.Bytes(field, value));

        private void Write(ulong value)
        {
            for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
            _bytes.Add((byte)value);
        }
    }
}
