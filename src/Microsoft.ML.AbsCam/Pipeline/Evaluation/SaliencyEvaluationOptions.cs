namespace Microsoft.ML.AbsCam;

/// <summary>Which columns hold what, and what is measured. Every property has a default that works.</summary>
public sealed record SaliencyEvaluationOptions
{
    /// <summary>The column of images: <see cref="Data.MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes the transformer's input column, or <c>Image</c> without one.</summary>
    public string? ImageColumn { get; init; }

    /// <summary>The column of maps: a vector of float [H,W], finite. Null takes the transformer's output column, or <c>Saliency</c> without one.</summary>
    public string? MapColumn { get; init; }

    /// <summary>The column of the explained classes: a key, an integer from 0, a text, or a vector of scores, whose highest entry counts. A key's values are found among the labels by their texts. Null takes the transformer's class column, or the class that it explains in every row; without either, the class that the network predicts.</summary>
    public string? TargetColumn { get; init; }

    /// <summary>The column that says why a row has no map, as text (see <see cref="AbsCamColumns.Status"/>). Null takes the transformer's.</summary>
    public string? StatusColumn { get; init; }

    /// <summary>The column of the boxes around the objects of the row's class: a vector of float with left, top, right and bottom of each, in pixels of the photo as the image column has it (upright, where <see cref="ImageFile"/> read it), pixel i covering [i, i + 1). Null: no boxes.</summary>
    public string? BoxesColumn { get; init; }

    /// <summary>The column of the object's mask: an image of the photo's size that is not black on the object, or a vector of float [H,W] that is above 0 there. Null: no masks.</summary>
    public string? MaskColumn { get; init; }

    /// <summary>What is measured; null takes all measures that the columns allow, with the protocol of RISE.</summary>
    public IReadOnlyList<SaliencyMeasure>? Measures { get; init; }

    /// <summary>What a map lies over. Default: the network's input.</summary>
    public MapExtent MapExtent { get; init; }

    /// <summary>How photos become the network's input; null takes the transformer's, or what <see cref="AbsCamOptions.PreprocessingFor"/> says.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The order of dimensions of a vector input. Default: found out.</summary>
    public VectorLayout Layout { get; init; }

    /// <summary>How scores become probabilities; null takes the transformer's, or finds out.</summary>
    public ScoreRule? ScoreRule { get; init; }

    /// <summary>The names of the classes, where the target column holds names; null takes the transformer's.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How many rows are held at once, 1 to 4096. Default: 8.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>How many altered images go through the network at once, 1 to 4096. Default: 8.</summary>
    public int PassSize { get; init; } = 8;

    /// <summary>What the bootstrap intervals are drawn from. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        CheckRange(BatchSize, nameof(BatchSize));
        CheckRange(PassSize, nameof(PassSize));
        CheckDefined(MapExtent, nameof(MapExtent));
        CheckDefined(Layout, nameof(Layout));
        CheckDefined(ScoreRule ?? default, nameof(ScoreRule));
        if (Measures is { Count: 0 } || Measures?.Any(measure => measure is null) == true)
        {
            throw new ArgumentException($"{nameof(SaliencyEvaluationOptions)}.{nameof(Measures)} names one measure or more, or is null for all.");
        }

        if (BoxesColumn is not null && MaskColumn is not null)
        {
            throw new ArgumentException($"{nameof(SaliencyEvaluationOptions)}.{nameof(BoxesColumn)} and {nameof(MaskColumn)} both say where objects are. Give one of them.");
        }

        Preprocessing?.Validate();
    }

    private static void CheckDefined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(SaliencyEvaluationOptions)}.{name} is one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    private static void CheckRange(int value, string name)
    {
        if (value is < 1 or > 4096)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(SaliencyEvaluationOptions)}.{name} is a number of images: 1 to 4096.");
        }
    }
}
