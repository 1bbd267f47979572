using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Measures.Pointing;
using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>Reads the current row of a cursor; what is wrong with a row stays with that row.</summary>
internal sealed class EvaluationReader
{
    private readonly DataViewRow _row;
    private readonly EvaluationColumns _columns;
    private readonly EvaluationPlan _plan;
    private readonly ImagePreprocessing _preprocessing;
    private readonly IInputReader _image;
    private readonly ValueGetter<VBuffer<float>> _map;
    private readonly AskReader _ask;
    private readonly ValueGetter<ReadOnlyMemory<char>>? _status;
    private readonly ObjectReader? _object;
    private VBuffer<float> _buffer;

    public EvaluationReader(DataViewRow row, EvaluationColumns columns, EvaluationPlan plan, NetworkInput input)
    {
        (_row, _columns, _plan) = (row, columns, plan);
        _preprocessing = input.Preprocessing;
        _image = input.NewReader(row, slots: 1);
        _map = row.GetGetter<VBuffer<float>>(columns.Map);
        _ask = new AskReader(row, columns.Asked, plan.Explain, input);
        _status = columns.Status is DataViewSchema.Column status ? row.GetGetter<ReadOnlyMemory<char>>(status) : null;
        _object = ObjectReader.For(row, columns.Boxes, columns.Mask);
    }

    /// <param name="input">Where the image goes [C,H,W].</param>
    public EvaluationEntry Read(Span<float> input)
    {
        bool hasImage = false;
        try
        {
            hasImage = _image.TryRead(0, input, out MLImage? photo);
            if (!hasImage)
            {
                return Not(Status() ?? "there is no image");
            }

            MapPlacement placement = new(Geometry(photo), _plan.Options.MapExtent);
            (int width, int height) = photo is null ? (_columns.Input.Width, _columns.Input.Height) : (photo.Width, photo.Height);
            _map(ref _buffer);
            float[] map = [.. _buffer.DenseValues()];
            (int rows, int columns) = MapSize(map.Length, height, width);
            string? trouble = MapTrouble(map) ?? placement.Trouble(rows, columns);
            RowAsk ask = _ask.Read(photo);
            trouble ??= ask.Class < 0 || ask.Against < 0 ? "there is no class, or none that the network has" : null;
            return trouble is not null ? Not(trouble) : WithObject(new EvaluationEntry(_row.Position, null)
            {
                Ask = ask,
                Map = placement.OverInput(map, rows, columns),
                OnPhoto = placement.OverPhoto(map, rows, columns),
            }, placement, width, height);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or ObjectDisposedException))
        {
            return Not(hasImage ? Reason(e) : $"the image cannot be read: {Reason(e)}");
        }
    }

    private static string Reason(Exception e) => e.GetBaseException().Message.TrimEnd('.');

    private EvaluationEntry Not(string trouble) => new(_row.Position, trouble);

    private EvaluationEntry WithObject(EvaluationEntry row, MapPlacement placement, int width, int height)
    {
        if (_object is null)
        {
            return row;
        }

        ObjectRegion? region;
        string? trouble;
        try
        {
            (region, trouble) = _object.Read(width, height);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or ObjectDisposedException))
        {
            // The other measures do not ask where the object is.
            return row with { ObjectTrouble = Reason(e) };
        }

        return region is not null && !region.Touches(placement.Seen)
            ? row with { ObjectTrouble = "the object lies outside of what the network saw of the photo" }
            : row with { Object = region, ObjectTrouble = trouble };
    }

    private ImageGeometry Geometry(MLImage? photo)
    {
        if (photo is not null)
        {
            return ImageGeometry.For(photo.Width, photo.Height, _preprocessing);
        }

        // A vector is the photo, as the network takes it.
        ImagePreprocessing same = ImagePreprocessing.For(_columns.Input.Height, _columns.Input.Width) with { Resize = ResizeRule.Squash };
        return ImageGeometry.For(same.Width, same.Height, same);
    }

    private (int Rows, int Columns) MapSize(int length, int photoHeight, int photoWidth)
    {
        if (((VectorDataViewType)_columns.Map.Type).Dimensions is [> 0, > 0] size)
        {
            return (size[0], size[1]);
        }

        if (_plan.Options.MapExtent == MapExtent.Photo && length == photoHeight * photoWidth)
        {
            return (photoHeight, photoWidth);
        }

        (int height, int width) = _columns.Input.IsImage ? (_preprocessing.Height, _preprocessing.Width) : (_columns.Input.Height, _columns.Input.Width);
        return length == height * width
            ? (height, width)
            : throw new InvalidDataException($"the map has {length} values and its column gives no height and width; as many as the {(_plan.Options.MapExtent == MapExtent.Photo ? "photo" : "network's input")} has pixels are expected");
    }

    private string? MapTrouble(float[] map)
    {
        if (map.Length == 0 || !float.IsFinite(TensorPrimitives.Sum<float>(map)) && !Array.TrueForAll(map, float.IsFinite))
        {
            return Status() is { } status ? $"there is no map ({status})" : "the map holds values that are not finite numbers";
        }

        return TensorPrimitives.Max<float>(map) - TensorPrimitives.Min<float>(map) < MapMath.FlatRange ? "the map is flat" : null;
    }

    /// <summary>What the status column says, unless it is that all is well.</summary>
    private string? Status()
    {
        ReadOnlyMemory<char> status = default;
        _status?.Invoke(ref status);
        return status.IsEmpty || status.Span is nameof(MapStatus.Ok) ? null : status.ToString();
    }
}
