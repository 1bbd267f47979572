namespace Microsoft.ML.AbsCam.Audit.Places;

/// <summary>Where a map is hot.</summary>
internal static class HotCells
{
    /// <summary>From this share of the map's highest value on, a cell is hot: things that share the heat with an object count.</summary>
    public const float Threshold = 0.35f;

    public static int[] Of(float[] heat) => [.. Enumerable.Range(0, heat.Length).Where(cell => heat[cell] >= Threshold)];

    /// <summary>Cells that touch each other, by a side or a corner.</summary>
    public static IEnumerable<bool[]> Components(bool[] cells, int width)
    {
        bool[] left = [.. cells];
        for (int start = 0; start < left.Length; start++)
        {
            if (!left[start])
            {
                continue;
            }

            bool[] component = new bool[cells.Length];
            var open = new Stack<int>([start]);
            left[start] = false;
            while (open.TryPop(out int cell))
            {
                component[cell] = true;
                (int y, int x) = (cell / width, cell % width);
                for (int near = 0; near < 9; near++)
                {
                    (int row, int column) = (y + (near / 3) - 1, x + (near % 3) - 1);
                    int other = (row * width) + column;
                    if (column >= 0 && column < width && other >= 0 && other < left.Length && left[other])
                    {
                        left[other] = false;
                        open.Push(other);
                    }
                }
            }

            yield return component;
        }
    }
}
