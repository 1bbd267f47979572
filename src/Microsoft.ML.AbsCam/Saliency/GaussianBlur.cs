using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Blurs;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// A Gaussian blur of a batch, with reflecting borders. Unlike <see cref="ImageSubstrate.Blur"/> it cuts its window to what the border of
/// a small image can reflect; in images at least half a window high and wide the two are the same.
/// </summary>
internal static class GaussianBlur
{
    /// <param name="images">[B,C,H,W].</param>
    /// <param name="window">Pixels of the window along each axis, odd; cut to what the border of a small image can reflect.</param>
    /// <param name="sigma">In pixels.</param>
    public static Tensor Of(Tensor images, int window, double sigma)
    {
        (int height, int width) = ((int)images.shape[2], (int)images.shape[3]);
        float[] pixels = images.ToFloats();
        float[] blurred = new float[pixels.Length];
        new SeparableBlur(Kernel(window, height, sigma), Kernel(window, width, sigma), reflects: true).Fill(pixels, height, width, blurred);
        return TensorData.FromFloats(blurred, images.shape).to(images.device);
    }

    private static float[] Kernel(int window, int side, double sigma) => BlurKernels.Gaussian((2 * Math.Min(window / 2, side - 1)) + 1, sigma);
}
