using Microsoft.ML.AbsCam.Measures.Consistency;
using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Consistency;

/// <summary>Reads maps and classes once and sums them up.</summary>
internal static class ConsistencyReader
{
    private static readonly SchemaErrors MapErrors = new("map", "vector of Single with dimensions [H,W]");

    public static ClassConsistencyMetrics Read(IHost host, IDataView data, string mapColumn, string classColumn, IReadOnlyList<string>? labels, int seed)
    {
        DataViewSchema.Column map = data.Schema.GetColumnOrNull(mapColumn) ?? throw MapErrors.Missing(mapColumn, nameof(data));
        if (map.Type is not VectorDataViewType { ItemType: NumberDataViewType item, Dimensions: [> 0, > 0] or [_] } || item != NumberDataViewType.Single)
        {
            throw MapErrors.Mismatch(mapColumn, map.Type.ToString(), nameof(data));
        }

        labels ??= NamesOf(data.Schema, classColumn);
        DataViewSchema.Column target = TargetColumn.Find(data.Schema, classColumn, labels, null);
        var sum = new ConsistencySum();
        List<UnmeasuredRow> unmeasured = [];
        long rows = 0;
        using DataViewRowCursor cursor = data.GetRowCursor([map, target]);
        ValueGetter<VBuffer<float>> getMap = cursor.GetGetter<VBuffer<float>>(map);
        Func<int> getTarget = TargetReader.For(cursor, target, labels);
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            rows++;
            getMap(ref buffer);
            int explained = getTarget();
            string? trouble = explained < 0 ? "there is no class" : Add(sum, explained, [.. buffer.DenseValues()], ((VectorDataViewType)map.Type).Dimensions);
            if (trouble is not null && unmeasured.Count < SaliencyMetrics.MostNamedRows)
            {
                unmeasured.Add(new UnmeasuredRow(cursor.Position, null, trouble));
            }
        }

        long measured = sum.Rows;
        if (measured < rows)
        {
            using IChannel channel = host.Start(nameof(SaliencyCatalog.ClassConsistency));
            channel.Info($"{rows - measured} of {rows} rows have no class or no map to compare, and are in no mean.");
        }

        return ClassConsistencyMetrics.Of(sum, rows, unmeasured, seed);
    }

    private static string? Add(ConsistencySum sum, int target, float[] map, IReadOnlyList<int> dimensions)
    {
        if (map.Length == 0 || !Array.TrueForAll(map, float.IsFinite))
        {
            return "there is no map";
        }

        int side = (int)Math.Round(Math.Sqrt(map.Length));
        (int height, int width) = dimensions is [> 0, > 0] ? (dimensions[0], dimensions[1]) : (side, side);
        if (height * width != map.Length)
        {
            return $"the map has {map.Length} values and its column gives no height and width; as many rows as columns are expected";
        }

        if (MapPattern.Of(map, height, width) is not { } pattern)
        {
            return "the map is flat";
        }

        sum.Add(target, pattern);
        return null;
    }

    private static string[]? NamesOf(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is not { Type: KeyDataViewType } column || !column.HasKeyValues())
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(one => one.ToString())];
    }
}
