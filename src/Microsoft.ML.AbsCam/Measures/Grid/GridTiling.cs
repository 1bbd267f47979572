using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.AbsCam.Measures.Grid;

/// <summary>n x n tiles over one picture [C,H,W], row by row; tile edges lie at i H / n and i W / n, rounded down.</summary>
/// <param name="channels">C.</param>
/// <param name="height">H, at least n.</param>
/// <param name="width">W, at least n.</param>
/// <param name="side">n.</param>
internal sealed class GridTiling(int channels, int height, int width, int side)
{
    public int Tiles => side * side;

    public int PictureLength => channels * height * width;

    /// <summary>Writes an image into its tile, shrunk by area averages.</summary>
    /// <param name="image">[C,H,W].</param>
    /// <param name="tile">Which tile.</param>
    /// <param name="picture">[C,H,W].</param>
    public void WriteTile(ReadOnlySpan<float> image, int tile, Span<float> picture)
    {
        (int top, int bottom, int left, int right) = Area(tile);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor whole = TensorData.FromFloats(image, 1, channels, height, width);
        ReadOnlySpan<float> shrunk = nn.functional.adaptive_avg_pool2d(whole, [bottom - top, right - left]).ToFloats();
        for (int row = 0; row < channels * (bottom - top); row++)
        {
            (int channel, int y) = Math.DivRem(row, bottom - top);
            shrunk.Slice(row * (right - left), right - left).CopyTo(picture[((((channel * height) + top + y) * width) + left)..]);
        }
    }

    /// <summary>The share of the map's positive sum that lies in the tile (localisation, Böhle et al., CVPR 2021).</summary>
    /// <param name="map">[H,W].</param>
    /// <param name="tile">Which tile.</param>
    public MeasureValue Localisation(ReadOnlySpan<float> map, int tile)
    {
        (int top, int bottom, int left, int right) = Area(tile);
        double inside = 0;
        for (int y = top; y < bottom; y++)
        {
            inside += PositiveSum(map.Slice((y * width) + left, right - left));
        }

        double all = PositiveSum(map);
        return all > 0 ? inside / all : MeasureValue.Not("the map has no positive value");
    }

    /// <summary>1 where the map is highest inside the tile, else 0; of equal places the first in row order counts.</summary>
    /// <param name="map">[H,W].</param>
    /// <param name="tile">Which tile.</param>
    public MeasureValue Pointing(ReadOnlySpan<float> map, int tile)
    {
        (int top, int bottom, int left, int right) = Area(tile);
        (int y, int x) = Math.DivRem(TensorPrimitives.IndexOfMax(map), width);
        return y >= top && y < bottom && x >= left && x < right ? 1 : 0;
    }

    private (int Top, int Bottom, int Left, int Right) Area(int tile)
    {
        (int row, int column) = Math.DivRem(tile, side);
        return (row * height / side, (row + 1) * height / side, column * width / side, (column + 1) * width / side);
    }

    private static double PositiveSum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Max(value, 0);
        }

        return sum;
    }
}
