using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>The model file in ONNX Runtime as it comes: its own settings, one batch in memory, all outputs.</summary>
internal sealed class BareRuntime : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtValue _input;

    public BareRuntime(string file, Tensor images)
        : this(new InferenceSession(file), images.data<float>().ToArray(), images.shape)
    {
    }

    private BareRuntime(InferenceSession session, float[] images, long[] shape)
    {
        _session = session;
        _input = OrtValue.CreateTensorValueFromMemory(images, shape);
    }

    /// <summary>Without libtorch: images of noise in the size that the file says.</summary>
    public static BareRuntime OfNoise(string file, int rows)
    {
        var session = new InferenceSession(file);
        long[] shape = [rows, .. session.InputMetadata[session.InputNames[0]].Dimensions[1..].Select(size => (long)size)];
        return new BareRuntime(session, Noise(shape), shape);
    }

    public static float[] Noise(long[] shape)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2))];
    }

    public void Run()
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(_options, [_session.InputNames[0]], [_input], _session.OutputNames);
    }

    public void Dispose()
    {
        _input.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}
