using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>
/// Operators that pick numbers by position. What they do to the numbers 1, 2, 3, … laid out like their input says where each number of the output
/// came from, and the gradient is added there; 0 is what came from nowhere.
/// </summary>
internal static class SelectionAdjoints
{
    /// <summary>As the node itself picks, its other inputs and attributes as they are.</summary>
    public static readonly Adjoint Picked = step => Scatter(step, step.Write.Node(
        step.Node.Operator, [step.Write.Counted(step.Input(0), 1), .. step.Node.Inputs.Skip(1)], Attributes(step)));

    /// <summary>A range of neighbours is put back between zeros, where its bounds are known.</summary>
    public static readonly Adjoint Slice = step =>
    {
        ValueShape x = step.ShapeOf(0);
        ValueShape y = step.OutputShape();
        long[]? starts = step.Node.Opset < 10 ? step.Node.Attributes.Ints("starts") : step.Constants(1);
        long[]? axes = step.Node.Opset < 10 ? step.Node.Attributes.Ints("axes") : step.Constants(3);
        long[]? steps = step.Node.Opset < 10 ? null : step.Constants(4);
        axes ??= starts is null || (step.Node.Opset >= 10 && step.Has(3)) ? null : [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        bool plain = starts is not null && axes is not null && (steps is null ? step.Node.Opset < 10 || !step.Has(4) : steps.All(one => one == 1));
        long[] before = new long[x.Rank];
        long[] after = new long[x.Rank];
        for (int i = 0; plain && i < axes!.Length; i++)
        {
            int axis = Operands.Axis(step.Node, axes[i], x.Rank);
            if (x.Fixed(axis) is long size && y.Fixed(axis) is long left)
            {
                before[axis] = Math.Clamp(starts![i] < 0 ? starts[i] + size : starts[i], 0, size);
                after[axis] = size - left - before[axis];
            }
            else
            {
                plain = false;
            }
        }

        if (plain)
        {
            step.Give(0, step.Write.Pad(step.Gradient, before, after));
        }
        else
        {
            Picked(step);
        }
    };

    public static readonly Adjoint Pad = step =>
    {
        long[]? pads = step.Node.Opset < 11 ? step.Node.Attributes.Ints("pads") : step.Constants(1);
        int rank = step.ShapeOf(0).Rank;
        long[]? axes = step.Has(3) ? step.Constants(3) : [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        if (step.Node.Attributes.Text("mode", "constant") != "constant")
        {
            Picked(step);
        }
        else if (pads is null || axes is null)
        {
            throw step.Error("the width of its border is not constant");
        }
        else
        {
            long[] before = new long[rank];
            long[] after = new long[rank];
            for (int i = 0; i < axes.Length; i++)
            {
                int axis = Operands.Axis(step.Node, axes[i], rank);
                (before[axis], after[axis]) = (-pads[i], -pads[i + axes.Length]);
            }

            step.Give(0, step.Write.Pad(step.Gradient, before, after));
        }
    };

    /// <summary>The greatest numbers, back to where they were.</summary>
    public static readonly Adjoint TopK = step =>
    {
        NodeWriter w = step.Write;
        int axis = ShapeAdjoints.Axis(step, -1);
        string indices = step.Node.HasOutput(1) ? step.Output(1) : throw step.Error("it gives no second output, which says where the values were");
        w.Need(16);
        string zeros = w.Expand(step.Real(0), w.Shape(step.Input(0)));
        step.Give(0, w.Node("ScatterElements", [zeros, indices, step.Gradient], ("axis", axis), ("reduction", "add")));
    };

    /// <summary>What was written over gets nothing, and each update what is left of it in the output.</summary>
    public static readonly Adjoint Written = step =>
    {
        NodeWriter w = step.Write;
        string reduction = step.Node.Attributes.Text("reduction", "none");
        bool byTuples = step.Node.Operator == "ScatterND";
        if (reduction == "add")
        {
            step.Give(0, step.Gradient);
            if (step.Wants(2))
            {
                step.Give(2, byTuples
                    ? w.Node("GatherND", [step.Gradient, step.Input(1)])
                    : w.Node("GatherElements", [step.Gradient, step.Input(1)], ("axis", step.Node.Attributes.Int("axis", 0))));
            }

            return;
        }

        if (reduction != "none")
        {
            throw step.Error($"it brings numbers of one place together by '{reduction}'");
        }

        // Which update lies at each place, from 1; 0 where the input's own number does.
        string nothing = w.Expand(w.Int(0), w.Shape(step.Input(0)));
        string positions = w.Node(byTuples ? "ScatterND" : "ScatterElements", [nothing, step.Input(1), w.Counted(step.Input(2), 1)], Attributes(step));
        if (step.Wants(0))
        {
            step.Give(0, w.Where(w.Node("Equal", [positions, w.Int(0)]), step.Gradient, step.Real(0)));
        }

        if (step.Wants(2))
        {
            Scatter(step, positions, input: 2);
        }
    };

    /// <summary>Adds the gradient to the places from which its numbers were picked.</summary>
    /// <param name="step">The node.</param>
    /// <param name="positions">Like the gradient: the position in the input, from 1; 0 for none.</param>
    /// <param name="input">The input.</param>
    private static void Scatter(AdjointStep step, string positions, int input = 0)
    {
        NodeWriter w = step.Write;
        string count = w.Add(w.Reshape(w.Node("Size", [step.Input(input)]), 1), w.Ints(1));
        string all = w.Scattered(count, w.Reshape(positions, -1), w.Reshape(step.Gradient, -1), step.Type);
        string known = w.Node("Slice", [all, w.Ints(1), count, w.Ints(0)]);
        step.Give(input, step.LaidOut(known, input));
    }

    public static (string Name, object Value)[] Attributes(AdjointStep step) => [.. step.Node.Proto.Attribute.Select(attribute => (attribute.Name, (object)attribute))];
}
