using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx.Format;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>A model file as read: its graph and the operator set that it asks for.</summary>
internal sealed record OnnxFile(GraphProto Graph, long Opset, IReadOnlyList<string> Functions)
{
    public const long OldestOpset = 7;
    public const long NewestOpset = 21;

    public static OnnxFile Parse(ReadOnlyMemory<byte> bytes, string source)
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
            throw new NetworkLoadException($"{source}: this is not an ONNX model, or the file is cut short ({e.Message.TrimEnd('.')}); expected a file that an ONNX exporter wrote.", e);
        }

        if (model.Graph is null || model.Graph.Node.Count == 0)
        {
            throw new NetworkLoadException($"{source}: the file holds no network (no graph with nodes); expected an ONNX model.");
        }

        if (model.Graph.SparseInitializer.Count > 0)
        {
            throw new NetworkLoadException($"{source}: the network has sparse weights, which are not supported; export it with dense weights.");
        }

        return new OnnxFile(model.Graph, StandardOpset(model, source), [.. model.Functions.Select(function => function.Name)]);
    }

    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

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
