namespace Microsoft.ML.AbsCam;

/// <summary>The colours of an overlay, from a map's low values to its high ones.</summary>
public enum ColorMap
{
    /// <summary>Black, purple, orange, pale yellow; lightness rises evenly, so that it also reads in grey print. The default.</summary>
    Inferno,

    /// <summary>Black, purple, pink, cream; lightness rises evenly.</summary>
    Magma,

    /// <summary>Violet, teal, green, yellow; lightness rises evenly, safe for colour-blind readers.</summary>
    Viridis,

    /// <summary>Blue, green, yellow, red: the familiar rainbow, smoothed. Its lightness peaks in the middle, so greys do not rank values.</summary>
    Turbo,
}
