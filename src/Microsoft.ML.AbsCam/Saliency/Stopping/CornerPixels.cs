using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Saliency.Stopping;

/// <summary>
/// The pixels at which an enlarged map can be highest or lowest: along each axis the first and the last between two centres of the
/// layer's pixels. Between them the map is straight along both axes.
/// </summary>
internal sealed class CornerPixels
{
    private readonly int _mapHeight;
    private readonly int _mapWidth;
    private readonly (int From, int To, float Share)[] _rows;
    private readonly (int From, int To, float Share)[] _columns;

    /// <param name="mapHeight">Rows of a map.</param>
    /// <param name="mapWidth">Columns of a map.</param>
    /// <param name="height">Rows of the enlarged map.</param>
    /// <param name="width">Columns of the enlarged map.</param>
    public CornerPixels(int mapHeight, int mapWidth, long height, long width)
    {
        (_mapHeight, _mapWidth) = (mapHeight, mapWidth);
        (_rows, _columns) = (Ends(MaskPainter.Places(mapHeight, (int)height)), Ends(MaskPainter.Places(mapWidth, (int)width)));
    }

    public int Count => _rows.Length * _columns.Length;

    /// <summary>The enlarged maps at these pixels, one map after the other.</summary>
    /// <param name="maps">K x h x w.</param>
    public float[] Enlarge(ReadOnlySpan<float> maps)
    {
        int size = _mapHeight * _mapWidth;
        float[] enlarged = new float[maps.Length / size * Count];
        float[] between = new float[_mapWidth];
        for (int map = 0, at = 0; map < maps.Length; map += size)
        {
            foreach ((int from, int to, float share) in _rows)
            {
                TensorPrimitives.Multiply(maps.Slice(map + (from * _mapWidth), _mapWidth), 1 - share, between);
                TensorPrimitives.MultiplyAdd(maps.Slice(map + (to * _mapWidth), _mapWidth), share, between, between);
                foreach ((int left, int right, float across) in _columns)
                {
                    enlarged[at++] = ((1 - across) * between[left]) + (across * between[right]);
                }
            }
        }

        return enlarged;
    }

    private static (int From, int To, float Share)[] Ends((int From, int To, float Share)[] places) =>
        [.. places.GroupBy(place => place.From).SelectMany(between => new[] { between.MinBy(place => place.Share), between.MaxBy(place => place.Share) }).Distinct()];
}
