using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Tensors;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Layers that go along a sequence and remember.</summary>
internal static class RecurrentOperators
{
    /// <summary>A step of one direction: a dozen small operations, as long as this many multiply-adds.</summary>
    private const double CostOfStep = 2_000_000;

    public static IEnumerable<OperatorDefinition> All => [Layer("RNN", 1, 6), Layer("GRU", 3, 6), Layer("LSTM", 4, 8)];

    private static OperatorDefinition Layer(string name, int gates, int mostInputs) =>
        new(name, 3, mostInputs, (node, _) => new RecurrentLayer(node, gates).Run)
        {
            Axes = AxisRules.Recurrent,
            Bound = node => new RecurrentLayer(node, gates).Bound,
            Field = FieldRules.Unknown,
            Learnt = new LearntInputs([1, 2], Bias: 3),
            Slow = node => x => CostOfStep * x[0].shape[node.Attributes.Flag("layout") ? 1 : 0] * x[1].shape[0],

            // Every number of both matrices once for each step of each sequence.
            Work = (_, inputs, _) => TensorSizes.Product(inputs[0].AsSpan(0, 2)) * (TensorSizes.Product(inputs[1]) + TensorSizes.Product(inputs[2])),
        };
}
