using Microsoft.ML.AbsCam.Networks.Onnx.Paths;
using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>Says of each map why it is the pick, or why it is not.</summary>
internal sealed class LayerVerdicts(IReadOnlyList<FeatureMap> maps, GraphReaders readers, PathCounts paths, ClassMaps classes)
{
    private readonly Dictionary<int, FeatureMap> _maps = maps.ToDictionary(map => map.Slot);

    /// <summary>The maps whose places do not count any more.</summary>
    public HashSet<int> WithoutGradient { get; set; } = [];

    public static bool IsPooled(FeatureMap map) => map.Step.Definition.Is(OperatorTraits.Pools);

    /// <summary>The map whose numbers this one only hands on: with or without a border or tokens that are no places, in another order of axes, or taken apart and put together.</summary>
    public FeatureMap? CopyOf(FeatureMap map)
    {
        int slot = map.Slot;
        while (readers.Maker(slot) is GraphStep maker && (maker.Definition.Is(OperatorTraits.SameNumbers) || LeavesPlaces(map, maker)))
        {
            slot = maker.InputSlots[0];
            if (_maps.TryGetValue(slot, out FeatureMap? source) && source.Channels == map.Channels)
            {
                return source;
            }
        }

        return null;
    }

    /// <summary>What is said of a map beside the pick.</summary>
    /// <param name="map">The map.</param>
    /// <param name="pick">The one taken when nobody names a layer; null where none is.</param>
    public LayerJudgement Of(FeatureMap map, FeatureMap? pick)
    {
        if (map == pick)
        {
            string next = ReaderBehindCopies(map.Slot) is GraphStep reader ? $", read by '{reader.Node.Name}' ({reader.Node.Operator})" : "";
            return new(LayerVerdict.Pick, WithoutGradient.Count > 0
                ? $"The pick: the last {What(map)} of features ({map.Channels} channels) whose places count{next}; what comes behind counts only {(map.Layout.HasOthers ? "in the other tokens" : "at few of its places")}."
                : $"The pick: the last {What(map)} of features ({map.Channels} channels) before the network pools, flattens or turns it into classes{next}.");
        }

        if (WithoutGradient.Contains(map.Slot))
        {
            return new(LayerVerdict.NoGradient, $"Its places do not count any more: no gradient of the scores reaches them{(map.Layout.HasOthers ? ", only the other tokens" : "")}.");
        }

        if (classes.AreClasses(map))
        {
            return new(LayerVerdict.ClassChannels, "One channel a class: scores, not features.");
        }

        if (IsPooled(map))
        {
            return new(LayerVerdict.Pooled, $"A pooled map: {NameOf(map)} places the same features more finely.");
        }

        if (CopyOf(map) is FeatureMap source)
        {
            return new(LayerVerdict.Copy, map.Step.Definition switch
            {
                var definition when definition.Is(OperatorTraits.Borders) => $"The numbers of '{source.Name}' with a border.",
                var definition when definition.Is(OperatorTraits.Rounds) => $"The numbers of '{source.Name}', rounded.",
                _ => $"The same numbers as '{source.Name}'.",
            });
        }

        if (Weighs(map) is string weighed)
        {
            return new(LayerVerdict.Attention, $"Weighs '{weighed}' pixel by pixel, and holds no features itself.");
        }

        if (readers.Of(map.Slot) is [GraphStep only] && only.Definition.Is(OperatorTraits.Activation))
        {
            return new(LayerVerdict.BeforeActivation, $"Before its activation '{only.Node.Outputs[0]}' ({only.Node.Operator}).");
        }

        if (!paths.AllPass(map.Slot) && readers.NextWhole(map.Slot) is GraphStep join)
        {
            string name = $"'{join.Node.Outputs[0]}' ({join.Node.Operator})";
            return new(LayerVerdict.InsideBlock, join.Node.Operator switch
            {
                "Add" or "Sum" => $"Inside a residual block, whose sum is {name}.",
                "Concat" => $"One of the branches that {name} joins.",
                _ => $"One of the ways to {name}, not all that reaches it.",
            });
        }

        if (pick is null)
        {
            return new(LayerVerdict.TooEarly, "Most of the network's work comes behind it, where no map is left.");
        }

        if (readers.IndexOf(map.Slot) > readers.IndexOf(pick.Slot))
        {
            return new(LayerVerdict.Good, $"Behind the pick '{pick.Name}'.");
        }

        return (map.Height, map.Width) == (pick.Height, pick.Width)
            ? new(LayerVerdict.Good, $"An earlier map of the same size as '{pick.Name}'; all that reaches the scores passes through it.")
            : new(LayerVerdict.Earlier, $"An earlier map: finer than '{pick.Name}' or less of the class.");
    }

    // Bounded numbers whose only use is to be multiplied with a map that has as many channels or more.
    private string? Weighs(FeatureMap map)
    {
        if (!map.Step.Definition.Is(OperatorTraits.Gate) || readers.Of(map.Slot) is not [GraphStep { Node.Operator: "Mul" } product])
        {
            return null;
        }

        return product.Reads.Where(slot => slot != map.Slot && _maps.ContainsKey(slot)).Select(slot => _maps[slot]).FirstOrDefault(other => other.Channels >= map.Channels)?.Name;
    }

    private GraphStep? ReaderBehindCopies(int slot)
    {
        GraphStep? reader = null;
        while (readers.Of(slot) is [GraphStep next, ..])
        {
            reader = next;
            if (!next.Definition.Is(OperatorTraits.SameNumbers))
            {
                break;
            }

            slot = next.OutputSlots[0];
        }

        return reader;
    }

    // Cuts tokens off that are no places; where places were cut off, what is left would be no map.
    private bool LeavesPlaces(FeatureMap map, GraphStep maker) =>
        map.Tokens is not null && (maker.Definition.Axes == AxisRules.Slice || maker.Definition.Axes == AxisRules.Split)
        && _maps.TryGetValue(maker.InputSlots[0], out FeatureMap? source) && source.Layout.HasOthers && source.Layout.Shape.AsSpan().SequenceEqual(map.Layout.Shape);

    private static string What(FeatureMap map) => map.Tokens is int tokens ? $"tokens ({map.Height} x {map.Width} of {tokens})" : "map";

    private static string NameOf(FeatureMap map) => map.Parent is FeatureMap parent ? $"'{parent.Name}'" : "the image";
}
