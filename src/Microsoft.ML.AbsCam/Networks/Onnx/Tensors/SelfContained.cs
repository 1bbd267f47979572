using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx.Format;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Tensors;

/// <summary>Brings weights that lie beside a model file into it: a saved pipeline carries one file, to where the others are not.</summary>
internal static class SelfContained
{
    /// <returns>The bytes themselves, where no weight lies outside.</returns>
    /// <exception cref="NetworkLoadException">A weight outside cannot be read.</exception>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> bytes, string source, string? folder)
    {
        // Every weight outside has an entry of this name.
        if (bytes.Span.IndexOf("location"u8) < 0)
        {
            return bytes;
        }

        var external = new ExternalData(source, folder);
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            // Whoever reads it is told what is wrong with it.
            return bytes;
        }

        TensorProto[] outside = [.. Tensors(model.Graph ?? new GraphProto()).Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External)];
        foreach (TensorProto tensor in outside)
        {
            string name = $"the weight '{tensor.Name}'";
            long count = TensorSizes.Count(tensor.Dims) ?? throw new NetworkLoadException($"{source}: {name} has the impossible shape {TensorSizes.Text(tensor.Dims)}.");
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(external.Read(tensor, name, count * ElementTypes.BytesInFile(tensor.DataType)));
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
            tensor.ExternalData.Clear();
        }

        return outside.Length == 0 ? bytes : model.ToByteArray();
    }

    private static IEnumerable<TensorProto> Tensors(GraphProto graph)
    {
        AttributeProto[] attributes = [.. graph.Node.SelectMany(node => node.Attribute)];
        return graph.Initializer
            .Concat(attributes.Select(attribute => attribute.T).OfType<TensorProto>())
            .Concat(attributes.Select(attribute => attribute.G).OfType<GraphProto>().SelectMany(Tensors));
    }
}
