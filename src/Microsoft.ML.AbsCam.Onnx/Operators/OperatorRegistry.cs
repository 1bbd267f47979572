using System.Collections.Frozen;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Weights;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>The operators that an imported network may use.</summary>
internal static class OperatorRegistry
{
    private static readonly FrozenDictionary<string, OperatorDefinition> Definitions =
        new IEnumerable<OperatorDefinition>[]
        {
            ArithmeticOperators.All, BitOperators.All, LogicOperators.All, ActivationOperators.All, SoftmaxOperators.All, ConvolutionOperators.All,
            PoolingOperators.All, NormalizationOperators.All, MatrixOperators.All, ReductionOperators.All, ShapeOperators.All,
            JoinOperators.All, SelectionOperators.All, ConstantOperators.All, ResizeOperators.All, QuantizationOperators.All,
            ScatterOperators.All, SamplingOperators.All, DataSizedOperators.All, RecurrentOperators.All, AttentionOperators.All,
        }
        .SelectMany(group => group)
        .ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);

    private static readonly FrozenSet<string> ControlFlow = FrozenSet.Create(StringComparer.Ordinal, "If", "Loop", "Scan");

    public static IEnumerable<string> Names => Definitions.Keys;

    /// <summary>A node of the file, where its operator is one of these and is used as the format says.</summary>
    public static OnnxNode Accept(NodeProto proto, OnnxFile file, string source)
    {
        OnnxNode node = new(proto, source, file.Opset);
        if (!OnnxFile.IsStandard(proto.Domain))
        {
            throw node.Error(file.Functions.Contains(proto.OpType)
                ? $"it calls a function that the file defines itself (domain '{proto.Domain}'); inline the model's functions before the import."
                : $"the operator belongs to the domain '{proto.Domain}'; only standard ONNX operators are supported, export the model without optimisations for another runtime.");
        }

        if (ControlFlow.Contains(node.Operator))
        {
            throw node.Error(node.Operator == "If"
                ? "control flow whose condition depends on the image is not supported; only an If that asks for shapes is. Take the question out of the model's forward pass, or use it as a TorchSharp module."
                : "control flow (Loop, Scan) is not supported; write the loop with a fixed number of turns in the model's code and export it by tracing, which repeats its body, or use the model as a TorchSharp module.");
        }

        if (!Definitions.TryGetValue(node.Operator, out OperatorDefinition? definition))
        {
            string hint = node.Operator switch
            {
                _ when node.Operator.Contains("Sequence", StringComparison.Ordinal) => " Sequences are not supported.",
                _ when node.Operator.StartsWith("QLinear", StringComparison.Ordinal) || node.Operator.EndsWith("Integer", StringComparison.Ordinal) =>
                    " Quantise in the QDQ format (QuantizeLinear and DequantizeLinear around real operators), or use the real network.",
                _ => Misspelt(node.Operator),
            };
            throw node.Error($"the operator is not supported.{hint} Simplify the model before the import (constant folding often removes such nodes), or use the network as a TorchSharp module.");
        }

        if (node.Operator == BitOperators.Not && WideUnsigned.Has(file.Graph))
        {
            throw node.Error("the file has unsigned integers of more than 8 bits, which are held in wider signed ones, and their bits would not be turned rightly; use signed ones, or uint8.");
        }

        if (node.Inputs.Length < definition.LeastInputs || node.Inputs.Length > definition.MostInputs)
        {
            throw node.Error($"it has {node.Inputs.Length} inputs; expected {(definition.LeastInputs == definition.MostInputs ? $"{definition.LeastInputs}" : $"{definition.LeastInputs} to {definition.MostInputs}")}.");
        }

        for (int i = 0; i < definition.LeastInputs; i++)
        {
            if (!node.HasInput(i))
            {
                throw node.Error($"its input {i} is left out, but is not optional.");
            }
        }

        return node.Outputs.Any(output => output.Length > 0) ? node : throw node.Error("it has no output; the file is damaged.");
    }

    // Only what can be nothing but a slip: the format's own operators have names that are alike and mean other things.
    private static string Misspelt(string name)
    {
        string nearest = Names.Order(StringComparer.Ordinal).MinBy(known => NearNames.Distance(name, known))!;
        return !UnreadOperators.Names.Contains(name) && NearNames.Distance(name, nearest) <= (name.Length > 3 ? 1 : 0) ? $" Did you mean '{nearest}'?" : "";
    }

    /// <summary>What is told of an operator; null where it is none of these.</summary>
    public static OperatorDefinition? Find(string name) => Definitions.GetValueOrDefault(name);

    public static Kernel Build(OnnxNode node, TensorReader reader) => Definitions[node.Operator].Build(node, reader);

    public static NodeSizes SizesOf(OnnxNode node) => new(node, Definitions[node.Operator]);
}
