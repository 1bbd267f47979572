using Microsoft.ML.AbsCam.Onnx.Gradients;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>
/// How a value with places is laid out in a network: an axis each for images and channels, and either an axis each for rows and columns, or one
/// for both, the places in a row as tokens. Shown to others it is [batch, channels, height, width], without the tokens that are no places.
/// </summary>
internal sealed class PlaceLayout
{
    private readonly long[] _order;
    private readonly AxisPart[] _digits;

    private PlaceLayout(long[] order, AxisPart[] rows, AxisPart[] columns, long[] shape, AxisPart[] digits)
    {
        (_order, _digits) = (order, digits);
        (Rows, Columns, Shape) = (rows, columns, shape);
    }

    /// <summary>The digits of the rows, and of the columns, the highest first.</summary>
    public AxisPart[] Rows { get; }

    /// <inheritdoc cref="Rows"/>
    public AxisPart[] Columns { get; }

    /// <summary>Channels, height and width.</summary>
    public long[] Shape { get; }

    /// <summary>How many tokens there are, places or not; 0 where rows and columns have axes of their own.</summary>
    public long Tokens { get; private init; }

    /// <summary>How many tokens come before the first place.</summary>
    public long Before { get; private init; }

    /// <summary>Whether there are tokens that are no places.</summary>
    public bool HasOthers => Tokens > Places;

    /// <summary>The axes along which places lie.</summary>
    public long[] PlaceAxes => _order[2..];

    /// <summary>The axis along which channels lie.</summary>
    public int ChannelAxis => (int)_order[1];

    /// <summary>Whether it is [batch, channels, height, width].</summary>
    public bool IsPlain => _order is [0, 1, 2, 3];

    /// <summary>Whether it is [batch, height, width, channels].</summary>
    public bool IsChannelsLast => _order is [0, 3, 1, 2];

    private long Places => Shape[1] * Shape[2];

    /// <summary>The layout of a value; null where it has no places, or not an axis each for images and channels.</summary>
    /// <param name="axes">What its axes mean.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="batch">How many images there are; of one image, the first axis of one place may be theirs.</param>
    public static PlaceLayout? Of(ValueAxes axes, long[] shape, long batch)
    {
        if (axes.Rank is not (3 or 4))
        {
            return null;
        }

        AxisKind?[] roles = [.. Enumerable.Range(0, axes.Rank).Select(axis => AxisRoles.RoleOf(axes[axis]))];
        int images = Array.IndexOf(roles, AxisKind.Batch);
        images = images < 0 && batch == 1 ? Array.IndexOf(shape, 1) : images;
        int[] rest = [.. Enumerable.Range(0, axes.Rank).Where(axis => axis != images)];
        int channels = rest.FirstOrDefault(axis => roles[axis] == AxisKind.Feature, -1);
        if (images < 0 || channels < 0)
        {
            return null;
        }

        if (axes.Rank == 3)
        {
            return OfTokens(axes, shape, images, channels, rest.Single(axis => axis != channels));
        }

        (int row, int column) = (Array.IndexOf(roles, AxisKind.Row), Array.IndexOf(roles, AxisKind.Column));
        return row < 0 || column < 0 ? null
            : new PlaceLayout([images, channels, row, column], axes[row], axes[column], [shape[channels], shape[row], shape[column]], []);
    }

    /// <summary>The value as [batch, channels, height, width], however the network lays it out.</summary>
    public Tensor Present(Tensor value)
    {
        if (Tokens == 0)
        {
            return IsPlain ? value.alias() : value.permute(_order).contiguous();
        }

        return PresentTokens(value.permute(_order));
    }

    /// <summary>The places of tokens [batch, channels, tokens] as [batch, channels, height, width].</summary>
    public Tensor PresentTokens(Tensor value)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor places = value.narrow(2, Before, Places);
        Tensor digits = places.reshape([.. places.shape[..2], .. _digits.Select(digit => digit.Size)]).permute([0, 1, .. ToGrid]);
        return digits.reshape([.. places.shape[..2], .. Shape[1..]]).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Present"/>, written as nodes.</summary>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="value">The value's name.</param>
    public string Write(NodeWriter writer, string value)
    {
        if (IsPlain)
        {
            return value;
        }

        string laid = _order.SequenceEqual(Enumerable.Range(0, _order.Length).Select(axis => (long)axis)) ? value : writer.Transpose(value, _order);
        if (Tokens == 0)
        {
            return laid;
        }

        string places = HasOthers ? writer.Slice(laid, 2, Before, Before + Places) : laid;
        string digits = writer.Transpose(writer.Reshape(places, [0, 0, .. _digits.Select(digit => digit.Size)]), [0, 1, .. ToGrid]);
        return writer.Reshape(digits, [0, 0, .. Shape[1..]]);
    }

    /// <summary>A value [batch, channels, height, width] as the network lays it out.</summary>
    /// <param name="map">What the places are to hold.</param>
    /// <param name="whole">The value as it was, for the tokens that are no places; null where there are none.</param>
    public Tensor AsInNetwork(Tensor map, Tensor? whole)
    {
        if (IsPlain && Tokens == 0)
        {
            return map;
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor places = map;
        if (Tokens > 0)
        {
            long[] grid = ToGrid;
            Tensor digits = map.reshape([.. map.shape[..2], .. grid.Select(at => _digits[at - 2].Size)]).permute([0, 1, .. Inverse(grid, 2)]);
            places = digits.reshape([.. map.shape[..2], Places]);
        }

        if (HasOthers)
        {
            Tensor others = whole!.permute(_order);
            long behind = Before + Places;
            places = cat([others.narrow(2, 0, Before), places, others.narrow(2, behind, Tokens - behind)], 2);
        }

        return places.permute(Inverse(_order, 0)).MoveToOuterDisposeScope();
    }

    // Behind images and channels, the axes of the digits: rows first, the highest digits first.
    private long[] ToGrid => [.. Enumerable.Range(0, _digits.Length).OrderBy(i => _digits[i].Origin.Kind == AxisKind.Row ? 0 : 1).ThenByDescending(i => _digits[i].Step).Select(i => i + 2L)];

    private static long[] Inverse(long[] order, long from) => [.. Enumerable.Range(0, order.Length).Select(axis => Array.IndexOf(order, axis + from) + from)];

    private static PlaceLayout? OfTokens(ValueAxes axes, long[] shape, int images, int channels, int tokens)
    {
        TokenPlaces places = TokenAxes.IsOne(axes[tokens]) ? axes[tokens][0].Origin.Tokens! : new TokenPlaces(0, axes[tokens]);
        AxisPart[]? rows = Whole(places.Places, AxisKind.Row);
        AxisPart[]? columns = Whole(places.Places, AxisKind.Column);
        return rows is null || columns is null || rows[0].Size * columns[0].Size != places.Count ? null
            : new PlaceLayout([images, channels, tokens], rows, columns, [shape[channels], rows[0].Size, columns[0].Size], places.Places) { Tokens = shape[tokens], Before = places.Before };
    }

    // All digits of rows, or of columns, as one; null where some are elsewhere.
    private static AxisPart[]? Whole(AxisPart[] digits, AxisKind kind)
    {
        AxisPart? whole = null;
        foreach (AxisPart digit in digits.Where(digit => digit.Origin.Kind == kind).OrderByDescending(digit => digit.Step))
        {
            whole = whole is null ? digit : whole.Value.Joined(digit);
            if (whole is null)
            {
                return null;
            }
        }

        return whole is { IsHighest: true } found ? [found] : null;
    }
}
