using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>
/// A map read at places between its pixels: a weighted sum of the pixels around each. The weights follow from the places, so gradients reach both the
/// map and the places.
/// </summary>
internal sealed class GridSampling
{
    /// <summary>Of the cubic that is used for images.</summary>
    private const double Cubic = -0.75;

    private readonly OnnxNode _node;
    private readonly string _mode;
    private readonly string _padding;
    private readonly bool _alignCorners;

    public GridSampling(OnnxNode node)
    {
        _node = node;

        // Operator set 20 gave the modes other names.
        _mode = node.Opset < 20
            ? node.Attributes.OneOf("mode", "bilinear", "bilinear", "nearest", "bicubic") switch { "bilinear" => "linear", "bicubic" => "cubic", var mode => mode }
            : node.Attributes.OneOf("mode", "linear", "linear", "nearest", "cubic");
        _padding = node.Attributes.OneOf("padding_mode", "zeros", "zeros", "border", "reflection");
        _alignCorners = node.Attributes.Flag("align_corners");
    }

    /// <summary>How many pixels are read for each place, along one axis.</summary>
    private int Reach => _mode switch { "nearest" => 1, "linear" => 2, _ => 4 };

    public long[]? Bound(KernelInputs x)
    {
        Check(x);
        return [x[0].shape[0], x[0].shape[1], x[1].shape[1], x[1].shape[2]];
    }

    public double Slow(KernelInputs x) => 4 * Cost.PerNumber * Reach * Reach * TensorSizes.Product(Bound(x));

    public Tensor Sample(KernelInputs x)
    {
        Check(x);
        long[] map = x[0].shape;
        long[] grid = x[1].shape;
        Tensor real = x[0].is_floating_point() ? x[0] : x[0].to(ScalarType.Float32);
        Tensor places = x[1].to(real.dtype).to(real.device).reshape(grid[0], grid[1] * grid[2], 2);
        Tensor pixels = real.reshape(map[0], map[1], map[2] * map[3]);
        (Tensor Index, Tensor Weight)[] rows = Taps(places.select(2, 1), map[2]);
        (Tensor Index, Tensor Weight)[] columns = Taps(places.select(2, 0), map[3]);
        Tensor? sum = null;
        foreach ((Tensor row, Tensor ofRow) in rows)
        {
            foreach ((Tensor column, Tensor ofColumn) in columns)
            {
                Tensor index = row.mul(HeldScalar.Of(map[3])).Plus(column).unsqueeze(1).expand(map[0], map[1], -1);
                Tensor part = pixels.gather(2, index).mul(ofRow.mul(ofColumn).unsqueeze(1));
                sum = sum is null ? part : sum.Plus(part);
            }
        }

        return sum!.reshape(map[0], map[1], grid[1], grid[2]).to(x[0].dtype);
    }

    private void Check(KernelInputs x)
    {
        (long[] map, long[] grid) = (x[0].shape, x[1].shape);
        if (map.Length != 4 || grid.Length != 4 || grid[3] != 2 || grid[0] != map[0] || map[2] == 0 || map[3] == 0)
        {
            throw _node.Error($"its inputs are {TensorSizes.Text(map)} and {TensorSizes.Text(grid)}; expected [batch, channels, height, width] and [batch, rows, columns, 2]{(map.Length == 5 ? "; volumes are not supported" : "")}.");
        }
    }

    // The pixels along one axis that are read for places from -1 to 1, and their weights.
    private (Tensor Index, Tensor Weight)[] Taps(Tensor places, long size)
    {
        Tensor at = _alignCorners
            ? places.Plus(1).mul(HeldScalar.Of((size - 1) / 2.0))
            : places.Plus(1).mul(HeldScalar.Of((double)size)).Plus(-1).div(HeldScalar.Of(2));
        at = _mode == "nearest" ? at.round() : at;

        // Of the pixels that a cubic reads, each is moved to the border by itself, and their place is not, as in PyTorch and ONNX Runtime.
        (double least, double most) = _alignCorners ? (0, size - 1.0) : (-0.5, size - 0.5);
        Tensor inside = at.ge(HeldScalar.Of(least)).logical_and(at.le(HeldScalar.Of(most)));
        at = _padding == "zeros" || (_padding == "border" && _mode == "cubic") ? at : where(inside, at, Padded(at, size, least, most));
        Tensor first = at.floor().detach();
        Tensor beyond = at.sub(first);
        return
        [
            .. Enumerable.Range(0, Reach).Select(i =>
            {
                long shift = Reach == 4 ? i - 1 : i;
                Tensor pixel = first.Plus(shift);
                Tensor weight = Weight(beyond.Plus(-shift).abs());
                if (_padding == "zeros")
                {
                    weight = weight.mul(pixel.ge(HeldScalar.Of(0)).logical_and(pixel.le(HeldScalar.Of(size - 1))).to(weight.dtype));
                }
                else if (_padding == "reflection")
                {
                    pixel = Reflected(pixel, size, least, most);
                }

                return (pixel.nan_to_num(0, size - 1, 0).clamp(HeldScalar.Of(0), HeldScalar.Of(size - 1)).to(ScalarType.Int64), weight);
            }),
        ];
    }

    private Tensor Padded(Tensor at, long size, double least, double most) =>
        _padding == "border" ? at.clamp(HeldScalar.Of(0), HeldScalar.Of(size - 1)) : Reflected(at, size, least, most);

    private static Tensor Reflected(Tensor at, long size, double least, double most)
    {
        if (size == 1)
        {
            return at.mul(HeldScalar.Of(0));
        }

        double range = most - least;
        Tensor distance = at.Plus(-least).abs();
        Tensor turns = distance.div(HeldScalar.Of(range)).floor().detach();
        Tensor rest = distance.sub(turns.mul(HeldScalar.Of(range)));
        return where(turns.remainder(HeldScalar.Of(2)).eq(HeldScalar.Of(0)), rest.Plus(least), rest.neg().Plus(most));
    }

    private Tensor Weight(Tensor distance)
    {
        if (_mode == "nearest")
        {
            return ones_like(distance);
        }

        if (_mode == "linear")
        {
            return distance.neg().Plus(1);
        }

        Tensor Polynomial(double cube, double square, double line, double constant) =>
            distance.mul(HeldScalar.Of(cube)).Plus(square).mul(distance).Plus(line).mul(distance).Plus(constant);
        return where(distance.le(HeldScalar.Of(1)), Polynomial(Cubic + 2, -(Cubic + 3), 0, 1), Polynomial(Cubic, -5 * Cubic, 8 * Cubic, -4 * Cubic));
    }
}
