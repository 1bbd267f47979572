using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Questions;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>Of a baked file whose maps are not this library's: the operator where ONNX Runtime and TorchSharp part, in words. It is looked for only then, as it takes all values of the network at once.</summary>
/// <param name="imported">The network.</param>
/// <param name="file">The baked file.</param>
/// <param name="adjoints">What was written of its gradient.</param>
internal sealed class FaultPlace(OnnxNetwork imported, byte[] file, IReadOnlyList<WrittenAdjoint> adjoints)
{
    /// <param name="names">The file's inputs.</param>
    /// <param name="inputs">What they were given; the images are the first.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="asks">What the rows ask for.</param>
    /// <returns>A sentence or two with the remedy.</returns>
    public string Find(string[] names, Tensor[] inputs, Question question, RowAsks asks)
    {
        try
        {
            using DisposeScope scope = NewDisposeScope();
            return Text(imported.FirstDifference(inputs[0], wanted => Values(wanted, names, inputs), adjoints, Asked));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"Which operator it is cannot be said ({e.GetBaseException().Message.Split('\n')[0].TrimEnd('.')}). Choose another layer, or explain with the model itself.";
        }

        Tensor Asked(Tensor outputs)
        {
            using var batch = new AskedBatch(question, outputs.detach(), asks, () => outputs.detach().narrow(0, 0, 1));
            return batch.Logits(outputs);
        }
    }

    private static string Text(NodeDifference? found)
    {
        string share = string.Create(CultureInfo.InvariantCulture, $"by a share of {found?.Share:G2}");
        return found switch
        {
            { IsFault: true, IsGradient: false, Node: OnnxNode node } => $"ONNX Runtime and TorchSharp part at the node '{node.Name}' ({node.Operator}), whose values differ {share} though both are given the same. Export the model with another operator in its place, take outputs before it (--scores-output), or explain with the model itself.",
            { IsFault: true, Node: OnnxNode node } => $"They part at the gradient of the node '{node.Name}' ({node.Operator}), which differs {share} though both are given the same. Choose a layer behind it, a method without gradients ('{SaliencyMethod.ScoreCam}'), or explain with the model itself.",
            { IsFault: true } => $"They part at the gradient of what is asked with respect to the scores, which differs {share}. Ask about a class, or explain with the model itself.",
            { Node: OnnxNode node } => $"Each operator by itself agrees (the node '{node.Name}', {node.Operator}, differs most, {share}), so rounding adds up on the way, or ONNX Runtime joins operators into one that means something else. Choose another layer or method, or explain with the model itself.",
            _ => "Each operator by itself agrees. Choose another layer or method, or explain with the model itself.",
        };
    }

    private Dictionary<string, Tensor> Values(IReadOnlyList<string> wanted, string[] names, Tensor[] inputs)
    {
        GraphProto graph = ModelProto.Parser.ParseFrom(file).Graph;
        HashSet<string> made = [.. graph.Node.SelectMany(node => node.Output)];
        string[] known = [.. wanted.Where(made.Contains).Distinct()];

        // Messages that follow each other are one message of the fields of both.
        var more = new GraphProto();
        more.Output.AddRange(known.Except(graph.Output.Select(output => output.Name)).Select(name => new ValueInfoProto { Name = name }));
        using RuntimeSession session = RuntimeSession.Open([.. file, .. new ModelProto { Graph = more }.ToByteArray()], names, get_num_threads());
        (Array Values, long[] Shape)[] found = session.Run(inputs, known);
        return known.Zip(found).Where(pair => pair.Second.Values is float[]).ToDictionary(pair => pair.First, pair => TensorData.FromFloats((float[])pair.Second.Values, pair.Second.Shape));
    }
}
