using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

/// <summary>The value of a layer of one image as ONNX Runtime has it, in the network's own order, and slopes of the scores by differences: nothing of the import's.</summary>
/// <param name="Activation">The value.</param>
/// <param name="Gradient">The slope of one score along each of its numbers.</param>
internal sealed record RawLayer(float[] Activation, double[] Gradient)
{
    // Float32 scores of about 1 are exact to 1e-7; the third derivative's share is of the order of its square.
    private const float Step = 0.02f;

    public static RawLayer Of(byte[] model, string layer, float[] image, long[] shape, int target)
    {
        (float[] activation, int[] sizes) = Run(Before(model, layer), image, [.. shape.Select(size => (int)size)]);
        using InferenceSession tail = Session(Behind(model, layer, sizes.Length));
        double[] gradient = new double[activation.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (Score(i, Step) - Score(i, -Step)) / (2 * Step);
        }

        return new RawLayer(activation, gradient);

        double Score(int at, float by)
        {
            float[] moved = [.. activation];
            moved[at] += by;
            return Run(tail, moved, sizes).Values[target];
        }
    }

    /// <summary>The value alone, and its sizes.</summary>
    public static (float[] Values, int[] Shape) ValueOf(byte[] model, string layer, float[] image, long[] shape) => Run(Before(model, layer), image, [.. shape.Select(size => (int)size)]);

    private static (float[] Values, int[] Shape) Run(byte[] model, float[] input, int[] shape)
    {
        using InferenceSession session = Session(model);
        return Run(session, input, shape);
    }

    private static (float[] Values, int[] Shape) Run(InferenceSession session, float[] input, int[] shape)
    {
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(), new DenseTensor<float>(input, shape))]);
        Tensor<float> output = results[0].AsTensor<float>();
        return ([.. output], output.Dimensions.ToArray());
    }

    private static InferenceSession Session(byte[] model)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        return new InferenceSession(model, options);
    }

    // The layer is the only output.
    private static byte[] Before(byte[] model, string layer)
    {
        ModelProto cut = ModelProto.Parser.ParseFrom(model);
        cut.Graph.Output[0].Name = layer;
        return cut.ToByteArray();
    }

    // The layer is the only input, and only what depends on it is left.
    private static byte[] Behind(byte[] model, string layer, int rank)
    {
        ModelProto cut = ModelProto.Parser.ParseFrom(model);
        HashSet<string> needed = [cut.Graph.Output[0].Name];
        List<NodeProto> kept = [];
        foreach (NodeProto node in cut.Graph.Node.Reverse().Where(node => node.Output.Any(needed.Contains) && !node.Output.Contains(layer)))
        {
            kept.Insert(0, node);
            needed.UnionWith(node.Input.Where(name => name != layer));
        }

        cut.Graph.Node.Clear();
        cut.Graph.Node.Add(kept);
        ValueInfoProto input = cut.Graph.Input[0];
        input.Name = layer;
        input.Type.TensorType.Shape.Dim.Clear();
        input.Type.TensorType.Shape.Dim.AddRange(Enumerable.Range(0, rank).Select(axis => new TensorShapeProto.Types.Dimension { DimParam = $"size{axis}" }));
        return cut.ToByteArray();
    }
}
