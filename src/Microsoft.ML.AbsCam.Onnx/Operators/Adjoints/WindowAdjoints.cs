using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;

/// <summary>Windows that slide over maps: convolutions and poolings.</summary>
internal static class WindowAdjoints
{
    /// <summary>The transposed convolution with the same weights.</summary>
    public static readonly Adjoint Conv = step =>
    {
        if (step.Wants(1) || step.Wants(2))
        {
            throw step.Error("the weights depend on the image");
        }

        long[] kernel = step.ShapeOf(1).FixedFrom(2) ?? throw step.Error("the size of its weights is left open");
        step.Give(0, Spread(step, step.Gradient, step.Input(1), kernel, step.Node.Attributes.Int("group", 1), pools: false));
    };

    /// <summary>The convolution with the same weights.</summary>
    public static readonly Adjoint ConvTranspose = step =>
    {
        if (step.Wants(1) || step.Wants(2))
        {
            throw step.Error("the weights depend on the image");
        }

        var windows = new Windows(step.Node);
        ValueShape x = step.ShapeOf(0);
        long[] kernel = step.ShapeOf(1).FixedFrom(2) ?? throw step.Error("the size of its weights is left open");
        int rank = kernel.Length;
        long[] strides = windows.Strides(rank);
        long[] dilations = windows.Dilations(rank);
        long[] extra = step.Node.Attributes.Ints("output_padding") ?? new long[rank];
        string gradient = step.Gradient;
        long[]? before = null;
        long[]? after = null;
        if (windows.AutoPad is "SAME_UPPER" or "SAME_LOWER" || step.Node.Attributes.Has("output_shape"))
        {
            if (x.FixedFrom(2) is not long[] sizes || step.OutputShape().FixedFrom(2) is not long[] made)
            {
                throw step.Error("its pads follow from a size that is left open");
            }

            long[] total = [.. Enumerable.Range(0, rank).Select(i => ((sizes[i] - 1) * strides[i]) + Windows.Extent(kernel[i], dilations[i]) + extra[i] - made[i])];
            if (total.Any(size => size < 0))
            {
                // Zeros at the end of the output that came from nowhere.
                gradient = step.Write.Pad(gradient, new long[rank + 2], [0, 0, .. total.Select(size => Math.Min(0, size - (size / 2)) + Math.Min(0, size / 2))]);
                total = [.. total.Select(size => Math.Max(0, size))];
            }

            bool upper = windows.AutoPad == "SAME_UPPER";
            before = [.. total.Select(size => upper ? size / 2 : size - (size / 2))];
            after = [.. total.Select((size, i) => size - before[i])];
        }
        else
        {
            (before, after) = windows.Pads(kernel, x.Sizes.AsSpan(2));
        }

        step.Give(0, step.Write.Node(
            "Conv",
            [gradient, step.Input(1)],
            ("strides", strides),
            ("dilations", dilations),
            ("pads", (long[])[.. before, .. after]),
            ("group", step.Node.Attributes.Int("group", 1))));
    };

    /// <summary>Each window's gradient by the count of what it saw, to each that it saw.</summary>
    public static readonly Adjoint AveragePool = step =>
    {
        var windows = new Windows(step.Node);
        long[] kernel = windows.Kernel!;
        step.Give(0, Pooled(step, Counted(step, windows, kernel), kernel));
    };

    /// <summary>The root of the windows' sums of powers.</summary>
    public static readonly Adjoint LpPool = step =>
    {
        NodeWriter w = step.Write;
        double p = step.Node.Attributes.Int("p", 2);
        string ofSum = w.Div(step.Gradient, w.Pow(ReductionAdjoints.NotZero(step, step.Output()), step.Real(p - 1)));
        string spread = Pooled(step, ofSum, new Windows(step.Node).Kernel!);
        string x = step.Input(0);
        step.Give(0, w.Mul(spread, w.Mul(w.Node("Sign", [x]), w.Pow(w.Node("Abs", [x]), step.Real(p - 1)))));
    };

    /// <summary>The gradient of each window, where its greatest number was.</summary>
    public static readonly Adjoint MaxPool = step =>
    {
        NodeWriter w = step.Write;
        string x = step.Input(0);
        (string Name, object Value)[] attributes = [.. SelectionAdjoints.Attributes(step).Where(attribute => attribute.Name != "storage_order")];
        string places = w.Several("MaxPool", [x], 2, attributes)[1];
        string all = w.Scattered(w.Reshape(w.Node("Size", [x]), 1), w.Reshape(places, -1), w.Reshape(step.Gradient, -1), step.Type);
        step.Give(0, step.LaidOut(all, 0));
    };

    private static string Pooled(AdjointStep step, string gradient, long[] kernel)
    {
        long channels = step.ShapeOf(0).Fixed(1) ?? throw step.Error("the number of channels is left open");
        if (step.ShapeOf(0).FixedFrom(2) is long[] sizes && sizes.AsSpan().SequenceEqual(kernel) && step.OutputShape().FixedFrom(2)!.All(size => size == 1))
        {
            // One window that sees the whole map.
            return step.Repeated(gradient, 0, [.. Enumerable.Range(2, sizes.Length).Select(axis => (long)axis)]);
        }

        string ones = step.Write.Expand(step.Write.Reals([1], [1], step.Type), step.Write.Ints([channels, 1, .. kernel]));
        return Spread(step, gradient, ones, kernel, channels, pools: true);
    }

