using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Images;

/// <summary>The one image that a network takes: its size, and how its axes lie in the file.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Type">The element type that the network computes with.</param>
/// <param name="ChannelsLast">Whether the network itself wants [batch, height, width, channels].</param>
/// <param name="Shape">Channels, height, width.</param>
/// <param name="Levels">What whole numbers it takes; null for real ones.</param>
/// <param name="SizeIsDynamic">Whether the file leaves height or width open and nobody gave them.</param>
internal sealed record ImageInput(string Name, ScalarType Type, bool ChannelsLast, long[] Shape, IntegerLevels? Levels, bool SizeIsDynamic)
{
    /// <summary>The size that networks for photos were trained with more often than with any other.</summary>
    private const long UsualSize = 224;

    /// <summary>Numbers of one image: 4729 x 4729 pixels in colour. A network's maps take many times that.</summary>
    private const long Most = 1 << 26;

    private static readonly float[] Contrasts = [1, 0.4f, 2.5f];
    private static readonly float[] Means = [0, 0.3f, -0.2f];

    /// <param name="graph">The network.</param>
    /// <param name="asked">Channels, height, width; 0 where the file, or what is usual, decides.</param>
    public static ImageInput Of(OnnxGraph graph, long[]? asked)
    {
        if (asked is not null && (asked.Length != 3 || TensorSizes.Count(asked) is null))
        {
            throw new ArgumentException($"The input shape {TensorSizes.Text(asked)} is not [channels, height, width] of an image.", nameof(asked));
        }

        GraphInput input = graph.Inputs switch
        {
            [GraphInput only] => only,
            [] => throw new NetworkLoadException($"{graph.Source}: the network has no input; expected one image [batch, channels, height, width]."),
            _ => throw new NetworkLoadException($"{graph.Source}: the network has {graph.Inputs.Count} inputs ({string.Join(", ", graph.Inputs)}); expected one image. Fix the others to constants before the import."),
        };
        if (input.Dimensions is not { Length: 4 } sizes)
        {
            throw new NetworkLoadException($"{graph.Source}: the input {input} is not an image; expected four dimensions, [batch, channels, height, width].");
        }

        if (sizes[0] > 1)
        {
            throw new NetworkLoadException($"{graph.Source}: the input {input} fixes the batch at {sizes[0]} images; export the network with a batch of 1 or a dynamic batch.");
        }

        bool channelsLast = IsChannelsLast(sizes) || (sizes[1] is null && sizes[3] is null && IsTurnedToChannelsFirst(graph, input));
        long?[] stated = channelsLast ? [sizes[3], sizes[1], sizes[2]] : [sizes[1], sizes[2], sizes[3]];
        long[] shape = new long[3];
        string[] axes = ["channels", "height", "width"];
        for (int i = 0; i < shape.Length; i++)
        {
            long? wanted = asked?[i] is > 0 ? asked[i] : null;
            if (wanted is not null && stated[i] is long own && own != wanted)
            {
                throw new NetworkLoadException($"{graph.Source}: the input {input} fixes the {axes[i]} at {own}; {wanted} was asked for. Leave the input shape to the file, or export it with dynamic sizes.");
            }

            shape[i] = stated[i] ?? wanted ?? (i == 0 ? ChannelsOfFirstConvolution(graph) : UsualSize);
        }

        if (TensorSizes.Count(shape) is not <= Most)
        {
            throw new NetworkLoadException($"{graph.Source}: the input {input} would be an image of {TensorSizes.Text(shape)}, more than {Most} numbers; the file is damaged, or another size should be asked for.");
        }

        bool dynamic = Enumerable.Range(1, 2).Any(i => stated[i] is null && asked?[i] is not > 0);
        return new ImageInput(input.Name, input.Type, channelsLast, shape, ElementTypes.Levels(input.ElementType), dynamic);
    }

