namespace Microsoft.ML.AbsCam;

/// <summary>What a feature layer is good for.</summary>
public enum LayerVerdict
{
    /// <summary>The one taken when nobody names a layer: the last map of features before the network pools, flattens or makes classes, or the last tokens whose places count.</summary>
    Pick,

    /// <summary>As large as the pick, and all that reaches the class scores passes through it: a fair choice too.</summary>
    Good,

    /// <summary>A pooled map: the one before it places the same features more finely.</summary>
    Pooled,

    /// <summary>One channel a class: scores, not features.</summary>
    ClassChannels,

    /// <summary>One of several ways to the scores, inside a residual block or a branch: the sum or the joined map holds all of them.</summary>
    InsideBlock,

    /// <summary>It weighs another map, pixel by pixel, and holds no features itself.</summary>
    Attention,

    /// <summary>Before its activation, so that it has negative values which the network never uses.</summary>
    BeforeActivation,

    /// <summary>The same numbers as the map before it, perhaps rounded or with a border.</summary>
    Copy,

    /// <summary>An earlier map: finer than the pick, and less of the class.</summary>
    Earlier,

    /// <summary>A map of a network that has no pick: less than half of its work lies before the last map, as where tokens follow whose places are not known.</summary>
    TooEarly,

    /// <summary>Of 1 x 1, as a globally pooled map or a gate made of one: there are no places to tell apart, so it cannot be explained.</summary>
    OnePixel,

    /// <summary>
    /// Its places do not count any more: no gradient of the scores reaches them, as behind the last attention of a network whose class token alone is read. Methods by
    /// gradients have nothing to show there.
    /// </summary>
    NoGradient,
}
