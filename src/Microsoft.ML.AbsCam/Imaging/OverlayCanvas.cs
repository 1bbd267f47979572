namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Draws rows of an overlay: heat where the network looked, a dimmed photo beside it, a line between the two.</summary>
internal sealed class OverlayCanvas
{
    private const int One = 256;
    private const byte OutlineLevel = 235;

    // ITU-R BT.601 luma in 1/256.
    private const int RedShare = 77;
    private const int GreenShare = 150;
    private const int BlueShare = 29;

    private readonly PixelOrder _order;
    private readonly PixelSpan _seen;
    private readonly HeatTable _heat;
    private readonly int _kept;

    public OverlayCanvas(PixelOrder order, OverlayOptions options, PixelSpan seenColumns)
    {
        _order = order;
        _seen = seenColumns;
        _heat = new HeatTable(options);
        _kept = (int)MathF.Round((1 - options.Dimming) * One);
    }

    /// <summary>One row of the photo with heat in the columns that the network saw, and dimmed beside them.</summary>
    public void Heat(ReadOnlySpan<byte> source, Span<byte> target, ReadOnlySpan<float> mapRow, ReadOnlySpan<CellPair> columns)
    {
        Dim(source, target, 0, _seen.First);
        var entries = _heat.Entries;
        for (var x = _seen.First; x < _seen.End; x++)
        {
            var tap = columns[x];
            var before = mapRow[tap.Before];
            var value = before + (mapRow[tap.After] - before) * tap.Weight;
            ref readonly var entry = ref entries[(int)Math.Clamp(value * (HeatTable.Length - 1) + 0.5f, 0, HeatTable.Length - 1)];
            var from = source.Slice(x * PixelOrder.Bytes, PixelOrder.Bytes);
            var to = target.Slice(x * PixelOrder.Bytes, PixelOrder.Bytes);
            var white = byte.MaxValue - from[PixelOrder.Alpha];
            to[_order.Red] = (byte)((OverWhite(from[_order.Red], white) * entry.Photo + entry.Red) >> 8);
            to[_order.Green] = (byte)((OverWhite(from[_order.Green], white) * entry.Photo + entry.Green) >> 8);
            to[_order.Blue] = (byte)((OverWhite(from[_order.Blue], white) * entry.Photo + entry.Blue) >> 8);
            to[PixelOrder.Alpha] = byte.MaxValue;
        }

        Dim(source, target, _seen.End, columns.Length);
    }

    /// <summary>Columns [first, end) of a row darkened, and drained of colour to the same degree.</summary>
    public void Dim(ReadOnlySpan<byte> source, Span<byte> target, int first, int end)
    {
        for (var x = first; x < end; x++)
        {
            var from = source.Slice(x * PixelOrder.Bytes, PixelOrder.Bytes);
            var to = target.Slice(x * PixelOrder.Bytes, PixelOrder.Bytes);
            var white = byte.MaxValue - from[PixelOrder.Alpha];
            var red = OverWhite(from[_order.Red], white);
            var green = OverWhite(from[_order.Green], white);
            var blue = OverWhite(from[_order.Blue], white);
            var grey = (RedShare * red + GreenShare * green + BlueShare * blue) >> 8;
            to[_order.Red] = Dimmed(red, grey);
            to[_order.Green] = Dimmed(green, grey);
            to[_order.Blue] = Dimmed(blue, grey);
            to[PixelOrder.Alpha] = byte.MaxValue;
        }
    }

    /// <summary>The part of the line around the seen region that lies in row y: outside the region, never on the heat.</summary>
    public void Outline(Span<byte> target, int y, PixelSpan seenRows, int photoHeight, int line)
    {
        var width = target.Length / PixelOrder.Bytes;
        var (top, bottom) = (Math.Max(seenRows.First - line, 0), Math.Min(seenRows.End + line, photoHeight));
        if (line == 0 || y < top || y >= bottom)
        {
            return;
        }

        var (left, right) = (Math.Max(_seen.First - line, 0), Math.Min(_seen.End + line, width));
        if (y < seenRows.First || y >= seenRows.End)
        {
            Fill(target, left, right);
            return;
        }

        Fill(target, left, _seen.First);
        Fill(target, _seen.End, right);
    }

    private static void Fill(Span<byte> target, int first, int end)
    {
        for (var i = first * PixelOrder.Bytes; i < end * PixelOrder.Bytes; i++)
        {
            target[i] = i % PixelOrder.Bytes == PixelOrder.Alpha ? byte.MaxValue : OutlineLevel;
        }
    }

    // Pixels that were never premultiplied can exceed their alpha.
    private static int OverWhite(int level, int white) => Math.Min(level + white, byte.MaxValue);

    private byte Dimmed(int level, int grey) => (byte)((level * _kept + grey * (One - _kept)) / One * _kept / One);
}
