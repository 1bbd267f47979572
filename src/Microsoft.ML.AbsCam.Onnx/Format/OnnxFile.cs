using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Files;

namespace Microsoft.ML.AbsCam.Onnx.Format;

/// <summary>A model file as read: its graph and the operator set that it asks for.</summary>
internal sealed record OnnxFile(GraphProto Graph, long Opset, IReadOnlyList<string> Functions)
{
    public const long OldestOpset = 7;
    public const long NewestOpset = 26;

    /// <param name="bytes">The file's content.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="advice">What to do with a file of another kind, in one sentence; null for what this library can say.</param>
    /// <exception cref="NetworkLoadException">It is no ONNX file, or one that cannot be read.</exception>
    public static OnnxFile Parse(ReadOnlyMemory<byte> bytes, string source, Func<ModelFileKind, string?>? advice = null)
    {
        ModelProto model = Read(bytes, source, advice);
        if (model.Graph.SparseInitializer.Count > 0)
        {
            throw new NetworkLoadException($"{source}: the network has sparse weights, which are not supported; export it with dense weights.");
        }

        return new OnnxFile(model.Graph, StandardOpset(model, source), [.. model.Functions.Select(function => function.Name)]);
    }

    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    /// <inheritdoc cref="Parse"/>
    public static ModelProto Read(ReadOnlyMemory<byte> bytes, string source, Func<ModelFileKind, string?>? advice = null)
    {
        advice ??= ModelFileKinds.WhyNotOnnx;
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
                advice(ModelFileKinds.Of(bytes)) is { } known
                    ? $"{source}: {known}"
                    : $"{source}: this is not an ONNX model, or the file is cut short ({e.Message.TrimEnd('.')}); expected a file that an ONNX exporter wrote.",
                e);
        }

        return model.Graph is { Node.Count: > 0 }
            ? model
            : throw new NetworkLoadException($"{source}: {advice(ModelFileKinds.Of(bytes)) ?? "the file holds no network (no graph with nodes); expected an ONNX model."}");
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
