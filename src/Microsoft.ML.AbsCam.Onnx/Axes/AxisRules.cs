namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>How axes go through the operators; each definition names its rule.</summary>
internal static class AxisRules
{
    /// <summary>A crop that leaves less of an axis has moved its places too far to lie over the whole image.</summary>
    private const double LeastLeft = 0.875;

    /// <summary>So has a border of more than takes a crop back, unless the map is small and the border a window's.</summary>
    private const double MostGrown = 1 / LeastLeft;
    private const long MostBorder = 8;

    /// <summary>As the first input's.</summary>
    public static ValueAxes? Same(AxisFlow flow) => flow.Axes(0);

    /// <summary>Element by element, with broadcasting.</summary>
    public static ValueAxes? Broadcast(AxisFlow flow) => ValueAxes.Joined(flow.Inputs, flow.Shapes, flow.Output);

    public static ValueAxes? Reshape(AxisFlow flow) => flow.Axes(0).Reshaped(flow.Output);

    public static ValueAxes? Transpose(AxisFlow flow) =>
        flow.Axes(0).Permuted(flow.Node.Attributes.Ints("perm") ?? [.. Enumerable.Range(0, flow.Output.Length).Reverse().Select(axis => (long)axis)]);

    /// <summary>Batch, channels of its own, and windows along the rest.</summary>
    public static ValueAxes? Convolution(AxisFlow flow) => Slid(flow, ValueAxes.NewFeature(flow.Output[1]), stride => stride);

    /// <summary>As <see cref="Convolution"/>, with more places than before.</summary>
    public static ValueAxes? Transposed(AxisFlow flow) => Slid(flow, ValueAxes.NewFeature(flow.Output[1]), stride => 1.0 / stride);

    /// <summary>Batch and channels as they are, and windows along the rest.</summary>
    public static ValueAxes? Pool(AxisFlow flow) => Slid(flow, flow.Axes(0)[1], stride => stride);

