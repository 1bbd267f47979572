namespace Microsoft.ML.AbsCam;

/// <summary>How large the maps in the output column are.</summary>
public enum MapSize
{
    /// <summary>One value a pixel of the network's input.</summary>
    Input,

    /// <summary>One value a pixel of the feature layer: the same information in a small column.</summary>
    Layer,
}
