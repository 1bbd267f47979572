namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>Says of each map why it is the pick, or why it is not.</summary>
internal sealed class LayerVerdicts
{
    private static readonly string[] Poolings = ["MaxPool", "AveragePool", "LpPool"];
    private static readonly string[] Copies = ["Dropout", "Identity", "Cast", "Pad", "QuantizeLinear", "DequantizeLinear"];
    private static readonly string[] Weighing = ["Conv", "ConvTranspose", "Gemm", "MatMul", "Einsum"];
    private static readonly string[] Gates = ["Sigmoid", "HardSigmoid", "Softmax", "Tanh", "Clip"];
    private static readonly string[] Activations =
        ["Relu", "LeakyRelu", "PRelu", "Elu", "Celu", "Selu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Gelu", "Mish", "Tanh", "Softplus", "Softsign", "ThresholdedRelu"];

    private readonly IReadOnlyList<GraphStep> _steps;
    private readonly Dictionary<int, GraphStep[]> _readers;
    private readonly HashSet<int> _weighedLater = [];
    private readonly Dictionary<int, int> _order = [];
    private readonly Dictionary<int, FeatureMap> _maps;
    private readonly PathCounts _paths;
    private readonly int _classes;

    public LayerVerdicts(IReadOnlyList<GraphStep> steps, IReadOnlyList<FeatureMap> maps, int input, ScoreOutput scores)
    {
        _steps = steps;
        _classes = scores.Classes;
        _paths = new PathCounts(steps, input, scores.Slot);
        _maps = maps.ToDictionary(map => map.Slot);
        _readers = maps.ToDictionary(map => map.Slot, map => steps.Where(step => step.InputSlots.Contains(map.Slot)).ToArray());
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            if (Weighing.Contains(steps[i].Node.Operator) || steps[i].Writes.Any(_weighedLater.Contains))
            {
                _weighedLater.UnionWith(steps[i].Reads);
            }

            foreach (int slot in steps[i].Writes)
            {
                _order[slot] = i;
            }
        }
    }

    public static bool IsPooled(FeatureMap map) => Poolings.Contains(map.Operator);

    /// <summary>Whether it only hands on the numbers of the map before it, with or without a border.</summary>
    public static bool IsCopy(FeatureMap map) => Copies.Contains(map.Operator) && map.Parents.Count == 1;

    /// <summary>One channel a class, and nothing but pooling, reshaping and activations from there to the scores.</summary>
    public bool AreClasses(FeatureMap map) => map.Channels == _classes && !_weighedLater.Contains(map.Slot);

    public bool AllPass(FeatureMap map) => _paths.AllPass(map.Slot);

    public LayerJudgement Of(FeatureMap map, FeatureMap pick)
    {
        if (map == pick)
        {
            string next = ReaderBehindCopies(map.Slot) is GraphStep reader ? $", read by '{reader.Node.Name}' ({reader.Node.Operator})" : "";
            return new(LayerVerdict.Pick, $"The pick: the last map of features ({map.Channels} channels) before the network pools, flattens or turns it into classes{next}.");
        }

        if (AreClasses(map))
        {
            return new(LayerVerdict.ClassChannels, "One channel a class: scores, not features.");
        }

        if (IsPooled(map))
        {
            return new(LayerVerdict.Pooled, $"A pooled map: {NameOf(map)} places the same features more finely.");
        }

        if (IsCopy(map))
        {
            return new(LayerVerdict.Copy, map.Operator switch
            {
                "Pad" => $"The numbers of {NameOf(map)} with a border.",
                "QuantizeLinear" or "DequantizeLinear" => $"The numbers of {NameOf(map)}, rounded.",
                _ => $"The same numbers as {NameOf(map)}.",
            });
        }

        if (Weighs(map) is string weighed)
        {
            return new(LayerVerdict.Attention, $"Weighs '{weighed}' pixel by pixel, and holds no features itself.");
        }

        if (_readers[map.Slot] is [GraphStep only] && Activations.Contains(only.Node.Operator))
        {
            return new(LayerVerdict.BeforeActivation, $"Before its activation '{only.Node.Outputs[0]}' ({only.Node.Operator}).");
        }

        if (!AllPass(map) && _steps.Skip(_order[map.Slot] + 1).FirstOrDefault(step => step.Writes.Any(_paths.AllPass)) is GraphStep join)
        {
            string name = $"'{join.Node.Outputs[0]}' ({join.Node.Operator})";
            return new(LayerVerdict.InsideBlock, join.Node.Operator switch
            {
                "Add" or "Sum" => $"Inside a residual block, whose sum is {name}.",
                "Concat" => $"One of the branches that {name} joins.",
                _ => $"One of the ways to {name}, not all that reaches it.",
            });
        }

        if (_order[map.Slot] > _order[pick.Slot])
        {
            return new(LayerVerdict.Good, $"Behind the pick '{pick.Name}'.");
        }

        return map.Shape.AsSpan(2).SequenceEqual(pick.Shape.AsSpan(2))
            ? new(LayerVerdict.Good, $"An earlier map of the same size as '{pick.Name}'; all that reaches the scores passes through it.")
            : new(LayerVerdict.Earlier, $"An earlier map: finer than '{pick.Name}' or less of the class.");
    }

    // A gate in (0, 1) whose only use is to be multiplied with a map that has as many channels or more.
    private string? Weighs(FeatureMap map)
    {
        if (!Gates.Contains(map.Operator) || _readers[map.Slot] is not [GraphStep { Node.Operator: "Mul" } product])
        {
            return null;
        }

        return product.Reads.Where(slot => slot != map.Slot && _maps.ContainsKey(slot)).Select(slot => _maps[slot]).FirstOrDefault(other => other.Channels >= map.Channels)?.Name;
    }

    private GraphStep? ReaderBehindCopies(int slot)
    {
        GraphStep? reader = _steps.FirstOrDefault(step => step.InputSlots.Contains(slot));
        return reader is not null && Copies.Contains(reader.Node.Operator) ? ReaderBehindCopies(reader.OutputSlots[0]) : reader;
    }

    private static string NameOf(FeatureMap map) => map.Parents.Count > 0 ? $"'{map.Parents[0].Name}'" : "the image";
}
