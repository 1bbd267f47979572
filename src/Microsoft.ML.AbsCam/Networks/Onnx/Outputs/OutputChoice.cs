using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Layers;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Outputs;

/// <summary>
/// Says which output is asked about, and how it lies: a vector of scores where there is one; else one map of class scores, or the boxes of a
/// detector.
/// </summary>
internal static class OutputChoice
{
    // Evidence of a few thousand pixels is that of all.
    private const int MostPixels = 4096;

    // Pixels of the image for one of the output: coarser maps are more likely features of a network without a head.
    private const double MostStride = 8;

    /// <param name="graph">The network, with the values that may be asked about as its outputs.</param>
    /// <param name="image">Its input.</param>
    /// <param name="probes">Runs it on made-up images.</param>
    /// <param name="trace">A run of one image.</param>
    /// <param name="first">The graph's outputs in that run.</param>
    /// <param name="part">Where its outputs come from.</param>
    /// <param name="labels">How many classes have names; null where they have none.</param>
    /// <param name="task">What the network is for.</param>
    /// <exception cref="Microsoft.ML.AbsCam.NetworkLoadException">No output holds anything that can be asked about, or several do and nothing tells which are meant.</exception>
    public static ScoreOutput Of(OnnxGraph graph, ImageInput image, ScoreProbes probes, RunTrace trace, IReadOnlyList<Tensor?> first, ScorePart part, int? labels, NetworkTask task)
    {
        bool asksOfVector = task is NetworkTask.Classify or NetworkTask.Embed or NetworkTask.Regress;
        bool hasVectors = ScoreChoice.HasVectors(graph, trace);
        if (asksOfVector && !hasVectors)
        {
            throw new NetworkLoadException($"{graph.Source}: it is opened to {TaskText.Infinitive(task)}, and no output is a vector an image: {Shapes(graph, trace)}.");
        }

        if (asksOfVector || (hasVectors && task == NetworkTask.Auto))
        {
            return ScoreChoice.Of(graph, probes, trace, first, part, labels);
        }

        List<(ScoreOutput Output, string Shape)> found = [];
        List<string> others = [];
        List<string> lists = [];
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            string name = graph.Outputs[i];
            int slot = graph.SlotOf(name);
            if (!trace.IsReal(slot) || trace.ShapeOf(slot) is not [1, ..] shape)
            {
                continue;
            }

            string? whyNot = null;
            ScoreOutput? output = shape switch
            {
                [_, > 0, > 0, > 0] when task != NetworkTask.Detect => MapsOf(graph, image, trace, slot, name, first[i]!, labels, task == NetworkTask.Segment, out whyNot),
                [_, > 1, > 1] when task != NetworkTask.Segment => BoxesOf(graph, image, trace, slot, name, shape, first[i]!, labels, out whyNot),
                _ => null,
            };
            if (output is not null)
            {
                found.Add((output, TensorSizes.Text(shape)));
            }
            else if (whyNot is not null)
            {
                others.Add($"'{name}' {TensorSizes.Text(shape)} ({whyNot})");
                if (shape.Length == 3)
                {
                    lists.Add(others[^1]);
                }
            }
        }

        // Beside a list of boxes or queries a map is rarely of classes: it holds what masks are mixed from, or a mask for each query.
        if (task == NetworkTask.Auto && lists.Count > 0 && found is [({ Layout: OutputLayout.ClassMaps } map, string sizes)] && map.Classes != labels)
        {
            throw new NetworkLoadException($"{graph.Source}: the output '{map.Output}' {sizes} could hold scores of classes for each pixel, and beside it {string.Join(", ", lists)}, so it may be a part of something else. Say that the network segments (NetworkTask.Segment, --task segment) if it does, or name what should be explained with the parameter scoresOutput of {nameof(ImageNetwork)}.{nameof(ImageNetwork.FromOnnx)} or with AbsCamOptions.ScoresOutput (in the command --scores-output NAME).");
        }

