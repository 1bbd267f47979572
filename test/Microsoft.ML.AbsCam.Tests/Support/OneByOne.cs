using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Networks that give right scores for one image at a time alone.</summary>
internal static class OneByOne
{
    /// <summary>The same network, with what sets the scores of an image apart from those of the batch's first added to them: of one image, nothing.</summary>
    public static byte[] Of(byte[] model)
    {
        ModelProto changed = ModelProto.Parser.ParseFrom(model);
        string scores = changed.Graph.Output[0].Name;
        NodeProto last = changed.Graph.Node.Single(node => node.Output.Contains(scores));
        last.Output[last.Output.IndexOf(scores)] = "right";
        changed.Graph.Initializer.Add(new TensorProto { Name = "zeroth", DataType = 7, Dims = { 1 }, RawData = ByteString.CopyFrom(BitConverter.GetBytes(0L)) });
        changed.Graph.Node.Add(new NodeProto { OpType = "Gather", Input = { "right", "zeroth" }, Output = { "first" } });
        changed.Graph.Node.Add(new NodeProto { OpType = "Sub", Input = { "right", "first" }, Output = { "apart" } });
        changed.Graph.Node.Add(new NodeProto { OpType = "Add", Input = { "right", "apart" }, Output = { scores } });
        return changed.ToByteArray();
    }
}
