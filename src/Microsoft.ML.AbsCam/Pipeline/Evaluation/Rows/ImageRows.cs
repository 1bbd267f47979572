using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Rows;

/// <summary>The images of a data view and their classes, read once and some rows at a time.</summary>
internal sealed class ImageRows
{
    private readonly IDataView _data;
    private readonly ImageNetwork _network;
    private readonly InputColumn _image;
    private readonly DataViewSchema.Column? _target;
    private readonly ImagePreprocessing _preprocessing;
    private readonly IReadOnlyList<string>? _labels;

    /// <param name="data">The rows.</param>
    /// <param name="network">What takes the images.</param>
    /// <param name="imageColumn">The column of images.</param>
    /// <param name="targetColumn">The column of classes; null for none.</param>
    /// <param name="explain">Preprocessing, layout and labels.</param>
    /// <exception cref="ArgumentException">A column is missing, or does not fit the network.</exception>
    public ImageRows(IDataView data, ImageNetwork network, string imageColumn, string? targetColumn, AbsCamOptions explain)
    {
        NetworkShape shape = network.Shape;
        _data = data;
        _image = InputColumn.Find(data.Schema, imageColumn, explain.Layout, shape.Channels);
        _target = targetColumn is null ? null : TargetColumn.Find(data.Schema, targetColumn, explain.Labels, shape.ClassCount);
        _preprocessing = explain.Preprocessing ?? EffectivePreprocessing.Usual(shape, network.Levels);
        _network = network;
        _labels = explain.Labels;
        NetworkFit.CheckInput(network.Name, KnownShape.Of(shape), network.Levels, _image, _preprocessing);
        ImageSize = [shape.Channels, shape.Height, shape.Width];
    }

    /// <summary>[C,H,W].</summary>
    public long[] ImageSize { get; }

    /// <param name="count">How many rows are held at once.</param>
    public IEnumerable<IReadOnlyList<ImageRow>> Read(int count)
    {
        int length = (int)(ImageSize[0] * ImageSize[1] * ImageSize[2]);
        float[] inputs = new float[length * count];
        using DataViewRowCursor cursor = _data.GetRowCursor(_target is { } target ? [_image.Column, target] : [_image.Column]);
        ImageRowReader reader = NewReader(cursor);
        for (bool hasMore = true; hasMore;)
        {
            var rows = new List<ImageRow>(count);
            while (rows.Count < count && (hasMore = cursor.MoveNext()))
            {
                rows.Add(reader.Read(inputs.AsMemory(rows.Count * length, length)));
            }

            if (rows.Count > 0)
            {
                yield return rows;
            }
        }
    }

    private ImageRowReader NewReader(DataViewRow row)
    {
        IInputReader image = _image.IsImage
            ? new PhotoReader(row.GetGetter<MLImage>(_image.Column), new ImageTensorizer(_preprocessing), slots: 1)
            : new VectorReader(row.GetGetter<VBuffer<float>>(_image.Column), _image, _network);
        return new ImageRowReader(row, image, _target is { } target ? TargetReader.For(row, target, _labels) : null);
    }
}
