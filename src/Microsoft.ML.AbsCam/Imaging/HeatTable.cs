namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>For each value of a map the colour to add, already times its opacity, and what is left of the photo. Fixed point: 256 is 1.</summary>
internal sealed class HeatTable
{
    public const int Length = 1024;

    /// <summary>Values below this leave the photo untouched: a saliency map's noise floor is not a finding.</summary>
    private const float Floor = 0.05f;

    private const int One = 256;

    private readonly Entry[] _entries = new Entry[Length];

    public HeatTable(OverlayOptions options)
    {
        var colors = ColorTable.Of(options.ColorMap);
        for (var i = 0; i < Length; i++)
        {
            var value = i / (Length - 1f);
            var rise = Math.Clamp((value - Floor) / (1 - Floor), 0, 1);
            var opacity = options.Opacity * MathF.Sqrt(rise) * Math.Min(rise * 4, 1);
            var color = 3 * (int)MathF.Round(value * (ColorTable.Length - 1));
            _entries[i] = new Entry(
                (int)MathF.Round(colors[color] * opacity * One),
                (int)MathF.Round(colors[color + 1] * opacity * One),
                (int)MathF.Round(colors[color + 2] * opacity * One),
                One - (int)MathF.Round(opacity * One));
        }
    }

    public ReadOnlySpan<Entry> Entries => _entries;

    internal readonly record struct Entry(int Red, int Green, int Blue, int Photo);
}
