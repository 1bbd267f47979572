using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Naming;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// Occlusion (Zeiler and Fergus, ECCV 2014, figure 7): a patch is moved over the image, and a pixel has the mean of p(X) - p(X with the patch) over the
/// patches that cover it.
/// </summary>
/// <remarks>
/// Patches begin at 0, stride, 2 stride and so on, and the last one ends at the border, so that every pixel is covered. A pass holds patches
/// of one image: its map is then the same in every batch, to the last bit.
/// </remarks>
internal sealed class Occlusion : SaliencyMethod
{
    public const string Family = "occlusion";

    // Of the image's shorter side; 32 pixels of 224.
    private const int UsualShare = 7;

    private readonly int _patch;
    private readonly int _stride;
    private readonly float _fill;

    /// <param name="patch">Pixels of the patch's side; 0 takes a seventh of the image's shorter side, rounded up, and not less than the stride.</param>
    /// <param name="stride">Pixels from one patch to the next; 0 takes half the patch, rounded up. At most the patch, so that every pixel is covered.</param>
    /// <param name="fill">What the patch is filled with, a number of the network's input.</param>
    public Occlusion(int patch = 0, int stride = 0, double fill = 0)
        : base(MethodName.Write(Family, ("patch", patch, 0), ("stride", stride, 0), ("fill", fill, 0.0)))
    {
        MethodNumber.Check(patch, 0, 100_000, "pixels of occlusion's patch");
        MethodNumber.Check(stride, 0, patch == 0 ? 100_000 : patch, "pixels from one patch of occlusion to the next");
        MethodNumber.Check(fill, float.MinValue, float.MaxValue, "number that fills occlusion's patch");
        (_patch, _stride, _fill) = (patch, stride, (float)fill);
    }

    internal override MethodNeeds Needs => MethodNeeds.Image;

    internal override bool NeedsProbability => true;

    public override bool Equals(object? obj) => obj is Occlusion other && other.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    internal override LayerMaps Run(MethodContext context)
    {
        (int height, int width) = ((int)context.Size.Height, (int)context.Size.Width);
        int patch = _patch > 0 ? _patch : Math.Max((Math.Min(height, width) + UsualShare - 1) / UsualShare, _stride);
        (int patchHeight, int patchWidth) = (Math.Min(patch, height), Math.Min(patch, width));
        int stride = _stride > 0 ? _stride : (patch + 1) / 2;
        (int Top, int Left)[] patches = [.. Starts(height, patchHeight, stride).SelectMany(_ => Starts(width, patchWidth, stride), (top, left) => (top, left))];
        double[] sums = new double[context.Rows * context.Targets * height * width];
        int[] covers = new int[height * width];
        MethodContext.ExpectMasks(context.Rows * (patches.Length + 1));
        for (int row = 0; row < context.Rows; row++)
        {
            float[] whole = Score(context, row, context.Input.narrow(0, row, 1));
            foreach ((int Top, int Left)[] pass in patches.Chunk(context.PassSize))
            {
                using var scope = NewDisposeScope();
                Tensor covered = context.Input.narrow(0, row, 1).repeat(pass.Length, 1, 1, 1);
                for (int i = 0; i < pass.Length; i++)
                {
                    covered.select(0, i).narrow(1, pass[i].Top, patchHeight).narrow(2, pass[i].Left, patchWidth).fill_(HeldScalar.Of(_fill));
                }

                float[] scores = Score(context, row, covered);
                for (int i = 0; i < scores.Length; i++)
                {
                    (int at, int target) = (i / context.Targets, i % context.Targets);
                    Add(sums.AsSpan(((row * context.Targets) + target) * height * width, height * width), pass[at], whole[target] - scores[i]);
                }
            }
        }

        foreach ((int Top, int Left) at in patches)
        {
            for (int y = at.Top; y < at.Top + patchHeight; y++)
            {
                for (int x = at.Left; x < at.Left + patchWidth; x++)
                {
                    covers[(y * width) + x]++;
                }
            }
        }

        float[] maps = [.. sums.Select((sum, i) => (float)(sum / covers[i % covers.Length]))];
        return new LayerMaps(TensorData.FromFloats(maps, context.Rows, context.Targets, height, width).relu_().to(context.Input.device), null);

        void Add(Span<double> map, (int Top, int Left) at, double value)
        {
            for (int y = at.Top; y < at.Top + patchHeight; y++)
            {
                foreach (ref double sum in map.Slice((y * width) + at.Left, patchWidth))
                {
                    sum += value;
                }
            }
        }
    }

    /// <summary>The probabilities of the row's targets on images made of it, one image after the other.</summary>
    private static float[] Score(MethodContext context, int row, Tensor images)
    {
        context.Count(row, (int)images.shape[0]);
        return context.Score(images, [.. Enumerable.Repeat(row, (int)images.shape[0])]).ToFloats();
    }

    private static IEnumerable<int> Starts(int side, int patch, int stride)
    {
        for (int start = 0; start < side - patch; start += stride)
        {
            yield return start;
        }

        yield return side - patch;
    }
}
