using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Tool.Outputs.Parquet;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What a row costs in Parquet files of 128 rows.</summary>
public static class ParquetSizes
{
    private const int Rows = 128;
    private const int Turns = 10;

    /// <summary>Prints a line for each size of a map and each way to store its values: bytes a row, and the least time of some turns.</summary>
    public static void Print()
    {
        foreach ((string size, Func<int, ParquetRow> row) in new (string, Func<int, ParquetRow>)[] { ("224 x 224", ParquetRows.Blobs), ("7 x 7", ParquetRows.LayerBlobs) })
        {
            ParquetRow[] rows = [.. Enumerable.Range(0, Rows).Select(row)];
            foreach (ParquetMaps maps in Enum.GetValues<ParquetMaps>())
            {
                int bytes = ParquetRows.Write(rows, maps).Length;
                double least = Enumerable.Range(0, Turns).Min(_ => Milliseconds(rows, maps));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size,9} {maps,-6}: {bytes / Rows,7:N0} bytes a row, {least / Rows:0.000} ms"));
            }
        }
    }

    private static double Milliseconds(ParquetRow[] rows, ParquetMaps maps)
    {
        long start = Stopwatch.GetTimestamp();
        ParquetPart.Write(Stream.Null, rows, maps);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
