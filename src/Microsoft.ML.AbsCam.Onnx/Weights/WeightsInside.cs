using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Tensors;

namespace Microsoft.ML.AbsCam.Onnx.Weights;

/// <summary>Brings the weights of other files into a model, so that it can be kept in one piece.</summary>
internal static class WeightsInside
{
    /// <returns>The model with all weights inside; the bytes as they are where there are no others.</returns>
    /// <param name="bytes">The file's content.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="folder">The folder in which weights outside the file may lie; null where there is none.</param>
    /// <exception cref="NetworkLoadException">A weight cannot be read, or all of them are more than a file can hold.</exception>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> bytes, string source, string? folder)
    {
        ModelProto model = OnnxFile.Read(bytes, source);
        TensorProto[] outside = [.. Tensors(model.Graph).Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External)];
        long[] sizes = [.. outside.Select(tensor => ElementTypes.BytesInFile(tensor.DataType) * (TensorSizes.Count(tensor.Dims)
            ?? throw new NetworkLoadException($"{source}: the weight '{tensor.Name}' has the shape {TensorSizes.Text(tensor.Dims)}, which is negative or too large; the file is damaged.")))];
        if (bytes.Length + sizes.Sum() > Array.MaxLength)
        {
            throw new NetworkLoadException($"{source}: with the weights of the files beside it the network takes {bytes.Length + sizes.Sum()} bytes, more than an ONNX file can hold; it can be run, but not saved inside a pipeline.");
        }

        ExternalData data = new(source, folder);
        for (int i = 0; i < outside.Length; i++)
        {
            outside[i].RawData = UnsafeByteOperations.UnsafeWrap(data.Read(outside[i], $"the weight '{outside[i].Name}'", sizes[i]));
            outside[i].ExternalData.Clear();
            outside[i].DataLocation = TensorProto.Types.DataLocation.Default;
        }

        return outside.Length == 0 ? bytes : model.ToByteArray();
    }

    private static IEnumerable<TensorProto> Tensors(GraphProto graph)
    {
        AttributeProto[] attributes = [.. graph.Node.SelectMany(node => node.Attribute)];
        return graph.Initializer.Concat(attributes.Select(attribute => attribute.T).OfType<TensorProto>()).Concat(attributes.Select(attribute => attribute.G).OfType<GraphProto>().SelectMany(Tensors));
    }
}
