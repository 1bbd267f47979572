namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>Another way to write a network, after which layer, probabilities and maps have to be the same.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Apply">Rewrites a family's file; false where there is nothing to rewrite.</param>
/// <param name="Reference">What it is compared with, where something is put in that the family does not have: the same in its plainest spelling.</param>
internal sealed record Transformation(string Name, Func<Rewriting, bool> Apply, Func<Rewriting, bool>? Reference = null)
{
    public static IReadOnlyList<Transformation> All { get; } =
    [
        .. NormTransformations.All, .. LayoutTransformations.All, .. InputTransformations.All, .. RoundTripTransformations.All,
        .. PoolingTransformations.All, .. EndTransformations.All, .. NumberTransformations.All,
    ];
}
