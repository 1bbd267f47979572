using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Pipeline.Columns;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;

/// <summary>The images of a data view and their classes, read once and some rows at a time.</summary>
internal sealed class LabelledImages
{
    private readonly IDataView _data;
    private readonly NetworkInput _image;
    private readonly DataViewSchema.Column? _target;
    private readonly IReadOnlyList<string>? _labels;

    /// <param name="data">The rows.</param>
    /// <param name="network">What takes the images.</param>
    /// <param name="imageColumn">The column of images.</param>
    /// <param name="targetColumn">The column of classes; null for none.</param>
    /// <param name="explain">Preprocessing, layout and labels.</param>
    /// <exception cref="ArgumentException">A column is missing, or does not fit the network.</exception>
    public LabelledImages(IDataView data, ImageNetwork network, string imageColumn, string? targetColumn, AbsCamOptions explain)
    {
        NetworkShape shape = network.Shape;
        _data = data;
        _image = new NetworkInput(network, InputColumn.Find(data.Schema, imageColumn, explain.Layout, shape.Channels), explain.Preprocessing);
        _target = targetColumn is null ? null : TargetColumn.Find(data.Schema, targetColumn, explain.Labels, shape.ClassCount);
        _labels = explain.Labels;
        ImageSize = [.. _image.Size];
    }

    /// <summary>[C,H,W].</summary>
    public long[] ImageSize { get; }

    /// <param name="count">How many rows are held at once.</param>
    public IEnumerable<IReadOnlyList<LabelledImage>> Read(int count)
    {
        int length = _image.Length;
        float[] inputs = new float[length * count];
        DataViewSchema.Column column = _image.Column.Column;
        using DataViewRowCursor cursor = _data.GetRowCursor(_target is { } target ? [column, target] : [column]);
        LabelledImageReader reader = NewReader(cursor);
        for (bool hasMore = true; hasMore;)
        {
            var rows = new List<LabelledImage>(count);
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

    private LabelledImageReader NewReader(DataViewRow row)
        => new(row, _image.NewReader(row, slots: 1), _target is { } target ? TargetReader.For(row, target, _labels) : null);
}
