using Microsoft.ML.AbsCam.Onnx.Files;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Modules;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx;

/// <summary>
/// An ONNX file as a TorchSharp module: it can be run, differentiated, moved to a device, fine-tuned, and saved as a state dict.
/// </summary>
/// <remarks>
/// <para>
/// The weights, scales and biases of layers and norms are parameters; other tensors of more than one real number, such as the running statistics of a batch
/// norm, are buffers. Both have the names that the file gives them. What is computed from weights alone is computed once, at import, and
/// registered under the name of what comes out. Whole numbers and single numbers belong to the graph and are not registered.
/// </para>
/// <para>
/// <c>train</c> and <c>eval</c> compute the same: batch norms keep the statistics of the file, and dropout hands its input on. That is right for
/// small batches and new last layers; a network that is to learn its statistics anew is built from TorchSharp's own layers.
/// </para>
/// <para>Several threads may run one module at once, as long as none of them trains, loads or moves it.</para>
/// </remarks>
public sealed class OnnxModule : nn.Module<Tensor, Tensor>
{
    private readonly OnnxGraph _graph;
    private readonly ExecutionPlan _plan;
    private readonly ExecutionPlan _whole;
    private readonly ModuleInputs _inputs;
    private readonly Dictionary<string, int> _registered = new(StringComparer.Ordinal);
    private bool _isDisposed;

    private OnnxModule(OnnxGraph graph, ModuleWeights weights)
        : base(nameof(OnnxModule))
    {
        _graph = graph;
        _inputs = new ModuleInputs(graph);
        Inputs = [.. graph.Inputs.Select(input => input.Name)];
        Outputs = [.. graph.Outputs];
        int[] given = [.. Inputs.Select(graph.SlotOf)];
        _plan = ExecutionPlan.For(graph, [graph.SlotOf(Outputs[0])], given);
        _whole = ExecutionPlan.For(graph, [.. Outputs.Select(graph.SlotOf)], given);
        foreach (int slot in weights.Learnt)
        {
            Parameter parameter = new(weights.Own(slot));
            register_parameter(Registered(slot), parameter);
            graph.Replace(slot, parameter);
        }

        foreach (int slot in weights.Kept)
        {
            Tensor buffer = weights.Own(slot);
            register_buffer(Registered(slot), buffer);
            graph.Replace(slot, buffer);
        }
    }

