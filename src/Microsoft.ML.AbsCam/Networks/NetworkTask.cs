namespace Microsoft.ML.AbsCam;

/// <summary>What a network is for, which decides what its output can be asked.</summary>
public enum NetworkTask
{
    /// <summary>As the output looks: a score for each pixel segments, boxes with scores detect, and a vector is taken for class scores.</summary>
    Auto,

    /// <summary>A vector of class scores.</summary>
    Classify,

    /// <summary>Boxes with scores, before non-maximum suppression.</summary>
    Detect,

    /// <summary>Scores of the classes for each pixel.</summary>
    Segment,

    /// <summary>A vector that places the image among others; <see cref="SaliencyTarget.Similar"/> asks about it.</summary>
    Embed,

    /// <summary>A vector of numbers that stand for themselves; <see cref="SaliencyTarget.Output"/> asks about one.</summary>
    Regress,
}
