using Croma.Data.Formats;

namespace Croma.Onnx;

/// <summary>
/// Reads a model's file and checks what ONNX Runtime would not: that it names no files to take weights from. The format
/// is Protocol Buffers; only the fields that lead to tensors are walked through (onnx.proto3).
/// </summary>
public static class OnnxModelFile
{
    /// <summary>Protocol Buffers has no larger messages.</summary>
    private const long LargestFile = int.MaxValue / 2;

    private const int DeepestGraph = 16;

    // field numbers of onnx.proto3
    private const int ModelGraph = 7, ModelFunctions = 25, FunctionNode = 7, GraphNode = 1, GraphInitializer = 5, GraphSparseInitializer = 15;
    private const int NodeAttribute = 5, AttributeTensor = 5, AttributeGraph = 6, AttributeTensors = 10, AttributeGraphs = 11, AttributeSparse = 22, AttributeSparses = 23;
    private const int SparseValues = 1, SparseIndices = 2, TensorExternalData = 13, TensorDataLocation = 14;

    /// <summary>The file's bytes, if it is sound.</summary>
    /// <exception cref="CromaException">It is missing, too large, no ONNX model, or takes weights from other files.</exception>
    public static byte[] Read(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists) throw new CromaException($"There is no ONNX model '{path}'.");
        if (info.Length > LargestFile) throw new DataFormatException(path, 0, $"the file has {info.Length} bytes; an ONNX model has at most {LargestFile}");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CromaException($"{path}: cannot be read: {e.Message}", e);
        }
        Check(path, bytes);
        return bytes;
    }

    internal static void Check(string path, byte[] bytes)
    {
        var walk = new Walk(path, bytes);
        var hasGraph = false;
        walk.Fields(0, bytes.Length, (field, start, end) =>
        {
            if (field == ModelGraph) { hasGraph = true; Graph(walk, start, end, 0); }
            if (field == ModelFunctions) walk.Fields(start, end, (inner, s, e) => { if (inner == FunctionNode) Node(walk, s, e, 0); });
        });
        if (!hasGraph) throw new DataFormatException(path, 0, "this is no ONNX model: it has no graph");
    }

    private static void Graph(Walk walk, int start, int end, int depth)
    {
        if (depth > DeepestGraph) throw walk.Error(start, $"graphs lie within graphs more than {DeepestGraph} deep");
        walk.Fields(start, end, (field, s, e) =>
        {
            if (field == GraphNode) Node(walk, s, e, depth);
            else if (field == GraphInitializer) Tensor(walk, s, e);
            else if (field == GraphSparseInitializer) Sparse(walk, s, e);
        });
    }

    private static void Node(Walk walk, int start, int end, int depth) => walk.Fields(start, end, (field, s, e) =>
    {
        if (field != NodeAttribute) return;
        walk.Fields(s, e, (inner, from, to) =>
        {
            if (inner is AttributeTensor or AttributeTensors) Tensor(walk, from, to);
            else if (inner is AttributeSparse or AttributeSparses) Sparse(walk, from, to);
            else if (inner is AttributeGraph or AttributeGraphs) Graph(walk, from, to, depth + 1);
        });
    });

    private static void Sparse(Walk walk, int start, int end) => walk.Fields(start, end, (field, s, e) =>
    {
        if (field is SparseValues or SparseIndices) Tensor(walk, s, e);
    });

    private static void Tensor(Walk walk, int start, int end) => walk.Fields(start, end, (field, s, e) =>
    {
        if (field == TensorExternalData || (field == TensorDataLocation && walk.Bytes[s] != 0))
            throw walk.Error(s, "the model takes weights from other files, which is not allowed: save it as one file");
    });

    /// <summary>Goes through messages field by field; every length is checked against what holds it.</summary>
    private sealed class Walk(string path, byte[] bytes)
    {
        public byte[] Bytes => bytes;

        public DataFormatException Error(int offset, string reason) => new(path, offset, reason);

        /// <summary>Calls back with each field's number and the range of its content.</summary>
        public void Fields(int start, int end, Action<int, int, int> visit)
        {
            for (var at = start; at < end;)
            {
                var from = at;
                var key = Number(ref at, end);
                var (field, wire) = (key >> 3, key & 7);
                if (field is 0 or > 1 << 29) throw Error(from, "this is no ONNX model: a field has no valid number");
                var content = at;
                ulong length;
                switch (wire)
                {
                    case 0: Number(ref at, end); length = 0; break;
                    case 1: length = 8; break;
                    case 2: length = Number(ref at, end); content = at; break;
                    case 5: length = 4; break;
                    default: throw Error(from, "this is no ONNX model: a field has no valid type");
                }
                if (length > (ulong)(end - at)) throw Error(from, "this is no whole ONNX model: a field is longer than what holds it");
                at += (int)length;
                // a message where a number is expected, or the reverse, is not what onnx.proto says: ONNX Runtime refuses it
                if (wire is 0 or 2) visit((int)field, content, at);
            }
        }

        private ulong Number(ref int at, int end)
        {
            var value = 0UL;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (at >= end) throw Error(at, "this is no whole ONNX model: it ends within a number");
                var next = bytes[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80) return value;
            }
            throw Error(at, "this is no ONNX model: a number has more than ten bytes");
        }
    }
}