    /// <summary>
    /// The batch as the network wants it, of images [batch, channels, height, width]. Where it takes whole numbers, those nearest to what resizing, masks
    /// and noise make are given; what a row itself brings has been checked.
    /// </summary>
    public Tensor Bring(Tensor images)
    {
        long[] shape = images.shape;
        if (shape.Length != 4 || shape[0] < 1 || !shape.AsSpan(1).SequenceEqual(Shape))
        {
            throw new ArgumentException($"The images have the shape {TensorSizes.Text(shape)}; expected [batch, {string.Join(", ", Shape)}].", nameof(images));
        }

        Tensor laid = ChannelsLast ? images.permute(0, 2, 3, 1) : images;
        return (Levels is null ? laid : laid.round().clamp(HeldScalar.Of(Levels.Least), HeldScalar.Of(Levels.Most))).to(Type);
    }

    /// <summary>
    /// Made-up images [batch, channels, height, width], no two of them alike in their pixels, their contrast or their mean: what reads one row's greatest
    /// number, or its deviation, for all rows gives itself away. They leave the process's random numbers alone.
    /// </summary>
    public Tensor MadeUp(long batch)
    {
        Tensor waves = MadeUpNumbers.Waves([batch, .. Shape]);
        float[] of(float[] values) => [.. Enumerable.Range(0, (int)batch).Select(row => values[row % values.Length])];
        Tensor images = waves.mul(tensor(of(Contrasts)).reshape(batch, 1, 1, 1)).Plus(tensor(of(Means)).reshape(batch, 1, 1, 1));

        // Between -1 and 1 there are three whole numbers, and images of those are alike.
        return Levels is not { Most: > 1 } levels ? images
            : levels.Least < 0 ? images.mul(HeldScalar.Of(127)) : images.Plus(1.0).mul(HeldScalar.Of(127));
    }

    /// <summary>Runs the plan on images [batch, channels, height, width], and gives back the wanted values too, owned by the caller.</summary>
    public (RunTrace Trace, Tensor?[] Wanted) Trace(
        OnnxGraph graph, ExecutionPlan plan, Tensor images, IReadOnlyList<int> wanted, ImportBudget budget, Action<GraphStep, RunTrace>? before = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        (RunTrace trace, Tensor?[] values) = RunTrace.Record(graph, plan, new Dictionary<int, Tensor> { [graph.SlotOf(Name)] = Bring(images) }, images.shape[0], wanted, budget, before);
        scope.MoveToOuter(values.OfType<IDisposable>().ToArray());
        return (trace, values);
    }

    /// <summary>Made-up images as the network wants them, by the input's name.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="rows">How many.</param>
    /// <param name="asked">Channels, height, width; 0 where the file, or what is usual, decides.</param>
    public static IReadOnlyDictionary<string, Tensor> MadeUp(OnnxGraph graph, long rows, long[]? asked)
    {
        ImageInput image = Of(graph, asked);
        return new Dictionary<string, Tensor> { [image.Name] = image.Bring(image.MadeUp(rows)) };
    }

    /// <summary>Whether four stated sizes read as [batch, height, width, channels].</summary>
    public static bool IsChannelsLast(long?[] sizes) => IsChannelCount(sizes[3]) && !IsChannelCount(sizes[1]);

    // Where the file states no sizes, the layout shows in what it does first.
    private static bool IsTurnedToChannelsFirst(OnnxGraph graph, GraphInput input)
    {
        int slot = graph.SlotOf(input.Name);
        GraphStep[] readers = [.. graph.Steps.Where(step => step.Reads.Contains(slot))];
        return readers.Length > 0 && Array.TrueForAll(readers, step => step.Node.Operator == "Transpose" && step.Node.Attributes.Ints("perm") is [0, 3, 1, 2]);
    }

    private static bool IsChannelCount(long? size) => size is 1 or 3 or 4;

    private static long ChannelsOfFirstConvolution(OnnxGraph graph)
    {
        foreach (GraphStep step in graph.Steps.Where(step => step.Node.Operator == "Conv"))
        {
            if (graph.Constants.TryGetValue(step.InputSlots[1], out Tensor? weights) && weights.dim() == 4)
            {
                return weights.shape[1] * step.Node.Attributes.Int("group", 1);
            }
        }

        return 3;
    }
}
