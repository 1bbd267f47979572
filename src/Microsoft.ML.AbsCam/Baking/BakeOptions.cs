namespace Microsoft.ML.AbsCam;

/// <summary>How an explanation becomes part of a model file.</summary>
public sealed record BakeOptions
{
    /// <summary>The method. Default: <see cref="SaliencyMethod.AbsCamInitial"/>. One of <see cref="NetworkBaking.Methods"/>.</summary>
    public SaliencyMethod Method { get; init; } = SaliencyMethod.AbsCamInitial;

    /// <summary>The feature layer, by its name. Default: null, the one that the network is explained at when nobody names one.</summary>
    public string? Layer { get; init; }

    /// <summary>
    /// What is asked. Default: <see cref="SaliencyTarget.Predicted"/>. A class, a contrast of two, an output, a region that the network finds, a box, or the likeness to a reference can be baked; a column is what
    /// <see cref="TargetInput"/> is for. The sides of a box are pixels of the network's input, as a file knows no photos.
    /// </summary>
    public SaliencyTarget Target { get; init; } = SaliencyTarget.Predicted;

    /// <summary>Whether the class comes in by a second input of the file, <c>target</c>, int64 [batch]; then <see cref="Target"/> stays at its default. Default: false.</summary>
    public bool TargetInput { get; init; }

    /// <summary>Whether maps have the input's size, enlarged as everywhere, or the layer's. Default: the input's.</summary>
    public MapSize MapSize { get; init; } = MapSize.Input;

    /// <summary>The names of the classes, for a target that names one. Default: null, those that the file holds.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The class that a part of the target names; null where the network finds it, or there is none.</summary>
    /// <param name="part">The part.</param>
    /// <param name="own">The names that the file holds, where no others are given.</param>
    internal int? IndexOf(SaliencyTarget? part, IReadOnlyList<string>? own) => part switch
    {
        ClassTarget { Index: int index } => index,
        NamedClassTarget { Name: string name } => (Labels ?? own)!.ToList().IndexOf(name),
        _ => null,
    };
}
