using Microsoft.ML.AbsCam.Imaging;

namespace Microsoft.ML.AbsCam;

/// <summary>Colours of a <see cref="ColorMap"/>, for legends.</summary>
public static class ColorMapExtensions
{
    /// <summary>The colour of a value.</summary>
    /// <param name="map">The colour map.</param>
    /// <param name="value">0 (low) to 1 (high); values outside are taken as the nearest end, NaN as 0.</param>
    /// <returns>sRGB components, 0 to 255.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The colour map is unknown.</exception>
    public static (byte Red, byte Green, byte Blue) ColorOf(this ColorMap map, float value)
    {
        var table = ColorTable.Of(map);
        var index = float.IsNaN(value) ? 0 : (int)MathF.Round(Math.Clamp(value, 0, 1) * (ColorTable.Length - 1));
        return (table[3 * index], table[3 * index + 1], table[3 * index + 2]);
    }
}
