using ParquetSharp;

namespace Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

/// <summary>Writes maps one by one, so that beside the rows only one map's levels are in memory.</summary>
internal static class MapColumn
{
    /// <summary>What a step of a map of bytes is worth: 255 is 1.</summary>
    public const float Scale = 1f / byte.MaxValue;

    // The format's levels of a list: where a value continues its row's list, and how much of its path is there.
    private const short StartsRow = 0;
    private const short ContinuesRow = 1;
    private const short NoList = 0;
    private const short HasValue = 2;

    public static void WriteSingles(ColumnWriter column, IReadOnlyList<ParquetRow> rows) => Write((ColumnWriter<float>)column, rows, map => map);

    public static void WriteBytes(ColumnWriter column, IReadOnlyList<ParquetRow> rows)
    {
        int[] steps = new int[LongestMap(rows)];
        Write((ColumnWriter<int>)column, rows, map =>
        {
            for (int i = 0; i < map.Length; i++)
            {
                steps[i] = (int)Step(map[i]);
            }

            return steps.AsSpan(0, map.Length);
        });
    }

    /// <returns>The nearest step; of NaN, NaN.</returns>
    public static float Step(float value) => MathF.Round(value * byte.MaxValue);

    private static void Write<T>(ColumnWriter<T> column, IReadOnlyList<ParquetRow> rows, Encoder<T> encode)
        where T : unmanaged
    {
        int longest = LongestMap(rows);
        short[] isThere = new short[longest];
        short[] continues = new short[longest];
        Array.Fill(isThere, HasValue);
        Array.Fill(continues, ContinuesRow);
        if (longest > 0)
        {
            continues[0] = StartsRow;
        }

        foreach (ParquetRow row in rows)
        {
            if (row.Map is float[] map)
            {
                column.WriteBatch(map.Length, isThere.AsSpan(0, map.Length), continues.AsSpan(0, map.Length), encode(map));
            }
            else
            {
                column.WriteBatch(1, [NoList], [StartsRow], []);
            }
        }
    }

    private static int LongestMap(IReadOnlyList<ParquetRow> rows) => rows.Max(row => row.Map?.Length ?? 0);

    private delegate ReadOnlySpan<T> Encoder<T>(float[] map);
}