    /// <summary>Axes of more or fewer places over the same extent; over a part that is cut out of it they lie over the image no longer.</summary>
    public static ValueAxes? Resize(AxisFlow flow)
    {
        (ValueAxes axes, long[] from) = (flow.Axes(0), flow.Shapes[0]);
        if (flow.Node.Attributes.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
        {
            return new ValueAxes(flow.Output.Select((size, i) => size == from[i] && !AxisRoles.HasPlaces(axes[i]) ? axes[i] : ValueAxes.NewFeature(size)));
        }

        return new ValueAxes(flow.Output.Select((size, i) => size == from[i] ? axes[i] : Scaled(axes[i], size, (double)from[i] / size)));
    }

    /// <summary>Axes that become longer or shorter at their ends, by places as large as they were.</summary>
    public static ValueAxes? Crop(AxisFlow flow)
    {
        (ValueAxes axes, long[] from) = (flow.Axes(0), flow.Shapes[0]);
        return new ValueAxes(flow.Output.Select((size, i) => Cropped(axes[i], from[i], size)));
    }

    /// <summary>As the first input's, where constants are written over it; what comes of the image may come to lie at other places.</summary>
    public static ValueAxes? Written(AxisFlow flow) => flow.Inputs[2] is null ? flow.Axes(0) : null;

    /// <summary>Batch and channels as they are, and places that were read anywhere, so that they lie over the image no longer.</summary>
    public static ValueAxes? Sampled(AxisFlow flow) => new(flow.Output.Select((size, i) => i < 2 ? flow.Axes(0)[i] : ValueAxes.NewFeature(size)));

    /// <summary>States along the steps of a sequence, or the last ones alone, with an axis for the directions.</summary>
    public static ValueAxes? Recurrent(AxisFlow flow)
    {
        bool batchFirst = flow.Node.Attributes.Flag("layout");
        AxisPart[] steps = flow.Axes(0)[batchFirst ? 1 : 0];
        AxisPart[] batch = flow.Axes(0)[batchFirst ? 0 : 1];
        AxisPart[] New(int axis) => ValueAxes.NewFeature(flow.Output[axis]);
        return new ValueAxes((flow.Output.Length, batchFirst) switch
        {
            (4, false) => [steps, New(1), batch, New(3)],
            (4, true) => [batch, steps, New(2), New(3)],
            (_, false) => [New(0), batch, New(2)],
            _ => [batch, New(1), New(2)],
        });
    }

    /// <summary>As the first input's, with numbers of others along the last axis.</summary>
    public static ValueAxes? Attended(AxisFlow flow) =>
        flow.Output.Length == flow.Shapes[0].Length ? flow.Axes(0).With(flow.Output.Length - 1, ValueAxes.NewFeature(flow.Output[^1])) : ValueAxes.Features(flow.Output);

    /// <summary>Axes that are taken together to one number, kept with one place or dropped.</summary>
    public static ValueAxes? Reduce(AxisFlow flow)
    {
        (ValueAxes axes, long[] shape) = (flow.Axes(0), flow.Shapes[0]);
        if (flow.Output.Length == shape.Length)
        {
            return new ValueAxes(flow.Output.Select((size, i) => size == shape[i] ? axes[i] : []));
        }

        if (flow.Node.HasInput(1) && flow.Node.ConstantInts(1) is null)
        {
            return null;
        }

        HashSet<int> dropped = [.. (flow.Node.Attributes.Ints("axes") ?? flow.Node.ConstantInts(1) ?? [.. Enumerable.Range(0, shape.Length).Select(axis => (long)axis)])
            .Select(axis => AxisFlow.Axis(axis, shape.Length))];
        return axes.Without(dropped.Contains);
    }

    /// <summary>As the first input's, but for the axis along which a position or an order is told.</summary>
    /// <param name="otherwise">The axis where the node names none.</param>
    public static AxisRule RankAlong(long otherwise) => flow =>
    {
        int rank = flow.Shapes[0].Length;
        int along = AxisFlow.Axis(flow.Node.Attributes.Int("axis", otherwise), rank);
        return flow.Output.Length == rank ? flow.Axes(0).With(along, ValueAxes.NewFeature(flow.Output[along])) : flow.Axes(0).Without(axis => axis == along);
    };

    /// <summary>As the first input's, but for axes that become longer by saying the same again.</summary>
    public static ValueAxes? Repeat(AxisFlow flow)
    {
        (ValueAxes axes, long[] from) = (flow.Axes(0), flow.Shapes[0]);
        int added = flow.Output.Length - from.Length;
        return new ValueAxes(flow.Output.Select((size, i) => i >= added && from[i - added] == size ? axes[i - added] : ValueAxes.NewFeature(size)));
    }

    public static ValueAxes? Concat(AxisFlow flow)
    {
        int along = AxisFlow.Axis(flow.Node.Attributes.Int("axis", 0), flow.Output.Length);
        ValueAxes joined = ValueAxes.Joined(flow.Inputs, flow.Shapes, flow.Output, along);
        return TokenAxes.Together([.. Enumerable.Range(0, flow.Inputs.Count).Select(i => flow.Axes(i)[along])], [.. flow.Shapes.Select(shape => shape[along])]) is AxisPart[] tokens
            ? joined.With(along, tokens)
            : joined;
    }

    /// <summary>Parts of one axis, one behind the other.</summary>
    public static ValueAxes? Split(AxisFlow flow)
    {
        int along = AxisFlow.Axis(flow.Node.Attributes.Int("axis", 0), flow.Output.Length);
        return TokenAxes.IsOne(flow.Axes(0)[along])
            ? flow.Axes(0).With(along, TokenAxes.Part(flow.Axes(0)[along], flow.Before.Sum(shape => shape[along]), flow.Output[along]))
            : Crop(flow);
    }

    /// <summary>Some indices of an axis, with axes of their own.</summary>
    public static ValueAxes? Gather(AxisFlow flow)
    {
        (ValueAxes axes, int rank) = (flow.Axes(0), flow.Shapes[0].Length);
        int along = AxisFlow.Axis(flow.Node.Attributes.Int("axis", 0), rank);
        return new ValueAxes([
            .. Enumerable.Range(0, along).Select(axis => axes[axis]),
            .. flow.Output[along..^(rank - along - 1)].Select(ValueAxes.NewFeature),
            .. Enumerable.Range(along + 1, rank - along - 1).Select(axis => axes[axis])]);
    }

    /// <summary>Ranges of axes. Backwards, places would lie mirrored, so they are none any more.</summary>
    public static ValueAxes? Slice(AxisFlow flow)
    {
        (ValueAxes axes, long[] from) = (flow.Axes(0), flow.Shapes[0]);
        if (flow.Node.HasInput(4) && flow.Node.ConstantInts(4) is null)
        {
            return null;
        }

        long[] steps = flow.Node.ConstantInts(4) ?? [];
        long[]? named = flow.Node.Opset < 10 ? flow.Node.Attributes.Ints("axes") : flow.Node.ConstantInts(3);
        long[] starts = (flow.Node.Opset < 10 ? flow.Node.Attributes.Ints("starts") : flow.Node.ConstantInts(1)) ?? [];
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = AxisFlow.Axis(named?[i] ?? i, from.Length);
            if (TokenAxes.IsOne(axes[axis]) && (i >= steps.Length || steps[i] == 1))
            {
                axes = axes.With(axis, TokenAxes.Part(axes[axis], starts[i] < 0 ? Math.Max(starts[i] + from[axis], 0) : starts[i], flow.Output[axis]));
            }
        }

        for (int i = 0; i < steps.Length; i++)
        {
            int axis = AxisFlow.Axis(named?[i] ?? i, from.Length);
            if (steps[i] == 1)
            {
                continue;
            }

            axes = axes.With(axis, steps[i] > 1 && AxisRoles.RoleOf(axes[axis]) is AxisKind kind and not AxisKind.Feature && flow.Output[axis] * steps[i] >= from[axis] * LeastLeft
                ? new AxisOrigin(kind, flow.Output[axis], AxisRoles.PixelsOf(axes[axis]) * steps[i]).Whole
                : ValueAxes.NewFeature(flow.Output[axis]));
        }

        return new ValueAxes(flow.Output.Select((size, i) => AxisRoles.SizeOf(axes[i]) == size ? axes[i] : Cropped(axes[i], from[i], size)));
    }

