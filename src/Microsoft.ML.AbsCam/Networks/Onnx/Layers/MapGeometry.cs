namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>Where in the image a value of a map looks: the step from one value to the next, and how far each one sees.</summary>
/// <param name="Stride">Pixels along height and width.</param>
/// <param name="Field">Pixels along height and width; null where no window tells.</param>
internal sealed record MapGeometry(double[] Stride, double[]? Field)
{
    private static readonly MapGeometry Image = new([1, 1], [1, 1]);

    public int? WholeStride => Math.Max(Stride[0], Stride[1]) is double most && most >= 1 && most == Math.Floor(most) ? (int)most : null;

    public int? WholeField => Field is null ? null : (int)Math.Min(int.MaxValue, Math.Round(Math.Max(Field[0], Field[1])));

    /// <summary>Every map's geometry; parents come before children.</summary>
    public static Dictionary<FeatureMap, MapGeometry> Of(OnnxGraph graph, IReadOnlyList<FeatureMap> maps)
    {
        Dictionary<FeatureMap, MapGeometry> found = [];
        foreach (FeatureMap map in maps)
        {
            MapGeometry from = map.Parents.Select(parent => found[parent]).DefaultIfEmpty(Image).Aggregate(Widest);
            found[map] = from.Through(graph, map);
        }

        return found;
    }

    private static MapGeometry Widest(MapGeometry left, MapGeometry right) => new(
        [Math.Max(left.Stride[0], right.Stride[0]), Math.Max(left.Stride[1], right.Stride[1])],
        left.Field is null || right.Field is null ? null : [Math.Max(left.Field[0], right.Field[0]), Math.Max(left.Field[1], right.Field[1])]);

    private MapGeometry Through(OnnxGraph graph, FeatureMap map)
    {
        OnnxNode node = map.Step.Node;
        switch (node.Operator)
        {
            case "Conv" or "MaxPool" or "AveragePool" or "LpPool":
                long[]? kernel = node.Attributes.Ints("kernel_shape")
                    ?? (node.Operator == "Conv" && graph.Constants.TryGetValue(map.Step.InputSlots[1], out TorchSharp.torch.Tensor? weights) ? weights.shape[2..] : null);
                return kernel is [_, _] ? Window(kernel, node.Attributes.Ints("strides"), node.Attributes.Ints("dilations")) : this with { Field = null };
            case "SpaceToDepth":
                long block = node.Attributes.Int("blocksize", 1);
                return Window([block, block], [block, block], null);
            case "DepthToSpace":
                long parts = node.Attributes.Int("blocksize", 1);
                return new([Stride[0] / parts, Stride[1] / parts], Field);
            case "ConvTranspose":
                long[] steps = node.Attributes.Ints("strides") ?? [1, 1];
                return new([Stride[0] / steps[0], Stride[1] / steps[^1]], null);
            case "Resize" or "Upsample" when map.Parents.Count == 1:
                long[] before = map.Parents[0].Shape;
                return new([Stride[0] * before[^2] / map.Shape[^2], Stride[1] * before[^1] / map.Shape[^1]], null);
            case "Slice":
                return Skipping(map);
            default:
                return this;
        }
    }

    private MapGeometry Window(long[] kernel, long[]? strides, long[]? dilations)
    {
        double Seen(int axis) => Field![axis] + ((kernel[axis] - 1) * (dilations?[axis] ?? 1) * Stride[axis]);
        return new([Stride[0] * (strides?[0] ?? 1), Stride[1] * (strides?[1] ?? 1)], Field is null ? null : [Seen(0), Seen(1)]);
    }

    // A slice with steps leaves rows out; without, it only crops.
    private MapGeometry Skipping(FeatureMap map)
    {
        OnnxNode node = map.Step.Node;
        if (!node.HasInput(4))
        {
            return this;
        }

        long[]? steps = node.ConstantInts(4);
        long[]? axes = node.HasInput(3) ? node.ConstantInts(3) : null;
        if (steps is null || (axes is null && node.HasInput(3)))
        {
            return this with { Field = null };
        }

        double[] stride = [.. Stride];
        int height = map.Layout == MapLayout.ChannelsFirst ? map.Shape.Length - 2 : 1;
        for (int i = 0; i < steps.Length; i++)
        {
            long axis = axes?[i] ?? i;
            axis = axis < 0 ? axis + map.Shape.Length : axis;
            if (axis == height || axis == height + 1)
            {
                stride[axis - height] *= Math.Abs(steps[i]);
            }
        }

        return this with { Stride = stride };
    }
}
