using Microsoft.ML.AbsCam.Onnx.Axes;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Maps read at places that other numbers tell.</summary>
internal static class SamplingOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Of("GridSample", 2, 2, node => new GridSampling(node).Sample) with
        {
            Axes = AxisRules.Sampled,
            Bound = node => new GridSampling(node).Bound,
            Field = FieldRules.Unknown,
            Slow = node => new GridSampling(node).Slow,
        },
    ];
}
