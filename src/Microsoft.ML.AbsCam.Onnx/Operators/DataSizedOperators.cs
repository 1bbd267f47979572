using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>What gives as many numbers as its inputs' numbers say: read where weights and shapes settle that, so that no image changes it.</summary>
internal static class DataSizedOperators
{
    /// <summary>A number that is sorted among others, or copied one by one: as long as this many multiply-adds.</summary>
    private const double CostOfNumber = 10_000;

    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Unary("NonZero", x => (x.dim() == 0 ? x.reshape(1) : x).nonzero().t()) with { Settled = [0], Bound = Places },
        OperatorDefinition.Of("Compress", 2, 2, Compress) with { Settled = [1], Slow = _ => x => CostOfNumber * x[1].numel() },
        new OperatorDefinition("Unique", 1, 1, (node, _) => Unique(node)) { Settled = [0], Slow = _ => x => CostOfNumber * x[0].numel() },
    ];

    private static Func<KernelInputs, long[]?> Places(OnnxNode node) => x => [.. x[0].shape, Math.Max(x[0].dim(), 1)];

    private static Func<KernelInputs, Tensor> Compress(OnnxNode node)
    {
        bool alongAxis = node.Attributes.Has("axis");
        long axis = node.Attributes.Int("axis", 0);
        return x =>
        {
            Tensor from = alongAxis ? x[0] : x[0].flatten();
            int along = Operands.Axis(node, axis, from.dim());
            long[] kept = [.. x.Ints(1).Select((keeps, i) => (keeps, i)).Where(entry => entry.keeps != 0).Select(entry => (long)entry.i)];
            return kept.Length == 0 || kept[^1] < from.shape[along]
                ? from.index_select(along, HostValues.Of(kept).to(from.device))
                : throw node.Error($"its condition keeps number {kept[^1]} of an axis of {from.shape[along]}.");
        };
    }

    private static Kernel Unique(OnnxNode node)
    {
        bool alongAxis = node.Attributes.Has("axis");
        long axis = node.Attributes.Int("axis", 0);
        bool sorted = node.Attributes.Flag("sorted", otherwise: true);
        return x =>
        {
            Tensor from = alongAxis ? x[0] : x[0].flatten();
            int along = Operands.Axis(node, axis, from.dim());
            int count = (int)from.shape[along];
            Tensor table = from.transpose(0, along);
            DistinctLines lines = from.is_floating_point()
                ? DistinctLines.Of(HostValues.Doubles(table), count, sorted)
                : DistinctLines.Of(HostValues.Ints(table), count, sorted);
            return [from.index_select(along, HostValues.Of(lines.Firsts).to(from.device)), HostValues.Of(lines.Firsts), HostValues.Of(lines.Inverse), HostValues.Of(lines.Counts)];
        };
    }
}
