using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Follows the image's rows and columns through the network, axis by axis, and lists the values that are maps: those with an axis each for
/// images, channels, rows and columns, or for images, channels and the places of the image in a row, beside which there may be other tokens.
/// Attention matrices, windows and flattened vectors may have as many axes, but are no maps; a map that passes through them and comes back is one again.
/// </summary>
internal sealed class FeatureMaps
{
    private readonly OnnxGraph _graph;
    private readonly RunTrace _trace;
    private readonly Dictionary<int, ValueAxes> _axes = [];
    private readonly Dictionary<int, double[]?> _fields = [];
    private readonly Dictionary<int, FeatureMap> _nearest = [];
    private readonly List<FeatureMap> _found = [];

    private FeatureMaps(OnnxGraph graph, RunTrace trace) => (_graph, _trace) = (graph, trace);

    /// <summary>Every map of more than one place either way that comes of the image, in the order of computation.</summary>
    public static IReadOnlyList<FeatureMap> Of(OnnxGraph graph, IReadOnlyList<GraphStep> steps, int input, ImageInput image, RunTrace trace) =>
        Followed(graph, steps, input, image, trace)._found;

    /// <summary>Whether a value has an axis of rows and one of columns, and none for channels: one number a place.</summary>
    public static bool IsPlane(OnnxGraph graph, IReadOnlyList<GraphStep> steps, int input, ImageInput image, RunTrace trace, int slot)
    {
        FeatureMaps maps = Followed(graph, steps, input, image, trace);
        return maps._axes.TryGetValue(slot, out ValueAxes? axes) && axes.Rank == 3
            && Enumerable.Range(1, 2).Select(axis => AxisRoles.RoleOf(axes[axis])).ToHashSet().SetEquals([AxisKind.Row, AxisKind.Column]);
    }

    /// <summary>The first step behind which rows or columns lie over the image no longer, though the value has as many axes as before; null where there is none.</summary>
    public static GraphStep? EndOfPlaces(OnnxGraph graph, IReadOnlyList<GraphStep> steps, int input, ImageInput image, RunTrace trace)
    {
        FeatureMaps maps = Followed(graph, steps, input, image, trace);
        return steps.FirstOrDefault(step => !step.Definition.Weighs && step.Reads.Any(slot => maps._axes.TryGetValue(slot, out ValueAxes? read)
            && step.Writes.Any(made => trace.ShapeOf(made)?.Length == read.Rank && (maps._axes.TryGetValue(made, out ValueAxes? axes) ? PlacesOf(axes) : 0) < PlacesOf(read))));
    }

    private static int PlacesOf(ValueAxes axes) => Enumerable.Range(0, axes.Rank).Count(axis => AxisRoles.HasPlaces(axes[axis]));

    private static FeatureMaps Followed(OnnxGraph graph, IReadOnlyList<GraphStep> steps, int input, ImageInput image, RunTrace trace)
    {
        FeatureMaps maps = new(graph, trace);
        maps._axes[input] = AxesOf(image, trace.Batch);
        maps._fields[input] = [1, 1];
        foreach (GraphStep step in steps)
        {
            maps.Follow(step);
        }

        return maps;
    }

    private static ValueAxes AxesOf(ImageInput image, long batch)
    {
        AxisPart[] images = new AxisOrigin(AxisKind.Batch, batch).Whole;
        AxisPart[] channels = new AxisOrigin(AxisKind.Feature, image.Shape[0]).Whole;
        AxisPart[] rows = new AxisOrigin(AxisKind.Row, image.Shape[1], 1).Whole;
        AxisPart[] columns = new AxisOrigin(AxisKind.Column, image.Shape[2], 1).Whole;
        return new ValueAxes(image.ChannelsLast ? [images, rows, columns, channels] : [images, channels, rows, columns]);
    }

    private void Follow(GraphStep step)
    {
        if (step.Definition.Axes is not { } rule || !step.Reads.Any(_axes.ContainsKey))
        {
            return;
        }

        ValueAxes?[] inputs = [.. step.InputSlots.Select(slot => _axes.GetValueOrDefault(slot))];
        long[][] shapes = [.. step.InputSlots.Select(ShapeOf)];
        FeatureMap? parent = step.Reads.Select(slot => _nearest.GetValueOrDefault(slot)).FirstOrDefault(map => map is not null);
        for (int i = 0; i < step.OutputSlots.Length; i++)
        {
            int slot = step.OutputSlots[i];
            if (slot == GraphStep.Absent || _trace.ShapeOf(slot) is not long[] shape)
            {
                continue;
            }

            AxisFlow flow = new(step.Node, inputs, shapes, shape, [.. step.OutputSlots.Take(i).Select(ShapeOf)]);
            if (rule(flow) is not ValueAxes axes || axes.Rank != shape.Length)
            {
                continue;
            }

            _axes[slot] = axes;
            _fields[slot] = FieldOf(step, flow, axes);
            FeatureMap? map = _trace.IsReal(slot) ? MapOf(step, i, axes, shape, parent) : null;
            if (map is not null)
            {
                _found.Add(map);
            }

            if ((map ?? parent) is FeatureMap nearest)
            {
                _nearest[slot] = nearest;
            }
        }
    }

    private long[] ShapeOf(int slot) => slot == GraphStep.Absent ? []
        : _graph.Constants.TryGetValue(slot, out TorchSharp.torch.Tensor? constant) ? constant.shape
        : _trace.ShapeOf(slot) ?? [];

    // As far as the input that sees most; inputs without places, as gates have none, see nothing.
    private double[]? FieldOf(GraphStep step, AxisFlow flow, ValueAxes made)
    {
        double[] seen = [1, 1];
        foreach (int slot in step.Reads.Where(slot => _axes.TryGetValue(slot, out ValueAxes? axes) && Enumerable.Range(0, axes.Rank).Any(axis => AxisRoles.HasPlaces(axes[axis]))))
        {
            if (_fields[slot] is not double[] field)
            {
                return null;
            }

            seen = [Math.Max(seen[0], field[0] + Left(slot, AxisKind.Row, made)), Math.Max(seen[1], field[1] + Left(slot, AxisKind.Column, made))];
        }

        return step.Definition.Field(flow, seen);
    }

    // What the places of an input's axis see inside of their blocks, where the output has an axis of its own that has no such blocks.
    private double Left(int slot, AxisKind kind, ValueAxes made) =>
        Along(_axes[slot], kind) is { Length: > 0 } from && Along(made, kind) is { Length: > 0 } to && to[0].Origin != from[0].Origin ? Inside(from) : 0;

    private static AxisPart[]? Along(ValueAxes axes, AxisKind kind) =>
        Enumerable.Range(0, axes.Rank).Select(axis => axes[axis]).FirstOrDefault(parts => AxisRoles.RoleOf(parts) == kind);

    private FeatureMap? MapOf(GraphStep step, int output, ValueAxes axes, long[] shape, FeatureMap? parent)
    {
        int slot = step.OutputSlots[output];
        return PlaceLayout.Of(axes, shape, _trace.Batch) is not PlaceLayout layout ? null
            : new FeatureMap(
                slot,
                step.Node.Outputs[output],
                step,
                parent,
                layout,
                _fields[slot] is double[] field ? [field[0] + Inside(layout.Rows), field[1] + Inside(layout.Columns)] : null);
    }

    // A place that holds a block of others, as channels, sees what all of them see.
    private static double Inside(AxisPart[] axis) => (axis[0].Step - 1) * axis[0].Origin.Pixels;
}
