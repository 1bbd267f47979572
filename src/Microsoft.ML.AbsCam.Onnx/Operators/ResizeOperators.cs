using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Maps enlarged or reduced.</summary>
internal static class ResizeOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Of("Resize", 1, 4, Resize).With(LinearAdjoints.Resize) with { Axes = AxisRules.Resize, Field = FieldRules.Resized },
        OperatorDefinition.Of("Upsample", 1, 2, Upsample).With(LinearAdjoints.Resize) with { Axes = AxisRules.Resize, Field = FieldRules.Resized },
    ];

    // Resize's predecessor: scales only, and no choice of coordinates.
    private static Func<KernelInputs, Tensor> Upsample(OnnxNode node)
    {
        Resampling resampling = Resampling.Plain(node);
        float[]? attribute = node.Attributes.Floats("scales");
        return x =>
        {
            double[] scales = attribute is not null ? [.. attribute.Select(scale => (double)scale)] : HostValues.Doubles(x[1]);
            return Scaled(node, resampling, x[0], Axes(x[0]), scales);
        };
    }

    private static Func<KernelInputs, Tensor> Resize(OnnxNode node)
    {
        if (node.Opset < 11)
        {
            Resampling plain = Resampling.Plain(node);
            return x => Scaled(node, plain, x[0], Axes(x[0]), HostValues.Doubles(x[1]));
        }

        Resampling resampling = Resampling.Of(node);
        string policy = node.Attributes.OneOf("keep_aspect_ratio_policy", "stretch", "stretch", "not_larger", "not_smaller");
        long[]? attribute = node.Attributes.Ints("axes");
        return x =>
        {
            int[] axes = attribute is null ? Axes(x[0]) : [.. attribute.Select(axis => Operands.Axis(node, axis, x[0].dim()))];
            double[] region = resampling.NeedsRegion && x.Optional(1) is Tensor roi ? HostValues.Doubles(roi) : [];
            double[] scales = x.Optional(2) is Tensor factors ? HostValues.Doubles(factors) : [];
            return scales.Length > 0
                ? Scaled(node, resampling, x[0], axes, scales, region)
                : Sized(node, resampling, x[0], axes, x.OptionalInts(3) ?? throw node.Error("neither scales nor sizes are given; the file is damaged."), policy, region);
        };
    }

    private static Tensor Scaled(OnnxNode node, Resampling resampling, Tensor x, int[] axes, double[] scales, double[]? region = null)
    {
        if (scales.Length != axes.Length || scales.Any(scale => !(scale > 0) || !double.IsFinite(scale)))
        {
            throw node.Error($"its scales are [{string.Join(", ", scales)}] for {axes.Length} axes; expected a positive number for each.");
        }

        double[] sizes = [.. axes.Select((axis, i) => Math.Floor(x.shape[axis] * scales[i]))];
        return Apply(node, resampling, x, axes, [.. sizes.Select(size => (long)Math.Min(size, long.MaxValue))], scales, region ?? []);
    }

    private static Tensor Sized(OnnxNode node, Resampling resampling, Tensor x, int[] axes, long[] sizes, string policy, double[] region)
    {
        if (sizes.Length != axes.Length || sizes.Any(size => size < 1))
        {
            throw node.Error($"its sizes are {TensorSizes.Text(sizes)} for {axes.Length} axes; expected a positive number for each.");
        }

        double[] scales = [.. axes.Select((axis, i) => (double)sizes[i] / x.shape[axis])];
        if (policy != "stretch")
        {
            double scale = policy == "not_larger" ? scales.Min() : scales.Max();
            scales = [.. scales.Select(_ => scale)];
            sizes = [.. axes.Select(axis => (long)Math.Floor((x.shape[axis] * scale) + 0.5))];
        }

        return Apply(node, resampling, x, axes, sizes, scales, region);
    }

    private static Tensor Apply(OnnxNode node, Resampling resampling, Tensor x, int[] axes, long[] sizes, double[] scales, double[] region)
    {
        long[] shape = x.shape;
        for (int i = 0; i < axes.Length; i++)
        {
            shape[axes[i]] = sizes[i];
        }

        node.Checked(shape);
        if (x.numel() == 0)
        {
            throw node.Error($"its input {TensorSizes.Text(x.shape)} is empty.");
        }

        if (resampling.NeedsRegion && region.Length != 2 * axes.Length)
        {
            throw node.Error($"its region has {region.Length} numbers; expected a start and an end for each of {axes.Length} axes.");
        }

        Tensor resized = x;
        for (int i = 0; i < axes.Length; i++)
        {
            (double start, double end) = resampling.NeedsRegion ? (region[i], region[i + axes.Length]) : (0, 1);
            resized = resampling.Along(node, resized, axes[i], sizes[i], scales[i], start, end);
        }

        return resized;
    }

    private static int[] Axes(Tensor x) => [.. Enumerable.Range(0, (int)x.dim())];
}
