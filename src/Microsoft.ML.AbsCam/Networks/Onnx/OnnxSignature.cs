using System.Text;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx.Format;
using Microsoft.ML.AbsCam.Networks.Onnx.Tensors;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>Reads the sizes that a model file states of its input and output, and nothing of its weights: a schema needs no more.</summary>
internal static class OnnxSignature
{
    /// <returns>What the file states; nothing where it states nothing or is no model, which its import then explains.</returns>
    public static KnownShape Read(ReadOnlySpan<byte> file)
    {
        try
        {
            (List<GraphInput> inputs, List<GraphInput> outputs) = Ends(file);
            (int? channels, int? height, int? width) = inputs is [GraphInput { Dimensions: { Length: 4 } sizes }] ? Image(sizes) : default;
            int? classes = outputs is [GraphInput { Dimensions: { Length: >= 2 } scores }] ? Classes(scores.AsSpan(1)) : null;
            return new KnownShape(channels, height, width, classes);
        }
        catch (Exception e) when (IsOfNoModel(e))
        {
            return default;
        }
    }

    /// <returns>The whole numbers that the file's one input takes; null for real numbers, or where it is no model.</returns>
    public static IntegerLevels? ReadLevels(ReadOnlySpan<byte> file)
    {
        try
        {
            return Ends(file).Inputs is [GraphInput only] ? ElementTypes.Levels(only.ElementType) : null;
        }
        catch (Exception e) when (IsOfNoModel(e))
        {
            return null;
        }
    }

    private static bool IsOfNoModel(Exception e) => e is InvalidDataException or InvalidProtocolBufferException or NetworkLoadException or OverflowException;

    private static (List<GraphInput> Inputs, List<GraphInput> Outputs) Ends(ReadOnlySpan<byte> file)
    {
        var inputs = new List<GraphInput>();
        var outputs = new List<GraphInput>();
        var weights = new HashSet<string>(StringComparer.Ordinal);
        var model = new WireFields(file);
        while (model.MoveNext())
        {
            if (model.Number == ModelProto.GraphFieldNumber)
            {
                ReadGraph(model.Content, inputs, outputs, weights);
            }
        }

        // Old files list their weights among the inputs.
        inputs.RemoveAll(input => weights.Contains(input.Name));
        return (inputs, outputs);
    }

    private static void ReadGraph(ReadOnlySpan<byte> message, List<GraphInput> inputs, List<GraphInput> outputs, HashSet<string> weights)
    {
        var graph = new WireFields(message);
        while (graph.MoveNext())
        {
            switch (graph.Number)
            {
                case GraphProto.InputFieldNumber:
                    inputs.Add(GraphInput.Of(ValueInfoProto.Parser.ParseFrom(graph.Content), ""));
                    break;
                case GraphProto.OutputFieldNumber:
                    outputs.Add(GraphInput.Of(ValueInfoProto.Parser.ParseFrom(graph.Content), ""));
                    break;
                case GraphProto.InitializerFieldNumber:
                    weights.Add(NameOf(graph.Content));
                    break;
            }
        }
    }

    private static string NameOf(ReadOnlySpan<byte> message)
    {
        var weight = new WireFields(message);
        while (weight.MoveNext())
        {
            if (weight.Number == TensorProto.NameFieldNumber)
            {
                return Encoding.UTF8.GetString(weight.Content);
            }
        }

        return "";
    }

    private static (int? Channels, int? Height, int? Width) Image(long?[] sizes)
    {
        static int? narrow(long? size) => size is long known ? checked((int)known) : null;
        return ImageInput.IsChannelsLast(sizes)
            ? (narrow(sizes[3]), narrow(sizes[1]), narrow(sizes[2]))
            : (narrow(sizes[1]), narrow(sizes[2]), narrow(sizes[3]));
    }

    // [batch, classes], whatever axes of size 1 stand around.
    private static int? Classes(ReadOnlySpan<long?> sizes)
    {
        int? classes = 1;
        foreach (long? size in sizes)
        {
            if (size is null || (size > 1 && classes > 1))
            {
                return null;
            }

            classes = Math.Max(classes.Value, checked((int)size.Value));
        }

        return classes;
    }
}
