using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx.Format;
using Microsoft.ML.AbsCam.Networks.Onnx.Tensors;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>A model file as read: its graph and the operator set that it asks for.</summary>
internal sealed record OnnxFile(GraphProto Graph, long Opset, IReadOnlyList<string> Functions)
{
    public const long OldestOpset = 7;
    public const long NewestOpset = 23;

    public static OnnxFile Parse(ReadOnlyMemory<byte> bytes, string source)
    {
        ModelProto model = Read(bytes, source);
        if (model.Graph.SparseInitializer.Count > 0)
        {
            throw new NetworkLoadException($"{source}: the network has sparse weights, which are not supported; export it with dense weights.");
        }

        return new OnnxFile(model.Graph, StandardOpset(model, source), [.. model.Functions.Select(function => function.Name)]);
    }

    /// <summary>
    /// The same model with the weights of other files inside, so that it can be saved in one piece; the bytes as they are where
    /// there are no such weights.
    /// </summary>
    public static ReadOnlyMemory<byte> WithWeightsInside(ReadOnlyMemory<byte> bytes, string source, string? folder)
    {
        ModelProto model = Read(bytes, source);
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

    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    private static ModelProto Read(ReadOnlyMemory<byte> bytes, string source)
    {
        if (bytes.IsEmpty)
        {
            throw new NetworkLoadException($"{source}: the file is empty; expected an ONNX model.");
        }

        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new NetworkLoadException(
                ModelFileKinds.WhyNotOnnx(ModelFileKinds.Of(bytes)) is { } known
                    ? $"{source}: {known}"
                    : $"{source}: this is not an ONNX model, or the file is cut short ({e.Message.TrimEnd('.')}); expected a file that an ONNX exporter wrote.",
                e);
        }

        return model.Graph is { Node.Count: > 0 }
            ? model
            : throw new NetworkLoadException($"{source}: {ModelFileKinds.WhyNotOnnx(ModelFileKinds.Of(bytes)) ?? "the file holds no network (no graph with nodes); expected an ONNX model."}");
    }

    private static IEnumerable<TensorProto> Tensors(GraphProto graph)
    {
        AttributeProto[] attributes = [.. graph.Node.SelectMany(node => node.Attribute)];
        return graph.Initializer.Concat(attributes.Select(attribute => attribute.T).OfType<TensorProto>()).Concat(attributes.Select(attribute => attribute.G).OfType<GraphProto>().SelectMany(Tensors));
    }

    private static long StandardOpset(ModelProto model, string source)
    {
        OperatorSetIdProto? standard = model.OpsetImport.FirstOrDefault(set => IsStandard(set.Domain));
        string advice = $"export it with an operator set from {OldestOpset} to {NewestOpset}, for example opset_version=17.";
        return standard?.Version switch
        {
            null => throw new NetworkLoadException($"{source}: the file does not say which ONNX operator set it uses; {advice}"),
            >= OldestOpset and <= NewestOpset => standard.Version,
            _ => throw new NetworkLoadException($"{source}: the network uses ONNX operator set {standard.Version}; {advice}") { OpsetVersion = standard.Version, Domain = "" },
        };
    }
}
