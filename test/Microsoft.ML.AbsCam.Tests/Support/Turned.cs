namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Grids turned and mirrored step by step, as EXIF's orientations are told in words; not how the library does it.</summary>
internal static class Turned
{
    // m: mirrored left to right. t: a quarter clockwise.
    private static readonly string[] Steps = ["", "m", "tt", "mtt", "mttt", "t", "mt", "ttt"];

    /// <summary>What is shown of stored pixels [rows, columns].</summary>
    public static T[,] Upright<T>(T[,] stored, int orientation) => Steps[orientation - 1].Aggregate(stored, Step);

    /// <summary>What is stored of shown pixels: the one grid of the eight that is shown so.</summary>
    public static T[,] Stored<T>(T[,] upright, int orientation)
        => Enumerable.Range(1, 8).Select(other => Upright(upright, other)).First(stored => Same(Upright(stored, orientation), upright));

    private static T[,] Step<T>(T[,] grid, char step)
    {
        (int rows, int columns) = (grid.GetLength(0), grid.GetLength(1));
        T[,] result = step == 'm' ? new T[rows, columns] : new T[columns, rows];
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                (int toY, int toX) = step == 'm' ? (y, columns - 1 - x) : (x, rows - 1 - y);
                result[toY, toX] = grid[y, x];
            }
        }

        return result;
    }

    private static bool Same<T>(T[,] one, T[,] other)
        => one.GetLength(0) == other.GetLength(0) && one.Cast<T>().SequenceEqual(other.Cast<T>());
}
