using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>
/// Resizes one axis at a time. Nearest neighbours are a selection of rows; linear and cubic are a product with a matrix of
/// weights, which serves every rule of coordinates alike and lets gradients through.
/// </summary>
internal sealed class Resampling
{
    private readonly string _mode;
    private readonly string _coordinates;
    private readonly string _nearest;
    private readonly double _cubic;
    private readonly bool _excludeOutside;
    private readonly bool _antialias;
    private readonly double _outsideValue;

    private Resampling(string mode, string coordinates, string nearest, double cubic, bool excludeOutside, bool antialias, double outsideValue)
    {
        _mode = mode;
        _coordinates = coordinates;
        _nearest = nearest;
        _cubic = cubic;
        _excludeOutside = excludeOutside;
        _antialias = antialias;
        _outsideValue = outsideValue;
    }

    /// <summary>Whether a region of the input is resized instead of the whole.</summary>
    public bool NeedsRegion => _coordinates == "tf_crop_and_resize";

    public static Resampling Of(OnnxNode node) => new(
        node.Attributes.OneOf("mode", "nearest", "nearest", "linear", "cubic"),
        node.Attributes.OneOf("coordinate_transformation_mode", "half_pixel", "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize"),
        node.Attributes.OneOf("nearest_mode", "round_prefer_floor", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
        node.Attributes.Float("cubic_coeff_a", -0.75f),
        node.Attributes.Flag("exclude_outside"),
        node.Attributes.Flag("antialias"),
        node.Attributes.Float("extrapolation_value", 0));

    /// <summary>As before operator set 11, when there was nothing to choose.</summary>
    public static Resampling Plain(OnnxNode node) =>
        new(node.Attributes.OneOf("mode", "nearest", "nearest", "linear"), "asymmetric", "simple", 0, false, false, 0);

    public Tensor Along(OnnxNode node, Tensor x, int axis, long size, double scale, double start, double end)
    {
        long from = x.shape[axis];
        if (from == size && scale == 1 && !NeedsRegion)
        {
            return x;
        }

        double[] positions = Positions(from, size, scale, start, end);
        Tensor resized = _mode == "nearest"
            ? x.index_select(axis, HostValues.Of([.. positions.Select(position => Nearest(position, from, scale))]).to(x.device))
            : Weighted(node, x, axis, positions, from, scale);
        if (!NeedsRegion || positions.All(position => position >= 0 && position <= from - 1))
        {
            return resized;
        }

        long[] mask = [.. Enumerable.Repeat(1L, (int)x.dim())];
        mask[axis] = size;
        bool[] outside = [.. positions.Select(position => position < 0 || position > from - 1)];
        return resized.masked_fill(tensor(outside).reshape(mask).to(x.device), HeldScalar.Of(_outsideValue));
    }

    /// <summary>The weights [size, from] with which the numbers along an axis are summed up; only where no region is resized.</summary>
    public double[] Matrix(long from, long size, double scale)
    {
        double[] positions = Positions(from, size, scale, 0, 1);
        if (_mode != "nearest")
        {
            return [.. Weights(positions, from, scale).Select(weight => (double)weight)];
        }

        double[] picked = new double[size * from];
        for (long i = 0; i < size; i++)
        {
            picked[(i * from) + Nearest(positions[i], from, scale)] = 1;
        }

        return picked;
    }

    private double[] Positions(long from, long size, double scale, double start, double end) =>
        [.. Enumerable.Range(0, (int)size).Select(i => (double)Position(i, from, size, (float)scale, (float)start, (float)end))];

    // In single precision like other runtimes: 3 / 0.6 must be 5, and not a hair less, to find the same neighbour.
    private float Position(int i, long from, long size, float scale, float start, float end) => _coordinates switch
    {
        "half_pixel" => ((i + 0.5f) / scale) - 0.5f,
        "half_pixel_symmetric" => (from / 2f * (1 - (size / (scale * from)))) + ((i + 0.5f) / scale) - 0.5f,
        "pytorch_half_pixel" => size > 1 ? ((i + 0.5f) / scale) - 0.5f : 0,
        "align_corners" => size > 1 ? i * (from - 1f) / (size - 1) : 0,
        "tf_half_pixel_for_nn" => (i + 0.5f) / scale,
        "tf_crop_and_resize" => size > 1
            ? (start * (from - 1)) + (i * (end - start) * (from - 1) / (size - 1))
            : 0.5f * (start + end) * (from - 1),
        _ => i / scale,
    };

    private long Nearest(double position, long from, double scale)
    {
        double whole = _nearest switch
        {
            "round_prefer_floor" => Math.Ceiling(position - 0.5),
            "round_prefer_ceil" => Math.Floor(position + 0.5),
            "ceil" => Math.Ceiling(position),
            "simple" when scale < 1 => Math.Ceiling(position),
            _ => Math.Floor(position),
        };
        return Math.Clamp((long)whole, 0, from - 1);
    }

    private Tensor Weighted(OnnxNode node, Tensor x, int axis, double[] positions, long from, double scale)
    {
        node.Checked([positions.Length, from]);
        float[] weights = Weights(positions, from, scale);
        Tensor real = x.is_floating_point() ? x : x.to(ScalarType.Float32);
        Tensor matrix = tensor(weights, [positions.Length, from]).to(real.dtype).to(x.device);
        long[] last = [axis];
        long[] end = [-1];
        return MatrixProducts.Multiply(real.movedim(last, end), matrix.t()).movedim(end, last).to(x.dtype);
    }

    private float[] Weights(double[] positions, long from, double scale)
    {
        // Reduced with antialiasing, the filter widens to cover what one pixel of the output stands for.
        double stretch = _antialias && scale < 1 ? 1 / scale : 1;
        double reach = (_mode == "linear" ? 1 : 2) * stretch;
        float[] weights = new float[positions.Length * from];
        for (int i = 0; i < positions.Length; i++)
        {
            Span<float> row = weights.AsSpan((int)(i * from), (int)from);
            double sum = 0;
            for (long at = (long)Math.Ceiling(positions[i] - reach); at <= positions[i] + reach; at++)
            {
                bool outside = at < 0 || at >= from;
                if (outside && _excludeOutside)
                {
                    continue;
                }

                double weight = Weight((at - positions[i]) / stretch);
                row[(int)Math.Clamp(at, 0, from - 1)] += (float)weight;
                sum += weight;
            }

            if (sum != 0)
            {
                for (int j = 0; j < row.Length; j++)
                {
                    row[j] = (float)(row[j] / sum);
                }
            }
        }

        return weights;
    }

    private double Weight(double distance)
    {
        double d = Math.Abs(distance);
        if (_mode == "linear")
        {
            return Math.Max(0, 1 - d);
        }

        return d switch
        {
            <= 1 => ((((_cubic + 2) * d) - (_cubic + 3)) * d * d) + 1,
            < 2 => _cubic * ((((((d - 5) * d) + 8) * d) - 4)),
            _ => 0,
        };
    }
}
