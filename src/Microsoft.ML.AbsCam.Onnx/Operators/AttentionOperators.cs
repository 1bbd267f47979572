using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Tensors;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>What transformers are made of, where exporters do not spell it out.</summary>
internal static class AttentionOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        new OperatorDefinition("Attention", 3, 7, (node, _) => new AttentionLayer(node).Run)
        {
            Axes = AxisRules.Attended,
            Bound = node => new AttentionLayer(node).Bound,
            Field = FieldRules.Unknown,
            Slow = node => new AttentionLayer(node).Slow,

            // Each number of a query with one of every key, and as often each weight with a value.
            Work = (_, inputs, _) => 2 * TensorSizes.Product(inputs[0]) * inputs[1][^2],
        },
        OperatorDefinition.Of("RotaryEmbedding", 3, 4, RotaryPositions.Build) with { Axes = AxisRules.Same, Bound = Bounds.First },
    ];
}
