using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Reads the appended columns of a cursor, alike for one target a row and for several. A column need not be active that is not asked for.</summary>
internal sealed class RowValues(DataViewRowCursor cursor)
{
    private readonly Lazy<Func<float[]>> _map = Lazily<float>(cursor, ExplainedColumns.Map);
    private readonly Lazy<Func<uint[]>> _class = Lazily<uint>(cursor, ExplainedColumns.Class);
    private readonly Lazy<Func<uint[]>> _against = Lazily<uint>(cursor, ExplainedColumns.Against);
    private readonly Lazy<Func<float[]>> _scores = Lazily<float>(cursor, ExplainedColumns.Scores);
    private readonly Lazy<Func<float[]>> _box = Lazily<float>(cursor, ExplainedColumns.Box);
    private readonly Lazy<Func<float[]>> _region = Lazily<float>(cursor, ExplainedColumns.Region);
    private readonly Lazy<Func<float[]>> _probability = Lazily<float>(cursor, ExplainedColumns.Probability);
    private readonly Lazy<Func<ReadOnlyMemory<char>[]>> _status = Lazily<ReadOnlyMemory<char>>(cursor, ExplainedColumns.Status);
    private readonly Lazy<Func<int[]>> _forwards = Lazily<int>(cursor, ExplainedColumns.Forwards);
    private readonly Lazy<Func<float[]>> _milliseconds = Lazily<float>(cursor, ExplainedColumns.Milliseconds);

    public float[] Map => _map.Value();

    /// <summary>Class indices, null for one that does not exist; keys count from 1.</summary>
    public int?[] Targets => [.. _class.Value().Select(key => key == 0 ? (int?)null : (int)key - 1)];

    /// <summary>The classes that the targets are told from, null for one that does not exist; null where nothing is told apart.</summary>
    public int?[]? Against => IsThere(ExplainedColumns.Against) ? [.. _against.Value().Select(key => key == 0 ? (int?)null : (int)key - 1)] : null;

    /// <summary>The probabilities of all classes; null where nobody asked for them.</summary>
    public float[]? Scores => IsThere(ExplainedColumns.Scores) ? _scores.Value() : null;

    /// <summary>Where in the photo each target is asked about; null where it is about no place.</summary>
    public ShownPlace?[] Places
    {
        get
        {
            int count = _status.Value().Length;
            (float[]? boxes, float[]? regions) = (IsThere(ExplainedColumns.Box) ? _box.Value() : null, IsThere(ExplainedColumns.Region) ? _region.Value() : null);
            return [.. Enumerable.Range(0, count).Select(target => ShownPlace.Of(Part(boxes, target, count), Part(regions, target, count)))];
        }
    }

    public float[] Probabilities => _probability.Value();

    public MapStatus[] Statuses => [.. _status.Value().Select(status => Enum.Parse<MapStatus>(status.Span))];

    public int Forwards => _forwards.Value()[0];

    public float Milliseconds => _milliseconds.Value()[0];

    private static float[]? Part(float[]? all, int target, int count) => all?.AsSpan(target * (all.Length / count), all.Length / count).ToArray();

    private bool IsThere(string name) => cursor.Schema.GetColumnOrNull(name) is not null;

    private static Lazy<Func<T[]>> Lazily<T>(DataViewRowCursor cursor, string name) => new(() => Values<T>(cursor, name));

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
            return buffer.IsDense ? buffer.GetValues().ToArray() : [.. buffer.DenseValues()];
        };
    }
}
