using Microsoft.ML.AbsCam.Onnx.Messages;

namespace Microsoft.ML.AbsCam;

/// <content>What is refused before anything is read.</content>
public sealed partial record AbsCamOptions
{
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        CheckRange(BatchSize, nameof(BatchSize));
        CheckRange(MaskBatchSize, nameof(MaskBatchSize));
        if (!(Tolerance >= 0 && Tolerance < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, $"{nameof(AbsCamOptions)}.{nameof(Tolerance)} is a distance in a map of [0,1]: at least 0 and below 1.");
        }

        ArgumentNullException.ThrowIfNull(Method);
        CheckDefined(ToleranceKind, nameof(ToleranceKind));
        CheckDefined(Layout, nameof(Layout));
        CheckDefined(ScoreRule, nameof(ScoreRule));
        CheckDefined(Task, nameof(Task));
        CheckDefined(Fusion, nameof(Fusion));
        CheckLayers();
        CheckThatLayersAreUsed();
        CheckHeatFeatures(Layers?.Count ?? 1);
        CheckDefined(MapSize, nameof(MapSize));
        CheckDefined(Engine, nameof(Engine));
        if (GpuDeviceId < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(GpuDeviceId), GpuDeviceId, $"{nameof(AbsCamOptions)}.{nameof(GpuDeviceId)} is the number of a CUDA device, from 0, or null.");
        }

        ArgumentNullException.ThrowIfNull(Columns);
        Columns.Validate();
        if (ScoresOutput?.Length == 0)
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(ScoresOutput)} is empty. Name an output of the network, or null.");
        }

        ArgumentNullException.ThrowIfNull(Target);
        ArgumentNullException.ThrowIfNull(Overlay);
        Overlay.Validate();
        Preprocessing?.Validate();
        ImportLimits?.Validated();
        Target.Validate();
        foreach (SaliencyTarget part in Target.Parts)
        {
            CheckClass(part.ClassPart);
            CheckClass(part.AgainstPart);
        }

        if (Labels?.Count == 0)
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(Labels)} is empty. Give one name a class, or null.");
        }

        if (Labels?.Any(label => label is null) == true)
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(Labels)} has a null among its names. Give one name a class, or null for all.");
        }
    }

    private int? IndexOf(SaliencyTarget? target) => target switch
    {
        ClassTarget asked => asked.Index,
        NamedClassTarget asked => Labels!.ToList().IndexOf(asked.Name),
        _ => null,
    };

    private void CheckClass(SaliencyTarget? target, string parameter = nameof(Target))
    {
        if (target is NamedClassTarget named)
        {
            CheckLabel(named.Name);
        }

        if (target is ClassTarget asked && Labels is not null && asked.Index >= Labels.Count)
        {
            throw new ArgumentOutOfRangeException(parameter, asked.Index, $"There are {Labels.Count} labels, so the classes are 0 to {Labels.Count - 1}.");
        }
    }

    private void CheckMapSize(int layers)
    {
        if (MapSize == MapSize.Layer && layers > 1)
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(MapSize)} is the layer's, and several layers are combined, which may differ in size. Take the input's size.");
        }
    }

    private void CheckLayers()
    {
        if (Layers is null)
        {
            return;
        }

        if (Layers.Count == 0 || Layers.Contains(null) || Layers.Distinct().Count() != Layers.Count)
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(Layers)} names one layer or more, each once, or is null for the usual one.");
        }

        CheckMapSize(Layers.Count);
    }

    private void CheckThatLayersAreUsed()
    {
        if (!Method.UsesLayer && Layers?[0] is { } layer)
        {
            throw new ArgumentException($"The method '{Method}' works on the image and has no layer, and the layer '{layer}' is named. Leave it out, or take another method.");
        }

        if (!Method.UsesLayer && MapSize == MapSize.Layer)
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(MapSize)} is the layer's, and the method '{Method}' has none. Take the input's size.");
        }
    }

    private void CheckHeatFeatures(int layers)
    {
        if (Columns?.HeatFeatures is null)
        {
            return;
        }

        string column = $"{nameof(AbsCamOptions)}.{nameof(Columns)}.{nameof(Columns.HeatFeatures)}";
        if (!Method.UsesLayer)
        {
            throw new ArgumentException($"{column} averages a layer's activations, and the method '{Method}' works on the image. Leave it out, or take a method that explains a layer.");
        }

        if (layers > 1)
        {
            throw new ArgumentException($"{column} averages one layer's activations, and {layers} layers are combined. Leave it out, or name one layer.");
        }
    }

    private void CheckLabel(string name)
    {
        if (Labels is null)
        {
            throw new ArgumentException($"The target class '{name}' is given by name, and {nameof(AbsCamOptions)}.{nameof(Labels)} is null. Give the labels, or the class as an index.");
        }

        if (!Labels.Contains(name))
        {
            throw new ArgumentException($"There is no class named '{name}' among the {Labels.Count} labels.{NearNames.Hint(name, Labels)}");
        }

        int[] places = [.. Enumerable.Range(0, Labels.Count).Where(i => Labels[i] == name)];
        if (places.Length > 1)
        {
            throw new ArgumentException($"The name '{name}' is that of {places.Length} classes, {string.Join(" and ", places)}. Give the class as an index.");
        }
    }

    private static void CheckDefined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(AbsCamOptions)}.{name} is one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    private static void CheckRange(int value, string name)
    {
        if (value is < 1 or > 4096)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(AbsCamOptions)}.{name} is a number of images: 1 to 4096.");
        }
    }
}
