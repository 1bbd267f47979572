using System.Globalization;
using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Measures.Pointing;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Reads where the object of the current row is.</summary>
internal abstract class ObjectReader
{
    /// <returns>The object, or why it is not known where it is.</returns>
    public abstract (ObjectRegion? Region, string? Trouble) Read(int photoWidth, int photoHeight);

    /// <param name="row">A cursor or row with the columns active.</param>
    /// <param name="boxesColumn">The column of boxes; null for none.</param>
    /// <param name="maskColumn">The column of masks, where there are no boxes; null for none.</param>
    public static ObjectReader? For(DataViewRow row, DataViewSchema.Column? boxesColumn, DataViewSchema.Column? maskColumn) => (boxesColumn, maskColumn) switch
    {
        ({ } boxes, _) => new OfBoxes(row.GetGetter<VBuffer<float>>(boxes)),
        (_, { Type: VectorDataViewType type } mask) => new OfVectors(row.GetGetter<VBuffer<float>>(mask), type),
        (_, { } mask) => new OfImages(row.GetGetter<MLImage>(mask)),
        _ => null,
    };

    private sealed class OfBoxes(ValueGetter<VBuffer<float>> getter) : ObjectReader
    {
        private VBuffer<float> _buffer;

        public override (ObjectRegion? Region, string? Trouble) Read(int photoWidth, int photoHeight)
        {
            getter(ref _buffer);
            float[] values = [.. _buffer.DenseValues()];
            if (values.Length == 0)
            {
                return (null, "there is no box of the class");
            }

            if (values.Length % 4 != 0)
            {
                return (null, $"the boxes have {values.Length} numbers, and each box has four: left, top, right, bottom");
            }

            var boxes = new PixelArea[values.Length / 4];
            for (int i = 0; i < boxes.Length; i++)
            {
                float[] box = values[(i * 4)..((i * 4) + 4)];
                string text = string.Join(", ", box.Select(side => side.ToString(CultureInfo.InvariantCulture)));
                if (!box.All(float.IsFinite) || box[2] <= box[0] || box[3] <= box[1])
                {
                    return (null, $"box {i + 1} ({text}) is not left, top, right, bottom with right and bottom beyond left and top");
                }

                boxes[i] = PixelArea.OfCentres(box[0], box[1], box[2], box[3], photoWidth, photoHeight);
                if (boxes[i].IsEmpty)
                {
                    return (null, $"box {i + 1} ({text}) holds no pixel of the photo, which is {photoWidth} x {photoHeight} (width x height)");
                }
            }

            return (new BoxRegion(boxes), null);
        }
    }

    private sealed class OfImages(ValueGetter<MLImage> getter) : ObjectReader
    {
        private MLImage? _image;

        public override (ObjectRegion? Region, string? Trouble) Read(int photoWidth, int photoHeight)
        {
            getter(ref _image!);
            if (_image is null)
            {
                return (null, "there is no mask");
            }

            bool[] mask = new bool[_image.Width * _image.Height];
            ReadOnlySpan<byte> pixels = _image.Pixels;
            for (int i = 0; i < mask.Length; i++)
            {
                // The fourth byte is the opacity, which says nothing of colour.
                ReadOnlySpan<byte> pixel = pixels.Slice(i * PixelOrder.Bytes, PixelOrder.Bytes - 1);
                mask[i] = pixel.ContainsAnyExcept((byte)0);
            }

            return Checked(mask, _image.Width, _image.Height, photoWidth, photoHeight);
        }
    }

    private sealed class OfVectors(ValueGetter<VBuffer<float>> getter, VectorDataViewType type) : ObjectReader
    {
        private VBuffer<float> _buffer;

        public override (ObjectRegion? Region, string? Trouble) Read(int photoWidth, int photoHeight)
        {
            getter(ref _buffer);
            bool[] mask = [.. _buffer.DenseValues().Select(value => value > 0)];
            return Checked(mask, type.Dimensions[1], type.Dimensions[0], photoWidth, photoHeight);
        }
    }

    private static (ObjectRegion? Region, string? Trouble) Checked(bool[] mask, int width, int height, int photoWidth, int photoHeight)
    {
        if ((width, height) != (photoWidth, photoHeight))
        {
            return (null, $"the mask is {width} x {height} and the photo {photoWidth} x {photoHeight} (width x height); a mask has its photo's size");
        }

        return mask.AsSpan().Contains(true) ? (new MaskRegion(mask, width), null) : (null, "the mask is empty");
    }
}
