using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>
/// Images that nobody took, to see what a network's scores are, the same every time: fine and coarse patterns, dim, ordinary and glaring. What
/// holds for all of them is no chance of one image, and no number is at the end of its range for all.
/// </summary>
internal static class MadeUpImages
{
    /// <summary>How many levels a made-up number of 1 is.</summary>
    private const double LevelsOfOne = 127;

    /// <summary>The images [1,C,H,W], of numbers around 0; the first is an ordinary one.</summary>
    public static IReadOnlyList<Tensor> Of(long channels, long height, long width)
    {
        Tensor fine = MadeUpNumbers.Waves([3, channels, height, width]);
        Tensor coarse = HeldOperations.CountTo(channels * height * width, ScalarType.Float32).mul(HeldScalar.Of(2 / (double)width)).sin().reshape([1, channels, height, width]);
        (Tensor Pattern, double Contrast)[] images = [(fine.narrow(0, 0, 1), 1), (coarse, 3), (fine.narrow(0, 1, 1), 0.05), (coarse.neg(), 1), (fine.narrow(0, 2, 1), 30)];
        return [.. images.Select(image => image.Pattern.mul(HeldScalar.Of(image.Contrast)))];
    }

    /// <summary>The same as levels of light, from 0 to the greatest.</summary>
    public static IReadOnlyList<Tensor> OfLevels(long channels, long height, long width, double most) =>
        [.. Of(channels, height, width).Select(image => image.abs().mul(HeldScalar.Of(LevelsOfOne)).clamp(HeldScalar.Of(0), HeldScalar.Of(most)))];
}
