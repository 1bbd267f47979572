using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>The shapes of all values of a network, as ONNX Runtime has them for one image.</summary>
internal static class ValueShapes
{
    public static Dictionary<string, long[]> Of(byte[] file)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        long[] image = [1, .. model.Graph.Input[0].Type.TensorType.Shape.Dim.Skip(1).Select(size => size.DimValue)];
        model.Graph.Output.Clear();
        model.Graph.Output.AddRange(model.Graph.Node.SelectMany(node => node.Output).Select(name => new ValueInfoProto { Name = name }));
        using SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using InferenceSession session = new(model.ToByteArray(), options);
        DenseTensor<float> pixels = new([.. image.Select(size => (int)size)]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor(Rewriting.Image, pixels)]);
        Dictionary<string, long[]> shapes = results.Where(result => result.Value is Tensor<float>)
            .ToDictionary(result => result.Name, result => result.AsTensor<float>().Dimensions.ToArray().Select(size => (long)size).ToArray());
        shapes[Rewriting.Image] = image;
        return shapes;
    }
}
