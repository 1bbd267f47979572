using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Naming;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// RISE (Petsiuk et al., BMVC 2018, equation 6): the sum of p(X M_i) M_i / (N keep) over N random masks M_i.
/// </summary>
/// <remarks>
/// A mask is a grid of cells, each open with the probability keep, enlarged bilinearly by one cell more than the image holds
/// and cut out at a random place within a cell. The paper has 7 cells along an axis, its code 8.
/// </remarks>
internal sealed class Rise : ImageMaskMethod
{
    public const string Family = "rise";
    public const int DefaultMasks = 4000;
    public const int DefaultCells = 8;
    public const double DefaultKeep = 0.5;

    private readonly int _masks;
    private readonly int _cells;
    private readonly double _keep;
    private readonly SeededNumbers _numbers;

    public Rise(int masks = DefaultMasks, int cells = DefaultCells, double keep = DefaultKeep, int seed = 0)
        : base(MethodName.Write(Family, ("masks", masks, DefaultMasks), ("cells", cells, DefaultCells), ("keep", keep, DefaultKeep), ("seed", seed, 0)))
    {
        MethodNumber.Check(masks, 1, 1_000_000, "masks of RISE");
        MethodNumber.Check(cells, 1, 64, "cells of RISE along an axis");
        MethodNumber.Check(keep, double.Epsilon, Math.BitDecrement(1.0), "probability that a cell of RISE is open");
        (_masks, _cells, _keep, _numbers) = (masks, cells, keep, new SeededNumbers((ulong)seed));
    }

    public override bool Equals(object? obj) => obj is Rise other && other.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    protected internal override int Count(long height, long width) => _masks;

    protected internal override Tensor Masks(int first, int count, long height, long width)
    {
        using var scope = NewDisposeScope();
        int grid = _cells * _cells;
        (long cellHeight, long cellWidth) = ((height + _cells - 1) / _cells, (width + _cells - 1) / _cells);
        float[] cells = new float[count * grid];
        (long Top, long Left)[] shifts = new (long, long)[count];
        for (int i = 0; i < count; i++)
        {
            long place = (first + i) * (grid + 2L);
            for (int cell = 0; cell < grid; cell++)
            {
                cells[(i * grid) + cell] = _numbers.Uniform(place + cell) < _keep ? 1 : 0;
            }

            shifts[i] = ((long)(_numbers.Uniform(place + grid) * cellHeight), (long)(_numbers.Uniform(place + grid + 1) * cellWidth));
        }

        Tensor large = MapMath.Upsample(TensorData.FromFloats(cells, count, 1, _cells, _cells), (_cells + 1) * cellHeight, (_cells + 1) * cellWidth).squeeze(1);
        return stack(shifts.Select((shift, i) => large.select(0, i).narrow(0, shift.Top, height).narrow(1, shift.Left, width))).MoveToOuterDisposeScope();
    }

    protected internal override float Weight(float probability) => probability / (float)(_masks * _keep);
}