        return found switch
        {
            [(ScoreOutput only, _)] => only with { IsOneOf = part.All, Same = [only.Output] },
            [] when task != NetworkTask.Auto => throw new NetworkLoadException($"{graph.Source}: it is opened to {TaskText.Infinitive(task)}, and no output holds {(task == NetworkTask.Segment ? "scores of the classes for each pixel [batch, classes, height, width]" : "boxes with scores [batch, boxes, numbers] or [batch, numbers, boxes]")}: {(others.Count > 0 ? string.Join(", ", others) : Shapes(graph, trace))}."),
            [] when others.Count > 0 => throw new NetworkLoadException($"{graph.Source}: no output holds scores of classes, of pixels or of boxes: {string.Join(", ", others)}."),
            [] => ScoreChoice.Of(graph, probes, trace, first, part, labels),
            _ => throw new NetworkLoadException($"{graph.Source}: several outputs may be asked about, and nothing tells which: {string.Join(", ", found.Select(one => $"'{one.Output.Output}' {one.Shape}"))}. Name one with the parameter scoresOutput of {nameof(ImageNetwork)}.{nameof(ImageNetwork.FromOnnx)} or with AbsCamOptions.ScoresOutput (in the command --scores-output NAME)."),
        };
    }

    private static ScoreOutput? MapsOf(OnnxGraph graph, ImageInput image, RunTrace trace, int slot, string name, Tensor values, int? labels, bool isAsked, out string? whyNot)
    {
        whyNot = null;
        ExecutionPlan plan = ExecutionPlan.For(graph, [slot], [graph.SlotOf(image.Name)]);
        if (FeatureMaps.Of(graph, plan.Steps, graph.SlotOf(image.Name), image, trace).FirstOrDefault(map => map.Slot == slot) is not { } map || !(map.Layout.IsPlain || map.Layout.IsChannelsLast))
        {
            return null;
        }

        var layout = new OutputLayout.ClassMaps(map.Channels, map.Height, map.Width, map.Layout.IsChannelsLast);
        float[] all = [.. HostValues.Doubles(values).Select(value => (float)value)];
        int pixels = map.Height * map.Width;
        int step = 1 + (pixels / MostPixels);
        double[][] rows = [.. Enumerable.Range(0, pixels).Where(pixel => pixel % step == 0).Select(pixel => Enumerable.Range(0, map.Channels)
            .Select(c => (double)all[layout.ClassesLast ? (pixel * map.Channels) + c : (c * pixels) + pixel]).ToArray())];
        ScoreRows scores = new(rows);
        if (!isAsked && labels != layout.Count && map.Stride.Min() < 1)
        {
            whyNot = $"a map of {layout.Count} channels that is finer than the image, as of a network that makes pictures, so its channels are hardly classes; say that the network segments (NetworkTask.Segment, --task segment), if they are";
            return null;
        }

        if (!isAsked && labels != layout.Count && (map.Stride.Max() > MostStride || (scores.Least >= 0 && scores.Greatest > 1 && scores.Total is null)))
        {
            whyNot = $"a map of {layout.Count} channels that may be features as well as scores of classes; give as many class names as there are classes, or say that the network segments (NetworkTask.Segment, --task segment), if it holds scores; or export the network with its head";
            return null;
        }

        ScoreEvidence evidence = scores.Judged();
        return new ScoreOutput(
            slot,
            layout.Count,
            evidence.Kind == ScoreKind.Unclear && MadeOfShares.Is(plan.Steps, graph.SlotOf(image.Name), slot)
                ? new ScoreEvidence(ScoreKind.OwnProbabilities, $"The output '{name}' holds numbers from 0 to 1 on a made-up image, made of numbers that never leave that range.")
                : evidence,
            name)
        {
            Layout = layout,
        };
    }

    private static string Shapes(OnnxGraph graph, RunTrace trace)
        => string.Join(", ", graph.Outputs.Select(name => $"'{name}' {(trace.ShapeOf(graph.SlotOf(name)) is long[] shape ? TensorSizes.Text(shape) : "(it does not depend on the input)")}"));

    private static ScoreOutput? BoxesOf(OnnxGraph graph, ImageInput image, RunTrace trace, int slot, string name, long[] shape, Tensor values, int? labels, out string? whyNot)
    {
        IReadOnlyList<GraphStep> steps = ExecutionPlan.For(graph, [slot], [graph.SlotOf(image.Name)]).Steps;
        if (FeatureMaps.IsPlane(graph, steps, graph.SlotOf(image.Name), image, trace, slot))
        {
            // As of depth, or of a mask whose one channel was dropped.
            int at = slot;
            while (trace.ShapeOf(at) is { Length: 3 } && steps.FirstOrDefault(step => step.Writes.Contains(at)) is { } maker && maker.Definition.Is(OperatorTraits.SameNumbers))
            {
                at = maker.InputSlots[0];
            }

            string? before = trace.ShapeOf(at) is { Length: 4 } ? graph.NameOf(at) : null;
            whyNot = $"one number for each place, by rows and columns, and no list of boxes. If it is the score of one class, take it with an axis for channels, [batch, 1, height, width]{(before is null ? "" : $", as '{before}' inside the file may be")}, and say that the network segments (NetworkTask.Segment, --task segment)";
            return null;
        }

        float[] all = [.. HostValues.Doubles(values).Select(value => (float)value)];
        (OutputLayout.Detections? layout, whyNot) = BoxEvidence.Of((int)shape[1], (int)shape[2], all, (int)image.Shape[1], (int)image.Shape[2], labels, name == BoxPair.Joined);
        return layout is null ? null : new ScoreOutput(slot, layout.Count, BoxEvidence.ScoresOf(layout, all), name) { Layout = layout };
    }
}
