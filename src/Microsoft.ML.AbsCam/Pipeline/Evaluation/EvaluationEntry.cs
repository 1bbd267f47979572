using Microsoft.ML.AbsCam.Measures.Pointing;
using Microsoft.ML.AbsCam.Saliency.Questions;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>A row as it was read, its image apart.</summary>
/// <param name="Position">The row's position in the data.</param>
/// <param name="Trouble">Why the row cannot be measured; null where it can.</param>
internal sealed record EvaluationEntry(long Position, string? Trouble)
{
    /// <summary>What it asks for.</summary>
    public RowAsk Ask { get; init; } = RowAsk.Nothing;

    /// <summary>The map at the network's input size.</summary>
    public float[]? Map { get; init; }

    /// <summary>The map over the photo.</summary>
    public PhotoMap? OnPhoto { get; init; }

    public ObjectRegion? Object { get; init; }

    /// <summary>Why it is not known where the object is.</summary>
    public string? ObjectTrouble { get; init; }
}
