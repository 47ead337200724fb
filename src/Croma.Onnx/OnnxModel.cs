using System.Runtime.InteropServices;

namespace Croma.Onnx;

/// <summary>An input or output of a model.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Its dimensions; -1 where the model leaves one open, as it does for the batch.</param>
/// <param name="IsFloat">Whether its elements are 32-bit floats.</param>
/// <param name="IsInteger">Whether they are 64-bit integers; other elements cannot be passed here.</param>
public sealed record OnnxTensorInfo(string Name, IReadOnlyList<long> Shape, bool IsFloat, bool IsInteger = false);

/// <summary>What an input of a model is given.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Values">Numbers row after row: an array of float or long.</param>
/// <param name="Shape">Their dimensions.</param>
public readonly record struct OnnxInput(string Name, Array Values, long[] Shape);

/// <summary>
/// A model loaded into ONNX Runtime. It may be run from many threads at once. A model's file is
/// checked first (<see cref="OnnxModelFile"/>): it may come from anyone.
/// </summary>
public sealed unsafe class OnnxModel : IDisposable
{
    private const int Float = 1, Int64 = 7, DeviceAllocator = 0, DefaultMemory = 0, FatalOnly = 4;
    private const long LargestTensor = 1L << 28;

    private readonly OnnxApi _api;
    private readonly string _path;
    private readonly SessionHandle _session;
    private readonly nint _memory;

