using ParquetSharp;
using ParquetSharp.IO;
using ParquetSharp.Schema;

namespace Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

/// <summary>A whole Parquet file of one row group. A run writes many, so that what is done can be read while it goes on.</summary>
internal static class ParquetPart
{
    /// <summary>Writes the file; the same rows give the same bytes. The stream stays open.</summary>
    /// <exception cref="ArgumentException">There are no rows, or a row's map is not what its other columns say.</exception>
    public static void Write(Stream destination, IReadOnlyList<ParquetRow> rows, ParquetMaps maps)
    {
        Check(rows, maps);

        // Made in memory, where it is smaller than its rows: an error of the destination then stays its own, and is not hidden in the writer's.
        using var whole = new MemoryStream();
        Encode(whole, rows, maps);
        whole.WriteTo(destination);
    }

    private static void Encode(Stream destination, IReadOnlyList<ParquetRow> rows, ParquetMaps maps)
    {
        using GroupNode schema = ParquetColumns.Schema(maps, rows[0].Question is not null);
        using WriterProperties storage = ParquetColumns.Storage(maps);
        using var stream = new ManagedOutputStream(destination, leaveOpen: true);
        using var file = new ParquetFileWriter(stream, schema, storage);
        using (RowGroupWriter group = file.AppendRowGroup())
        {
            WriteColumn(group, rows, row => row.Path);
            WriteColumn(group, rows, row => row.Status);
            WriteColumn(group, rows, row => row.Target);
            WriteColumn(group, rows, row => row.Label);
            WriteColumn(group, rows, row => row.Probability);
            WriteColumn(group, rows, row => row.Layer);
            WriteColumn(group, rows, row => row.MapHeight);
            WriteColumn(group, rows, row => row.MapWidth);
            WriteMaps(group, rows, maps);
            if (maps == ParquetMaps.Byte)
            {
                WriteColumn(group, rows, _ => MapColumn.Scale);
            }

            if (rows[0].Question is not null)
            {
                WriteColumn(group, rows, row => row.Question!);
            }
        }

        file.Close();
    }

    private static void WriteColumn<T>(RowGroupWriter group, IReadOnlyList<ParquetRow> rows, Func<ParquetRow, T> value)
    {
        using ColumnWriter column = group.NextColumn();
        using LogicalColumnWriter<T> writer = column.LogicalWriter<T>();
        writer.WriteBatch([.. rows.Select(value)]);
    }

    private static void WriteMaps(RowGroupWriter group, IReadOnlyList<ParquetRow> rows, ParquetMaps maps)
    {
        using ColumnWriter column = group.NextColumn();
        if (maps == ParquetMaps.Byte)
        {
            MapColumn.WriteBytes(column, rows);
        }
        else
        {
            MapColumn.WriteSingles(column, rows);
        }
    }

    /// <summary>Before the first byte, so that no half of a file is written for rows that cannot be.</summary>
    private static void Check(IReadOnlyList<ParquetRow> rows, ParquetMaps maps)
    {
        if (rows.Count == 0)
        {
            throw new ArgumentException("A Parquet file needs at least one row; write none where there are no rows.", nameof(rows));
        }

        foreach (ParquetRow row in rows)
        {
            if (row.Map is not float[] map)
            {
                continue;
            }

            if (map.Length == 0 || map.Length != (long)row.MapHeight * row.MapWidth)
            {
                throw new ArgumentException($"The map of '{row.Path}' has {map.Length} values, and {row.MapHeight} x {row.MapWidth} were said; give its own height and width.", nameof(rows));
            }

            if (maps == ParquetMaps.Byte && Array.FindIndex(map, value => MapColumn.Step(value) is not (>= byte.MinValue and <= byte.MaxValue)) is int wrong and >= 0)
            {
                throw new ArgumentException($"Value {wrong} of the map of '{row.Path}' is {map[wrong]}; only values from 0 to 1 fit into 8 bits. Write the maps as floats.", nameof(rows));
            }
        }
    }
}