    /// <summary>Rows of the left operand, columns of the right one, stacks of both; the axis that they share is summed up.</summary>
    public static ValueAxes? MatMul(AxisFlow flow)
    {
        (long[] left, long[] right) = (flow.Shapes[0], flow.Shapes[1]);
        if (left.Length < 2 || right.Length < 2)
        {
            return ValueAxes.Features(flow.Output);
        }

        int stack = flow.Output.Length - 2;
        ValueAxes stacks = ValueAxes.Joined(
            [flow.Inputs[0] is null ? null : flow.Axes(0).Without(axis => axis >= left.Length - 2), flow.Inputs[1] is null ? null : flow.Axes(1).Without(axis => axis >= right.Length - 2)],
            [left[..^2], right[..^2]],
            flow.Output[..stack]);
        return new ValueAxes([.. Enumerable.Range(0, stack).Select(axis => stacks[axis]), flow.Axes(0)[left.Length - 2], flow.Axes(1)[right.Length - 1]]);
    }

    public static ValueAxes? Gemm(AxisFlow flow) => new ValueAxes([
        flow.Axes(0)[flow.Node.Attributes.Flag("transA") ? 1 : 0],
        flow.Axes(1)[flow.Node.Attributes.Flag("transB") ? 0 : 1]]);

    /// <summary>By the letters of the equation.</summary>
    public static ValueAxes? Einsum(AxisFlow flow)
    {
        string[] sides = flow.Node.Attributes.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length != 2 || sides[1].Length != flow.Output.Length || terms.Length != flow.Inputs.Count || terms.Where((term, i) => term.Length != flow.Shapes[i].Length).Any())
        {
            return ValueAxes.Features(flow.Output);
        }

        Dictionary<char, AxisPart[]> known = [];
        for (int i = 0; i < terms.Length; i++)
        {
            for (int axis = 0; axis < terms[i].Length && flow.Inputs[i] is not null; axis++)
            {
                known.TryAdd(terms[i][axis], flow.Axes(i)[axis]);
            }
        }

        return new ValueAxes(sides[1].Select((letter, axis) => known.GetValueOrDefault(letter) ?? ValueAxes.NewFeature(flow.Output[axis])));
    }

    /// <summary>Channels that become places within a block, as a view and a transposition would write it.</summary>
    public static ValueAxes? DepthToSpace(AxisFlow flow)
    {
        long[] s = flow.Shapes[0];
        long block = flow.Node.Attributes.Int("blocksize", 1);
        long depth = s[1] / (block * block);
        ValueAxes axes = flow.Axes(0);
        ValueAxes spread = flow.Node.Attributes.Text("mode", "DCR") == "CRD"
            ? axes.Reshaped([s[0], depth, block, block, s[2], s[3]]).Permuted([0, 1, 4, 2, 5, 3])
            : axes.Reshaped([s[0], block, block, depth, s[2], s[3]]).Permuted([0, 3, 4, 1, 5, 2]);
        return spread.Reshaped(flow.Output);
    }

    /// <summary>Places within a block that become channels, as a view and a transposition would write it.</summary>
    public static ValueAxes? SpaceToDepth(AxisFlow flow)
    {
        long[] s = flow.Shapes[0];
        long block = flow.Node.Attributes.Int("blocksize", 1);
        return flow.Axes(0).Reshaped([s[0], s[1], s[2] / block, block, s[3] / block, block]).Permuted([0, 3, 5, 1, 2, 4]).Reshaped(flow.Output);
    }

    private static ValueAxes Slid(AxisFlow flow, AxisPart[] channels, Func<long, double> pixels)
    {
        ValueAxes axes = flow.Axes(0);
        long[]? strides = flow.Node.Attributes.Ints("strides");
        return new ValueAxes(flow.Output.Select((size, i) => i switch
        {
            0 => axes[0],
            1 => channels,
            _ when size == flow.Shapes[0][i] => axes[i],
            _ => Scaled(axes[i], size, pixels(strides is not null && i - 2 < strides.Length ? strides[i - 2] : 1)),
        }));
    }

    // An axis of as many places stays the axis that it was; this is a new one, of larger or smaller places.
    private static AxisPart[] Scaled(AxisPart[] axis, long size, double pixels) => AxisRoles.RoleOf(axis) is AxisKind kind and (AxisKind.Row or AxisKind.Column)
        ? new AxisOrigin(kind, size, AxisRoles.PixelsOf(axis) * pixels).Whole
        : ValueAxes.NewFeature(size);

    private static AxisPart[] Cropped(AxisPart[] axis, long from, long to) =>
        to == from ? axis
        : to >= Math.Min(from * LeastLeft, from - 1) && to <= Math.Max(from * MostGrown, from + MostBorder) ? Scaled(axis, to, 1)
        : ValueAxes.NewFeature(to);
}
