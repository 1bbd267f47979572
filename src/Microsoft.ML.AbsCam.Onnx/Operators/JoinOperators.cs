using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Tensors put together, taken apart, repeated.</summary>
internal static class JoinOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Of("Concat", 1, int.MaxValue, Concat).With(ShapeAdjoints.Concat) with { Axes = AxisRules.Concat, Bound = Bounds.Together },
        new OperatorDefinition("Split", 1, 2, (node, _) => Split(node)) { Adjoint = ShapeAdjoints.Split, Axes = AxisRules.Split },
        OperatorDefinition.Of("Tile", 2, 2, _ => x => x[0].repeat(x.Ints(1))).With(SelectionAdjoints.Picked) with { Axes = AxisRules.Repeat, Bound = Tiled },
    ];

    private static Func<KernelInputs, Tensor> Concat(OnnxNode node)
    {
        long axis = node.Attributes.Has("axis") ? node.Attributes.Int("axis", 0) : throw node.Error("'axis' is missing; the file is damaged.");
        return x =>
        {
            Tensor[] parts = x.All();
            Tensor? elsewhere = parts.FirstOrDefault(part => part.device_type != DeviceType.CPU);
            return cat(elsewhere is null ? parts : [.. parts.Select(part => Operands.OnOneDevice(part, elsewhere).Left)], Operands.Axis(node, axis, parts[0].dim()));
        };
    }

    private static Kernel Split(OnnxNode node)
    {
        long axis = node.Attributes.Int("axis", 0);
        long[]? attribute = node.Attributes.Ints("split");
        long parts = node.Attributes.Int("num_outputs", node.Outputs.Length);
        if (parts != node.Outputs.Length)
        {
            throw node.Error($"'num_outputs' is {parts}, but it has {node.Outputs.Length} outputs.");
        }

        return x =>
        {
            int along = Operands.Axis(node, axis, x[0].dim());
            long size = x[0].shape[along];

            // Where the parts are not given they are equal; since operator set 18 the last one may be smaller.
            long each = (size + parts - 1) / parts;
            long[] sizes = (node.Opset < 13 ? attribute : x.OptionalInts(1))
                ?? [.. Enumerable.Range(0, (int)parts).Select(i => Math.Clamp(size - (i * each), 0, each))];
            if (sizes.Length != parts || sizes.Any(part => part < 0 || part > size) || sizes.Sum() != size)
            {
                throw node.Error($"it splits {size} into {parts} parts of {TensorSizes.Text(sizes)}, which does not add up.");
            }

            return x[0].split(sizes, along);
        };
    }

    private static Func<KernelInputs, long[]?> Tiled(OnnxNode node) => x =>
    {
        long[] shape = x[0].shape;
        long[] repeats = x.Ints(1);
        if (repeats.Length != shape.Length || repeats.Any(repeat => repeat is < 0 or > int.MaxValue))
        {
            throw node.Error($"it repeats {TensorSizes.Text(shape)} by {TensorSizes.Text(repeats)}; expected one count an axis.");
        }

        return [.. shape.Zip(repeats, (size, repeat) => size * repeat)];
    };
}
