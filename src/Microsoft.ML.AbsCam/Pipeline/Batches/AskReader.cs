using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Measures.Pointing;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Reads what the current row of a cursor asks for, with places brought from the photo to the network's input.</summary>
internal sealed class AskReader
{
    private readonly AbsCamOptions _options;
    private readonly NetworkInput _input;
    private readonly Func<int>? _class;
    private readonly Func<int>? _against;
    private readonly ObjectReader? _mask;
    private readonly ValueGetter<VBuffer<float>>? _box;
    private readonly ValueGetter<VBuffer<float>>? _reference;
    private readonly AskReader[]? _parts;
    private VBuffer<float> _buffer;

    public AskReader(DataViewRow row, AskColumns columns, AbsCamOptions options, NetworkInput input)
    {
        (_options, _input) = (options, input);
        _parts = columns.Parts is { } parts ? [.. parts.Select((part, i) => new AskReader(row, part, options with { Target = options.Target.Parts[i] }, input))] : null;
        _class = columns.Class is { } ofClass ? TargetReader.For(row, ofClass, options.Labels) : null;
        _against = columns.Against is { } against ? TargetReader.For(row, against, options.Labels) : null;
        _mask = ObjectReader.For(row, null, columns.Mask);
        _box = columns.Box is { } box ? row.GetGetter<VBuffer<float>>(box) : null;
        _reference = columns.Reference is { } reference ? row.GetGetter<VBuffer<float>>(reference) : null;
    }

    /// <param name="photo">The row's photo; null where the input is a vector.</param>
    public RowAsk Read(MLImage? photo) => _parts is null ? ReadOne(photo) : new() { Parts = [.. _parts.Select(part => part.ReadOne(photo))] };

    private RowAsk ReadOne(MLImage? photo) => new(
        _class?.Invoke() ?? _options.FixedTarget,
        _against?.Invoke() ?? _options.FixedAgainst,
        _mask is not null ? Mask(_mask, photo) : _box is not null ? Box(Values(_box), photo) : _options.Target is BoxTarget { Sides: { } sides } box ? OfOption(box, sides, photo) : null,
        _reference is null ? null : [.. Values(_reference).Select(value => (float)value)]);

    private AskedPlace OfOption(BoxTarget box, double[] sides, MLImage? photo) => box.IsOfInput ? new AskedPlace.BoxPlace(sides[0], sides[1], sides[2], sides[3]) : Box(sides, photo);

    private double[] Values(ValueGetter<VBuffer<float>> getter)
    {
        getter(ref _buffer);
        return [.. _buffer.DenseValues().Select(value => (double)value)];
    }

    private AskedPlace Box(double[] sides, MLImage? photo)
    {
        if (sides is not [var left, var top, var right, var bottom] || !sides.All(double.IsFinite) || right <= left || bottom <= top)
        {
            return AskedPlace.None;
        }

        ImageGeometry geometry = Geometry(photo);
        (double x, double y) = geometry.ToInput(left, top);
        (double farX, double farY) = geometry.ToInput(right, bottom);
        return farX <= 0 || farY <= 0 || x >= geometry.InputWidth || y >= geometry.InputHeight
            ? AskedPlace.None
            : new AskedPlace.BoxPlace(x, y, farX, farY);
    }

    private AskedPlace Mask(ObjectReader reader, MLImage? photo)
    {
        ImageGeometry geometry = Geometry(photo);
        (ObjectRegion? region, _) = reader.Read(geometry.PhotoWidth, geometry.PhotoHeight);
        if (region is null)
        {
            return AskedPlace.None;
        }

        // The pixel of the photo that lies under the centre of each pixel of the input.
        float[] inside = new float[geometry.InputHeight * geometry.InputWidth];
        for (int i = 0; i < inside.Length; i++)
        {
            (double x, double y) = geometry.ToPhoto((i % geometry.InputWidth) + 0.5, (i / geometry.InputWidth) + 0.5);
            (int column, int row) = ((int)Math.Floor(x), (int)Math.Floor(y));
            bool isOnPhoto = column >= 0 && row >= 0 && column < geometry.PhotoWidth && row < geometry.PhotoHeight;
            inside[i] = isOnPhoto && region.Contains(column, row) ? 1 : 0;
        }

        return Array.TrueForAll(inside, value => value == 0) ? AskedPlace.None : new AskedPlace.MaskPlace(inside, geometry.InputHeight, geometry.InputWidth);
    }

    private ImageGeometry Geometry(MLImage? photo)
    {
        if (photo is not null)
        {
            return ImageGeometry.For(photo.Width, photo.Height, _input.Preprocessing);
        }

        // A vector is the photo, as the network takes it.
        (int height, int width) = ((int)_input.Size[1], (int)_input.Size[2]);
        return ImageGeometry.For(width, height, ImagePreprocessing.For(height, width) with { Resize = ResizeRule.Squash });
    }
}
