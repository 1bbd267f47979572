using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Imaging;

namespace Microsoft.ML.AbsCam.Measures.Pointing;

/// <summary>A map brought bilinearly to its photo's own size; pixels that the network never saw have no value.</summary>
/// <param name="map">mapHeight * mapWidth values.</param>
/// <param name="mapWidth">Columns of the map.</param>
/// <param name="rows">Where each row of the photo lies in the map.</param>
/// <param name="columns">Where each column of the photo lies in the map.</param>
/// <param name="seen">The part of the photo that the network saw.</param>
internal sealed class PhotoMap(float[] map, int mapWidth, CellPair[] rows, CellPair[] columns, PixelArea seen)
{
    /// <summary>The least value; what lies between two values is no lower.</summary>
    public float Lowest => TensorPrimitives.Min<float>(map);

    /// <summary>Where the map is highest; of equal places the first in row order.</summary>
    public (int X, int Y) Highest()
    {
        (int X, int Y) place = (seen.Left, seen.Top);
        float highest = float.NegativeInfinity;
        ForEach((x, y, value) =>
        {
            if (value > highest)
            {
                (highest, place) = (value, (x, y));
            }
        });
        return place;
    }

    /// <summary>The map's sum over the object, and over the whole photo.</summary>
    public (double Inside, double All) Energy(ObjectRegion region)
    {
        double inside = 0;
        double all = 0;
        ForEach((x, y, value) =>
        {
            all += value;
            inside += region.Contains(x, y) ? value : 0;
        });
        return (inside, all);
    }

    private void ForEach(Action<int, int, float> visit)
    {
        float[] mixed = new float[mapWidth];
        for (int y = seen.Top; y < seen.Bottom; y++)
        {
            ReadOnlySpan<float> before = map.AsSpan(rows[y].Before * mapWidth, mapWidth);
            ReadOnlySpan<float> after = map.AsSpan(rows[y].After * mapWidth, mapWidth);
            for (int i = 0; i < mapWidth; i++)
            {
                mixed[i] = before[i] + ((after[i] - before[i]) * rows[y].Weight);
            }

            for (int x = seen.Left; x < seen.Right; x++)
            {
                float left = mixed[columns[x].Before];
                visit(x, y, left + ((mixed[columns[x].After] - left) * columns[x].Weight));
            }
        }
    }
}