    /// <summary>Loads a model.</summary>
    /// <param name="runtime">The library.</param>
    /// <param name="path">The .onnx file.</param>
    /// <param name="threads">Threads of one run. Default 1: run several at once instead.</param>
    /// <exception cref="CromaException">The file is missing, unsound, or not for this version of ONNX Runtime.</exception>
    public OnnxModel(OnnxRuntime runtime, string path, int threads = 1)
    {
        (_api, _path) = (runtime.Api, path);
        var bytes = OnnxModelFile.Read(path);
        nint options = 0, session = 0, memory = 0;
        try
        {
            Check(_api.CreateSessionOptions(&options));
            Check(_api.SetLogSeverity(options, FatalOnly));
            Check(_api.SetIntraOpThreads(options, threads));
            Check(_api.SetInterOpThreads(options, 1));
            // whose memory is limited (OnnxRuntime)
            fixed (byte* key = "session.use_env_allocators\0"u8, yes = "1\0"u8) Check(_api.AddSessionConfigEntry(options, key, yes));
            fixed (byte* content = bytes) Check(_api.CreateSessionFromArray(runtime.Environment, content, (nuint)bytes.Length, options, &session));
        }
        finally
        {
            if (options != 0) _api.ReleaseSessionOptions(options);
        }
        _session = new SessionHandle(_api, session);
        try
        {
            nuint inputs, outputs;
            Check(_api.InputCount(session, &inputs));
            Check(_api.OutputCount(session, &outputs));
            Inputs = [.. Enumerable.Range(0, (int)inputs).Select(i => Describe((nuint)i, input: true))];
            Outputs = [.. Enumerable.Range(0, (int)outputs).Select(i => Describe((nuint)i, input: false))];
            Check(_api.CreateCpuMemoryInfo(DeviceAllocator, DefaultMemory, &memory));
            _memory = memory;
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>What one run may take; the model is stopped between two of its operators. Default five minutes.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(5);

    public IReadOnlyList<OnnxTensorInfo> Inputs { get; }

    public IReadOnlyList<OnnxTensorInfo> Outputs { get; }

    /// <summary>Runs a model of one input.</summary>
    /// <param name="values">The input's numbers, row after row.</param>
    /// <param name="shape">Its dimensions; they must fit the model's.</param>
    /// <param name="output">The output's name.</param>
    /// <returns>The output's numbers and dimensions.</returns>
    /// <exception cref="OnnxException">The model takes several inputs, has no such output, or the shape does not fit.</exception>
    public (float[] Values, long[] Shape) Run(ReadOnlySpan<float> values, ReadOnlySpan<long> shape, string output)
    {
        var input = Inputs.Count == 1 ? Inputs[0] : throw new OnnxException($"'{_path}' takes {Inputs.Count} inputs ({string.Join(", ", Inputs.Select(i => i.Name))}), not one.");
        RequireFit(input, input.IsFloat, shape, values.Length);
        RequireOutput(output);
        nint tensor = 0;
        fixed (float* data = values)
        fixed (long* dimensions = shape)
        {
            try
            {
                Check(_api.CreateTensor(_memory, data, (nuint)values.Length * sizeof(float), dimensions, (nuint)shape.Length, Float, &tensor));
                return Run([input.Name], [tensor], output);
            }
            finally
            {
                if (tensor != 0) _api.ReleaseValue(tensor);
            }
        }
    }

    /// <summary>Runs the model on all its inputs, in any order.</summary>
    /// <exception cref="OnnxException">An input is missing or does not fit, or there is no such output.</exception>
    public (float[] Values, long[] Shape) Run(IReadOnlyList<OnnxInput> inputs, string output)
    {
        foreach (var info in Inputs)
        {
            var given = inputs.Where(i => i.Name == info.Name).ToArray();
            if (given.Length != 1) throw new OnnxException($"'{_path}': the input '{info.Name}' is {(given.Length == 0 ? "missing" : "given twice")}.");
            RequireFit(info, given[0].Values is float[] ? info.IsFloat : given[0].Values is long[] && info.IsInteger, given[0].Shape, given[0].Values.Length);
        }
        if (inputs.Count != Inputs.Count) throw new OnnxException($"'{_path}' takes {string.Join(", ", Inputs.Select(i => i.Name))}, not {string.Join(", ", inputs.Select(i => i.Name))}.");
        RequireOutput(output);
        var tensors = new nint[inputs.Count];
        var pins = new GCHandle[inputs.Count];
        try
        {
            for (var i = 0; i < pins.Length; i++)
            {
                var (values, isFloat) = (inputs[i].Values, inputs[i].Values is float[]);
                pins[i] = GCHandle.Alloc(values, GCHandleType.Pinned);
                nint tensor;
                fixed (long* dimensions = inputs[i].Shape)
                    Check(_api.CreateTensor(_memory, (void*)pins[i].AddrOfPinnedObject(), (nuint)values.Length * (nuint)(isFloat ? sizeof(float) : sizeof(long)), dimensions, (nuint)inputs[i].Shape.Length, isFloat ? Float : Int64, &tensor));
                tensors[i] = tensor;
            }
            return Run([.. inputs.Select(i => i.Name)], tensors, output);
        }
        finally
        {
            foreach (var tensor in tensors)
                if (tensor != 0) _api.ReleaseValue(tensor);
            foreach (var pin in pins)
                if (pin.IsAllocated) pin.Free();
        }
    }

    private (float[] Values, long[] Shape) Run(string[] inputs, nint[] tensors, string output)
    {
        var held = false;
        nint result = 0, options = 0;
        nint[] names = [.. inputs.Append(output).Select(Marshal.StringToCoTaskMemUTF8)];
        try
        {
            _session.DangerousAddRef(ref held);
            Check(_api.CreateRunOptions(&options));
            using var limit = new CancellationTokenSource(Time);
            nint status;
            fixed (nint* name = names)
            fixed (nint* tensor = tensors)
            {
                // its disposal waits for a stop that is under way
                using var watch = limit.Token.Register(static run => ((RunStop)run!).Now(), new RunStop(_api, options));
                status = _api.Run(_session.DangerousGetHandle(), options, (byte**)name, tensor, (nuint)tensors.Length, (byte**)(name + tensors.Length), 1, &result);
            }
            _api.Check(status, limit.IsCancellationRequested ? $"'{_path}': a run took longer than {Time.TotalSeconds:0.##} s and was stopped" : $"'{_path}'");
            return Copy(result);
        }
        finally
        {
            if (result != 0) _api.ReleaseValue(result);
            if (options != 0) _api.ReleaseRunOptions(options);
            if (held) _session.DangerousRelease();
            foreach (var name in names) Marshal.FreeCoTaskMem(name);
        }
    }

    public void Dispose()
    {
        if (_session.IsClosed) return;
        _session.Dispose();
        _api.ReleaseMemoryInfo(_memory);
    }

    private void RequireOutput(string output)
    {
        if (Outputs.FirstOrDefault(o => o.Name == output) is not { } wanted) throw new OnnxException($"'{_path}' has no output '{output}': it has {string.Join(", ", Outputs.Select(o => o.Name))}.");
        if (!wanted.IsFloat) throw new OnnxException($"'{_path}': the output '{output}' does not hold 32-bit floats.");
    }

    private void RequireFit(OnnxTensorInfo input, bool fits, ReadOnlySpan<long> shape, int count)
    {
        var product = 1L;
        fits &= shape.Length == input.Shape.Count;
        for (var i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i] > 0 && (input.Shape[i] < 0 || shape[i] == input.Shape[i]) && product <= LargestTensor / shape[i];
            product *= shape[i];
        }
        if (fits && product == count) return;
        var (wanted, elements) = (string.Join(", ", input.Shape.Select(d => d < 0 ? "any" : $"{d}")), input.IsFloat ? "floats" : input.IsInteger ? "64-bit integers" : "elements that cannot be passed,");
        throw new OnnxException($"'{_path}': the input '{input.Name}' takes {elements} [{wanted}], not {count} numbers as [{string.Join(", ", shape.ToArray())}].");
    }

    private (float[] Values, long[] Shape) Copy(nint value)
    {
        nint info;
        Check(_api.TensorShape(value, &info));
        try
        {
            var shape = ShapeOf(info);
            var count = shape.Aggregate(1L, (product, d) => checked(product * d));
            if (count > LargestTensor) throw new OnnxException($"'{_path}': an output has {count} numbers; at most {LargestTensor} are taken.");
            void* data;
            Check(_api.TensorData(value, &data));
            return (new ReadOnlySpan<float>(data, (int)count).ToArray(), shape);
        }
        finally
        {
            _api.ReleaseTensorInfo(info);
        }
    }

    private OnnxTensorInfo Describe(nuint index, bool input)
    {
        nint type = 0, tensor = 0, allocator = 0;
        var session = _session.DangerousGetHandle();
        try
        {
            Check(_api.DefaultAllocator(&allocator));
            byte* text;
            Check(input ? _api.InputName(session, index, allocator, &text) : _api.OutputName(session, index, allocator, &text));
            var name = Marshal.PtrToStringUTF8((nint)text) ?? "";
            Check(_api.Free(allocator, text));
            Check(input ? _api.InputTypeInfo(session, index, &type) : _api.OutputTypeInfo(session, index, &type));
            // null where it is no tensor; belongs to the type
            Check(_api.CastToTensorInfo(type, &tensor));
            if (tensor == 0) return new OnnxTensorInfo(name, [], IsFloat: false);
            int element;
            Check(_api.ElementType(tensor, &element));
            return new OnnxTensorInfo(name, ShapeOf(tensor), element == Float, element == Int64);
        }
        finally
        {
            if (type != 0) _api.ReleaseTypeInfo(type);
        }
    }

    private long[] ShapeOf(nint tensorInfo)
    {
        nuint count;
        Check(_api.DimensionCount(tensorInfo, &count));
        var shape = new long[count];
        fixed (long* dimensions = shape) Check(_api.Dimensions(tensorInfo, dimensions, count));
        return shape;
    }

    private void Check(nint status) => _api.Check(status, $"'{_path}'");
}
