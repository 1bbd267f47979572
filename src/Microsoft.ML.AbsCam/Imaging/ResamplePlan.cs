namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>All that resizing needs to know about photos of one size under one preprocessing.</summary>
internal sealed class ResamplePlan
{
    public ResamplePlan(ImageGeometry geometry)
    {
        Left = (int)Math.Max(-geometry.OffsetX, 0);
        Top = (int)Math.Max(-geometry.OffsetY, 0);
        var firstColumn = Math.Max(geometry.OffsetX, 0);
        var firstRow = Math.Max(geometry.OffsetY, 0);
        var columns = (int)Math.Min(geometry.InputWidth - Left, geometry.ResizedWidth - firstColumn);
        var rows = (int)Math.Min(geometry.InputHeight - Top, geometry.ResizedHeight - firstRow);
        Columns = new TriangleWeights(geometry.PhotoWidth, geometry.ResizedWidth, firstColumn, columns);
        Rows = new TriangleWeights(geometry.PhotoHeight, geometry.ResizedHeight, firstRow, rows);
        CoversInput = columns == geometry.InputWidth && rows == geometry.InputHeight;
    }

    /// <summary>The input column that the first resized column goes to; above 0 where the photo is padded.</summary>
    public int Left { get; }

    /// <summary>The input row that the first resized row goes to; above 0 where the photo is padded.</summary>
    public int Top { get; }

    public TriangleWeights Columns { get; }

    public TriangleWeights Rows { get; }

    /// <summary>False where some of the input is padding.</summary>
    public bool CoversInput { get; }
}
