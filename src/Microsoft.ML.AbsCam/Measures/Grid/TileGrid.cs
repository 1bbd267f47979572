namespace Microsoft.ML.AbsCam.Measures.Grid;

/// <summary>One picture of tiles, filled tile by tile.</summary>
internal sealed class TileGrid(GridTiling tiling)
{
    private readonly float[] _picture = new float[tiling.PictureLength];
    private readonly List<GridImage> _images = [];

    /// <summary>[C,H,W].</summary>
    public ReadOnlyMemory<float> Picture => _picture;

    /// <summary>What the tiles hold, in their order.</summary>
    public IReadOnlyList<GridImage> Images => _images;

    public bool IsFull => _images.Count == tiling.Tiles;

    public bool Has(int target) => _images.Exists(image => image.Target == target);

    public void Add(GridImage image, ReadOnlySpan<float> input)
    {
        tiling.WriteTile(input, _images.Count, _picture);
        _images.Add(image);
    }
}

/// <param name="Row">The row's position in the data.</param>
/// <param name="Target">The row's class.</param>
/// <param name="Probability">The class's probability on the whole image.</param>
internal readonly record struct GridImage(long Row, int Target, float Probability);
