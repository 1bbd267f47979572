namespace Microsoft.ML.AbsCam.Baking;

/// <summary>What a question that reads more of the outputs than a class's score comes to, as values of a model file.</summary>
/// <param name="Gradient">The gradient of what is asked with respect to the outputs.</param>
/// <param name="Classes">The class of each row [batch].</param>
/// <param name="Shown">What stands in the columns of probabilities and scores [batch, classes]: that of each class at the row's place, or the likeness.</param>
internal sealed record OutputAnswer(string Gradient, string Classes, string Shown)
{
    /// <summary>The class that it is told from [batch]; null where there is none.</summary>
    public string? Against { get; init; }

    /// <summary>Where it is: a box's left, top, right and bottom in pixels of the input [batch, 4], NaN where there is none, or a region's pixels of the output, 1 inside [batch, height, width]; null of no place.</summary>
    public string? Place { get; init; }

    /// <summary>Whether there is what is asked about [batch]; null where there always is.</summary>
    public string? IsFound { get; init; }
}
