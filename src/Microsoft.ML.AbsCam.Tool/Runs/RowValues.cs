using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Reads the appended columns of a cursor, alike for one target a row and for several.</summary>
internal sealed class RowValues(DataViewRowCursor cursor)
{
    private readonly Func<float[]> _map = Values<float>(cursor, Columns.Map);
    private readonly Func<uint[]> _class = Values<uint>(cursor, Columns.Class);
    private readonly Func<float[]> _probability = Values<float>(cursor, Columns.Probability);
    private readonly Func<ReadOnlyMemory<char>[]> _status = Values<ReadOnlyMemory<char>>(cursor, Columns.Status);
    private readonly Func<int[]> _forwards = Values<int>(cursor, Columns.Forwards);
    private readonly Func<float[]> _milliseconds = Values<float>(cursor, Columns.Milliseconds);

    public float[] Map => _map();

    /// <summary>Class indices, null for one that does not exist; keys count from 1.</summary>
    public int?[] Targets => [.. _class().Select(key => key == 0 ? (int?)null : (int)key - 1)];

    public float[] Probabilities => _probability();

    public MapStatus[] Statuses => [.. _status().Select(status => Enum.Parse<MapStatus>(status.Span))];

    public int Forwards => _forwards()[0];

    public float Milliseconds => _milliseconds()[0];

    private static Func<T[]> Values<T>(DataViewRowCursor cursor, string name)
    {
        DataViewSchema.Column column = cursor.Schema[name];
        if (column.Type is not VectorDataViewType)
        {
            ValueGetter<T> scalar = cursor.GetGetter<T>(column);
            return () =>
            {
                T value = default!;
                scalar(ref value);
                return [value];
            };
        }

        ValueGetter<VBuffer<T>> vector = cursor.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return () =>
        {
            vector(ref buffer);
            return [.. buffer.DenseValues()];
        };
    }
}
