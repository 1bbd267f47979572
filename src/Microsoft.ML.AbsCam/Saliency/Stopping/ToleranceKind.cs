namespace Microsoft.ML.AbsCam;

/// <summary>What <see cref="AbsCamOptions.Tolerance"/> speaks of. docs/understand/method.md has the two rules.</summary>
public enum ToleranceKind
{
    /// <summary>
    /// The mean over pixels of the difference from the exact map, as it is to be expected where masks that look alike score alike. Some
    /// maps are further off: docs/understand/performance.md counts them. The default.
    /// </summary>
    Expected,

    /// <summary>The largest difference of any pixel from the exact map, whatever the masks that were not run would have scored. It saves far less.</summary>
    Guaranteed,
}
