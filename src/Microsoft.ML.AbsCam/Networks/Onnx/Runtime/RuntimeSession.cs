using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using TensorElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Runtime;

/// <summary>A session of ONNX Runtime that reads from tensors and writes into tensors, without copies. Nothing else touches its types.</summary>
internal sealed class RuntimeSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly string[] _inputs;

    private RuntimeSession(InferenceSession session, string[] inputs)
    {
        _session = session;
        _inputs = inputs;
    }

    /// <summary>Why no CUDA device can be had of ONNX Runtime, before one is tried; null where one may be.</summary>
    public static string? WhyNoCuda
    {
        get
        {
            try
            {
                return OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider") ? null : "the ONNX Runtime of this program is built for the CPU alone";
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Its native library is missing, or of another version.
                return e.GetBaseException().Message.Split('\n')[0].TrimEnd('.');
            }
        }
    }

    /// <param name="model">A model file.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="threads">How many threads one operator may use.</param>
    /// <param name="cuda">The CUDA device that computes; null for the CPU.</param>
    public static RuntimeSession Open(byte[] model, string[] inputs, int threads, int? cuda = null)
    {
        using var options = new SessionOptions
        {
            // Its own default holds each thread to a core. Otherwise the system may wake a worker on the core of the thread that runs, and leave it waiting there.
            IntraOpNumThreads = threads == Environment.ProcessorCount ? 0 : threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,

            // Faults come as exceptions, and standard error is the program's.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };

        // Between runs TorchSharp works on the same cores, and threads that wait by spinning would take them.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        if (cuda is int device)
        {
            // Without the short form of float32, which would differ from the CPU in the fourth digit.
            using var provider = new OrtCUDAProviderOptions();
            provider.UpdateOptions(new Dictionary<string, string> { ["device_id"] = device.ToString(CultureInfo.InvariantCulture), ["use_tf32"] = "0" });
            options.AppendExecutionProvider_CUDA(provider);
        }

        return new RuntimeSession(new InferenceSession(model, options), inputs);
    }

    /// <param name="inputs">The inputs in the order of their names, contiguous; the first holds the images.</param>
    /// <param name="names">The names of the outputs.</param>
    /// <param name="outputs">Where they go, contiguous, with their types and shapes.</param>
    /// <exception cref="NetworkLoadException">The run failed.</exception>
    public void Run(IReadOnlyCollection<Tensor> inputs, IReadOnlyCollection<string> names, IReadOnlyCollection<Tensor> outputs)
    {
        OrtValue[] given = [.. inputs.Select(Over)];
        OrtValue[] results = [.. outputs.Select(Over)];
        try
        {
            _session.Run(_options, _inputs, given, names, results);
        }
        catch (OnnxRuntimeException e)
        {
            throw new NetworkLoadException($"ONNX Runtime failed on a batch of {inputs.First().shape[0]} images: {e.Message.Split('\n')[0]}. Set AbsCamOptions.Engine to {nameof(NetworkEngine.TorchSharp)}.", e);
        }
        finally
        {
            foreach (OrtValue value in given.Concat(results))
            {
                value.Dispose();
            }
        }
    }

    /// <summary>The same from arrays and into arrays, without TorchSharp.</summary>
    /// <param name="inputs">Their values and shapes, in the order of their names; the first holds the images.</param>
    /// <param name="names">The names of the outputs.</param>
    /// <returns>Their values, real numbers as <see cref="float"/> and whole ones as <see cref="long"/>, and their shapes.</returns>
    /// <exception cref="NetworkLoadException">The run failed, or an output holds something else.</exception>
    public (Array Values, long[] Shape)[] Run(IReadOnlyList<(Array Values, long[] Shape)> inputs, IReadOnlyCollection<string> names)
        => Run([.. inputs.Select(input => Over(input.Values, input.Shape))], names, inputs[0].Shape[0]);

    /// <summary>The same from tensors, for outputs whose shapes are not known.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{ValueTuple{Array, long[]}}, IReadOnlyCollection{string})"/>
    public (Array Values, long[] Shape)[] Run(IReadOnlyCollection<Tensor> inputs, IReadOnlyCollection<string> names)
        => Run([.. inputs.Select(Over)], names, inputs.First().shape[0]);

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    private (Array Values, long[] Shape)[] Run(OrtValue[] given, IReadOnlyCollection<string> names, long rows)
    {
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(_options, _inputs, given, names);
            return [.. results.Select(Read)];
        }
        catch (OnnxRuntimeException e)
        {
            throw new NetworkLoadException($"ONNX Runtime failed on a batch of {rows} images: {e.Message.Split('\n')[0]}", e);
        }
        finally
        {
            foreach (OrtValue value in given)
            {
                value.Dispose();
            }
        }
    }

    private static unsafe OrtValue Over(Tensor tensor)
    {
        Span<byte> bytes = tensor.bytes;
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, (TensorElementType)ElementTypes.InFile(tensor.dtype), tensor.shape, (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)), bytes.Length);
    }

    // By the type of the elements: an array of signed numbers passes for one of unsigned ones.
    private static OrtValue Over(Array values, long[] shape) => Type.GetTypeCode(values.GetType().GetElementType()) switch
    {
        TypeCode.Single => Over<float>(values, shape),
        TypeCode.Double => Over<double>(values, shape),
        TypeCode.Byte => Over<byte>(values, shape),
        TypeCode.SByte => Over<sbyte>(values, shape),
        TypeCode.Int16 => Over<short>(values, shape),
        TypeCode.UInt16 => Over<ushort>(values, shape),
        TypeCode.Int32 => Over<int>(values, shape),
        TypeCode.UInt32 => Over<uint>(values, shape),
        TypeCode.Int64 => Over<long>(values, shape),
        TypeCode.UInt64 => Over<ulong>(values, shape),
        var other => throw new ArgumentException($"ONNX Runtime takes no {other}.", nameof(values)),
    };

    private static OrtValue Over<T>(Array values, long[] shape)
        where T : unmanaged
        => OrtValue.CreateTensorValueFromMemory((T[])values, shape);

    private static (Array Values, long[] Shape) Read(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        Array values = info.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Double => Array.ConvertAll(value.GetTensorDataAsSpan<double>().ToArray(), number => (float)number),
            TensorElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
            var other => throw new NetworkLoadException($"ONNX Runtime gives values of the type {other}, and real numbers or 64-bit whole ones are expected."),
        };
        return (values, info.Shape);
    }
}
