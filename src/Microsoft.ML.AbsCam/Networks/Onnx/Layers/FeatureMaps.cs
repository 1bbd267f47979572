namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Follows the image through the network for as long as values still have a height and a width that mean the image's: attention
/// matrices and flattened vectors may have four axes too, but are no maps.
/// </summary>
internal static class FeatureMaps
{
    /// <summary>Every map that comes of the image, in the order of computation.</summary>
    public static IReadOnlyList<FeatureMap> Of(OnnxGraph graph, IReadOnlyList<GraphStep> steps, int input, MapLayout inputLayout, RunTrace trace)
    {
        Dictionary<int, FeatureMap> maps = [];
        List<FeatureMap> found = [];
        foreach (GraphStep step in steps)
        {
            FeatureMap[] parents = [.. step.Reads.Where(maps.ContainsKey).Select(slot => maps[slot])];
            bool readsImage = step.InputSlots.Contains(input);
            if (parents.Length == 0 && !readsImage)
            {
                continue;
            }

            (long[] from, MapLayout layout) = parents.Length > 0
                ? (parents.MaxBy(parent => parent.Shape.Length)!.Shape, parents[0].Layout)
                : (trace.ShapeOf(input)!, inputLayout);
            for (int i = 0; i < step.OutputSlots.Length; i++)
            {
                int slot = step.OutputSlots[i];
                if (slot != GraphStep.Absent
                    && trace.IsReal(slot)
                    && trace.ShapeOf(slot) is { Length: >= 4 } to
                    && to[0] == trace.Batch
                    && After(graph, step, from, to, layout) is MapLayout next
                    && HasExtent(to, next))
                {
                    FeatureMap map = new(slot, step.Node.Outputs[i], step, parents, to, next);
                    maps[slot] = map;
                    found.Add(map);
                }
            }
        }

        return found;
    }

    private static bool HasExtent(long[] shape, MapLayout layout) =>
        layout == MapLayout.ChannelsFirst ? shape[^1] > 1 && shape[^2] > 1 : shape[1] > 1 && shape[2] > 1;

    // The layout of the output, or null where it is no map any more.
    private static MapLayout? After(OnnxGraph graph, GraphStep step, long[] from, long[] to, MapLayout layout)
    {
        bool sameExtent = layout == MapLayout.ChannelsFirst && from.AsSpan(from.Length - 2).SequenceEqual(to.AsSpan(to.Length - 2));
        switch (step.Node.Operator)
        {
            case "Transpose":
                return Transposed(step.Node.Attributes.Ints("perm") ?? [], layout);
            case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Gather" or "GatherElements" or "GatherND" or "TopK" or "Expand":
                return sameExtent ? layout : null;
            case "MatMul":
                // On channels-last maps a product with weights is a convolution of one pixel.
                bool weights = graph.Constants.TryGetValue(step.InputSlots[1], out TorchSharp.torch.Tensor? right) && right.dim() == 2;
                return layout == MapLayout.ChannelsLast && weights ? layout : null;
            case "Gemm" or "Einsum" or "Shape" or "Size":
                return null;
            default:
                return to.Length == from.Length ? layout : null;
        }
    }

    private static MapLayout? Transposed(long[] order, MapLayout layout) => (order, layout) switch
    {
        ([0, 2, 3, 1], MapLayout.ChannelsFirst) => MapLayout.ChannelsLast,
        ([0, 3, 1, 2], MapLayout.ChannelsLast) => MapLayout.ChannelsFirst,
        ([.., long height, long width], MapLayout.ChannelsFirst) when height == order.Length - 2 && width == order.Length - 1 => layout,
        _ => null,
    };
}