    /// <summary>The names of what goes in, in the file's order.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>The names of what comes out, in the file's order; <see cref="forward"/> returns the first.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>Loads an ONNX file.</summary>
    /// <param name="file">Its path. Weights in other files are read from its folder.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="NetworkLoadException">It is no ONNX file, cannot be read or imported, or costs more than the limits; the message names what is
    /// wrong and what to do.</exception>
    /// <exception cref="LibTorchNotFoundException">The application has no libtorch.</exception>
    public static OnnxModule Load(string file, OnnxModuleOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string name = Path.GetFileName(file);
        try
        {
            using FileStream stream = RegularFile.OpenRead(file);
            byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)Math.Min(stream.Length, Array.MaxLength)));
            stream.ReadExactly(bytes);
            return Load(bytes, name, (options ?? new()) with { Folder = options?.Folder ?? Path.GetDirectoryName(Path.GetFullPath(file)) });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NetworkLoadException($"{name}: the file cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <summary>Loads an ONNX model from a stream, which is read to its end and stays open.</summary>
    /// <param name="stream">The model.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="NetworkLoadException">As for a file.</exception>
    /// <exception cref="LibTorchNotFoundException">The application has no libtorch.</exception>
    public static OnnxModule Load(Stream stream, OnnxModuleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Load(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), "the stream", options ?? new());
    }

    /// <summary>Loads an ONNX model from memory, which is not needed afterwards.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="NetworkLoadException">As for a file.</exception>
    /// <exception cref="LibTorchNotFoundException">The application has no libtorch.</exception>
    public static OnnxModule Load(ReadOnlyMemory<byte> bytes, OnnxModuleOptions? options = null) => Load(bytes, "the model", options ?? new());

    /// <summary>Computes the first of <see cref="Outputs"/>. Gradients reach the input and all parameters, where they are asked for.</summary>
    /// <param name="input">The one input, in the shape and type that the file states; where it leaves the batch open, any number of rows. Real numbers
    /// come in the type of the parameters.</param>
    /// <returns>The output, which the caller owns.</returns>
    /// <exception cref="ArgumentException">The input does not fit, or the network has several.</exception>
    /// <exception cref="NetworkLoadException">A node cannot compute what it is given.</exception>
    public override Tensor forward(Tensor input) => Compute(_plan, _inputs.Only(input), [Outputs[0]])[0];

    /// <summary>Computes all outputs.</summary>
    /// <param name="input">As for <see cref="forward"/>.</param>
    /// <returns>The outputs by name, which the caller owns.</returns>
    /// <exception cref="ArgumentException">The input does not fit, or the network has several.</exception>
    /// <exception cref="NetworkLoadException">A node cannot compute what it is given.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(Tensor input) => Run(_inputs.Only(input));

    /// <summary>Computes all outputs of a network with any number of inputs.</summary>
    /// <param name="inputs">The inputs by name.</param>
    /// <returns>The outputs by name, which the caller owns.</returns>
    /// <exception cref="ArgumentException">An input is missing, unknown, or does not fit.</exception>
    /// <exception cref="NetworkLoadException">A node cannot compute what it is given.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Outputs.Zip(Compute(_whole, inputs, Outputs)).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Writes the network with its present weights as an ONNX file, for ONNX Runtime and whatever else reads it.</summary>
    /// <param name="stream">Takes the file; it stays open.</param>
    /// <exception cref="NotSupportedException">The weights take more than 2 GB, or are of half width: move the module to <see cref="ScalarType.Float32"/>
    /// first.</exception>
    public void ExportOnnx(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (_graph.Constants.Values.Any(constant => constant.dtype is ScalarType.Float16 or ScalarType.BFloat16))
        {
            throw new NotSupportedException($"{_graph.Source}: numbers of half width are not written; move the module to ScalarType.Float32 first.");
        }

        stream.Write(GraphWriter.Write(_graph, [.. _graph.Inputs.Select(_inputs.Stated)], [.. Outputs.Select(_graph.SlotOf)]));
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        // TorchSharp's own looks for members of this class that have a parameter's name.
        foreach ((string name, Parameter parameter) in named_parameters(recurse: false).ToArray())
        {
            if (ReplaceParameter(dtype, device, parameter, out Parameter? moved))
            {
                _graph.Replace(_registered[name], moved!);
                ConditionallyRegisterParameter(name, moved);
                parameter.Dispose();
            }
        }

        foreach ((string name, Tensor buffer) in named_buffers(recurse: false).ToArray())
        {
            if (ReplaceBuffer(dtype, device, buffer, out Tensor? moved))
            {
                _graph.Replace(_registered[name], moved!);
                ConditionallyRegisterBuffer(name, moved);
            }
        }

        _graph.To(device, dtype, except: _registered.Values);
        _inputs.ConvertedTo(dtype);
        if (device is not null)
        {
            (_deviceType, _deviceIndex) = (device.type, device.index);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        base.Dispose(disposing);
        if (disposing)
        {
            _graph.Dispose();
        }
    }

    private static OnnxModule Load(ReadOnlyMemory<byte> bytes, string name, OnnxModuleOptions options)
    {
        LibTorch.Require();
        ModuleWeights weights = ModuleImport.Load(bytes, name, options);
        try
        {
            return new OnnxModule(weights.Graph, weights);
        }
        catch
        {
            weights.Graph.Dispose();
            throw;
        }
    }

    private string Registered(int slot)
    {
        string name = _graph.NameOf(slot);
        _registered.Add(name, slot);
        return name;
    }

    private Tensor[] Compute(ExecutionPlan plan, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string> outputs)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using DisposeScope scope = NewDisposeScope();
        Tensor?[] values = _graph.NewValues();
        _inputs.Fill(values, inputs);
        plan.Run(values);

        // A handle of its own, since an output may be a weight or an input as it is.
        Tensor[] results = [.. outputs.Select(output => values[_graph.SlotOf(output)]!.alias())];
        scope.MoveToOuter(results.ToArray<IDisposable>());
        return results;
    }
}
