using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>What ONNX Runtime says of a model with one float input and one float output.</summary>
internal static class OnnxRuntimeOracle
{
    public static (float[] Values, long[] Shape) Run(byte[] model, float[] input, long[] shape)
    {
        using SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1 };
        using InferenceSession session = new(model, options);
        string name = session.InputMetadata.Keys.Single();
        DenseTensor<float> tensor = new(input, [.. shape.Select(size => (int)size)]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor(name, tensor)]);
        Tensor<float> output = results[0].AsTensor<float>();
        return ([.. output], [.. output.Dimensions.ToArray().Select(size => (long)size)]);
    }
}
