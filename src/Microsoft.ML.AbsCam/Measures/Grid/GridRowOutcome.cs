namespace Microsoft.ML.AbsCam;

/// <summary>What the grid pointing game did with a row.</summary>
public enum GridRowOutcome
{
    /// <summary>It is a tile of a grid that was explained.</summary>
    Tile,

    /// <summary>The network gives its class too low a probability.</summary>
    TooUnsure,

    /// <summary>Its grid did not fill up, or there was no grid with room for its class.</summary>
    LeftOver,

    /// <summary>There is no image, no such class, or the scores are not finite.</summary>
    Unusable,
}
