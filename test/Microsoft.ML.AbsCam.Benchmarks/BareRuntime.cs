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
    {
        _session = new InferenceSession(file);
        _input = OrtValue.CreateTensorValueFromMemory(images.data<float>().ToArray(), images.shape);
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