    private static string Counted(AdjointStep step, Windows windows, long[] kernel)
    {
        NodeWriter w = step.Write;
        bool countPads = step.Node.Attributes.Flag("count_include_pad");
        ValueShape x = step.ShapeOf(0);
        int rank = kernel.Length;
        (long[] before, long[] after) = windows.Pads(kernel, x.Sizes.AsSpan(2));
        bool even = !windows.ReachesOverTheEnd && (countPads || (before.All(size => size == 0) && after.All(size => size == 0)));
        if (even && windows.AutoPad is not ("SAME_UPPER" or "SAME_LOWER"))
        {
            return w.Div(step.Gradient, step.Real(kernel.Aggregate(1.0, (product, size) => product * size)));
        }

        if (x.FixedFrom(2) is not long[] sizes || step.OutputShape().FixedFrom(2) is not long[] places)
        {
            throw step.Error("it counts what it sees at the border of maps whose size is left open");
        }

        long[] strides = windows.Strides(rank);
        long[] dilations = windows.Dilations(rank);
        double[] counts = [1];
        for (int axis = 0; axis < rank; axis++)
        {
            (long first, long end) = countPads ? (0, before[axis] + sizes[axis] + after[axis]) : (before[axis], before[axis] + sizes[axis]);
            double[] along = [.. Enumerable.Range(0, (int)places[axis]).Select(place => (double)Enumerable.Range(0, (int)kernel[axis])
                .Count(tap => (place * strides[axis]) + (tap * dilations[axis]) is long at && at >= first && at < end))];
            counts = [.. counts.SelectMany(count => along.Select(other => count * other))];
        }

        return w.Div(step.Gradient, w.Reals(counts, [1, 1, .. places], step.Type));
    }

    /// <summary>The transposed convolution of a gradient, of exactly the input's size.</summary>
    private static string Spread(AdjointStep step, string gradient, string weights, long[] kernel, long groups, bool pools)
    {
        NodeWriter w = step.Write;
        var windows = new Windows(step.Node);
        int rank = kernel.Length;
        ValueShape x = step.ShapeOf(0);
        long[]? sizes = x.FixedFrom(2);
        bool same = windows.AutoPad is "SAME_UPPER" or "SAME_LOWER";
        long[] seen = x.Sizes[2..];
        (long[] before, long[] after) = windows.Pads(kernel, seen);
        if (sizes is null)
        {
            return SpreadOpen(step, gradient, weights, groups, same || (pools && windows.ReachesOverTheEnd), before, windows.Strides(rank), windows.Dilations(rank));
        }

        if (pools)
        {
            (_, after) = windows.PoolingPads(kernel, seen);
        }

        (long[] strides, long[] dilations) = windows.Within(kernel, Windows.Padded(seen, before, after));
        long[] places = step.OutputShape().Sizes[2..];
        long[] over = [.. Enumerable.Range(0, rank).Select(i => ((places[i] - 1) * strides[i]) + Windows.Extent(kernel[i], dilations[i]) - before[i] - sizes[i])];
        long[] crop = [.. over.Select(size => Math.Max(0, size))];
        long[] extra = [.. over.Select(size => Math.Max(0, -size))];

        // Rows at the end that no window reaches: fewer than a step is long, unless the window has one place alone.
        bool fits = Enumerable.Range(0, rank).All(i => extra[i] < Math.Max(strides[i], dilations[i]));
        string made = w.Node(
            "ConvTranspose",
            [gradient, weights],
            ("strides", strides),
            ("dilations", dilations),
            ("pads", (long[])[.. before, .. crop]),
            ("output_padding", fits ? extra : new long[rank]),
            ("group", groups));
        return fits ? made : w.Pad(made, new long[rank + 2], [0, 0, .. extra]);
    }

    // Of whatever size the input has: all that windows can reach, of which the input's part is cut out.
    private static string SpreadOpen(AdjointStep step, string gradient, string weights, long groups, bool padsFollow, long[] before, long[] strides, long[] dilations)
    {
        NodeWriter w = step.Write;
        if (padsFollow)
        {
            throw step.Error("its pads follow from a size that is left open");
        }

        int rank = strides.Length;
        string whole = w.Node(
            "ConvTranspose", [gradient, weights], ("strides", strides), ("dilations", dilations), ("output_padding", strides.Select(stride => stride - 1).ToArray()), ("group", groups));
        string ends = w.Add(w.Node("Slice", [w.Shape(step.Input(0)), w.Ints(2), w.Ints(rank + 2)]), w.Ints(before));
        return w.Node("Slice", [whole, w.Ints(before), ends, w.Ints([.. Enumerable.Range(2, rank).Select(axis => (long)axis)])]);
    }
}
