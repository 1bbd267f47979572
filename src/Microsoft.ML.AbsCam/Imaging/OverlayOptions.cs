namespace Microsoft.ML.AbsCam;

/// <summary>How a saliency map is drawn over its photo.</summary>
public sealed record OverlayOptions
{
    /// <summary>The colours. Default: <see cref="ColorMap.Inferno"/>.</summary>
    public ColorMap ColorMap { get; init; } = ColorMap.Inferno;

    /// <summary>How much of the photo the colour covers where the map is 1; 0 (nothing) to 1 (all). Lower values of the map cover less, 0 covers nothing. Default: 0.8.</summary>
    public float Opacity { get; init; } = 0.8f;

    /// <summary>How much the part of the photo that the network did not see is darkened and drained of colour; 0 (not at all) to 1 (black). Default: 0.5.</summary>
    public float Dimming { get; init; } = 0.5f;

    /// <summary>Whether a thin line marks the edge of what the network saw, where that is not the photo's own edge. Default: true.</summary>
    public bool Outline { get; init; } = true;

    /// <summary>Checks every property; called once, where options enter the library.</summary>
    /// <exception cref="ArgumentException">A property is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (!Enum.IsDefined(ColorMap))
        {
            throw new ArgumentException($"OverlayOptions.ColorMap is {ColorMap}; expected Inferno, Magma, Viridis or Turbo.");
        }

        if (!(Opacity is >= 0 and <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"OverlayOptions.Opacity is {Opacity}; expected 0 to 1."));
        }

        if (!(Dimming is >= 0 and <= 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"OverlayOptions.Dimming is {Dimming}; expected 0 to 1."));
        }
    }
}
