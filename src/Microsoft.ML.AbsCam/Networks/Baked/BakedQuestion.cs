namespace Microsoft.ML.AbsCam.Networks.Baked;

/// <summary>What a baked file answers besides which class: a place, or a likeness, whose numbers it gives beside the map.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Shown">The output of what stands in the columns of probabilities and scores [batch, classes].</param>
internal sealed record BakedQuestion(BakedQuestionKind Kind, string Shown)
{
    /// <summary>The output of the places: boxes [batch, 4], or regions [batch, height, width]; null of a likeness.</summary>
    public string? Place { get; init; }

    /// <summary>The output of the classes that are told from; null where nothing is.</summary>
    public string? Against { get; init; }

    /// <summary>Left, top, right and bottom of the box that is asked about, in pixels of the input; null where the network says where it is.</summary>
    public double[]? Sides { get; init; }

    /// <summary>What every row is compared with; null of a place.</summary>
    public float[]? Reference { get; init; }

    /// <summary>The outputs.</summary>
    public IEnumerable<string> Outputs => new[] { Shown, Place, Against }.OfType<string>();
}

/// <summary>What a question is about that is about more than a class.</summary>
internal enum BakedQuestionKind
{
    /// <summary>The pixels that the network gives to a class.</summary>
    Region,

    /// <summary>A detection.</summary>
    Box,

    /// <summary>The likeness to another picture.</summary>
    Likeness,
}
