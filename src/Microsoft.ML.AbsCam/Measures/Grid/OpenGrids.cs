namespace Microsoft.ML.AbsCam.Measures.Grid;

/// <summary>The grids that wait for more tiles: each image goes into the first that has none of its class.</summary>
/// <remarks>So the first grid always holds all classes of the second, and so on: grids fill up in the order in which they were opened.</remarks>
/// <param name="tiling">How a picture is tiled.</param>
/// <param name="most">How many may be open at once.</param>
/// <param name="wanted">How many are to be filled; null for as many as the images give.</param>
internal sealed class OpenGrids(GridTiling tiling, int most, int? wanted)
{
    private readonly List<TileGrid> _open = [];
    private int _opened;
    private int _filled;

    public bool IsDone => _filled == wanted;

    /// <summary>What lies in grids that are not full.</summary>
    public IEnumerable<GridImage> Waiting => _open.SelectMany(grid => grid.Images);

    /// <returns>Whether there was room, and the grid that became full by it.</returns>
    public (bool HasRoom, TileGrid? Full) Add(GridImage image, ReadOnlySpan<float> input)
    {
        TileGrid? grid = _open.Find(grid => !grid.Has(image.Target)) ?? Open();
        grid?.Add(image, input);
        if (grid is not { IsFull: true })
        {
            return (grid is not null, null);
        }

        _open.Remove(grid);
        _filled++;
        return (true, grid);
    }

    private TileGrid? Open()
    {
        if (_open.Count == most || _opened == wanted)
        {
            return null;
        }

        var grid = new TileGrid(tiling);
        _open.Add(grid);
        _opened++;
        return grid;
    }
}
