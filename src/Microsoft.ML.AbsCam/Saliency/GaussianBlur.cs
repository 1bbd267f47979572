using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>A Gaussian blur with reflecting borders, one axis after the other.</summary>
internal static class GaussianBlur
{
    /// <param name="images">[B,C,H,W].</param>
    /// <param name="window">Pixels of the window along each axis, odd; cut to what the border of a small image can reflect.</param>
    /// <param name="sigma">In pixels.</param>
    public static Tensor Of(Tensor images, int window, double sigma)
    {
        using var scope = NewDisposeScope();
        long[] size = images.shape;
        Tensor planes = images.reshape(-1, 1, size[2], size[3]);
        Tensor down = Kernel(Math.Min(window / 2, size[2] - 1), sigma, images.device);
        Tensor across = Kernel(Math.Min(window / 2, size[3] - 1), sigma, images.device);
        Tensor padded = nn.functional.pad(planes, [across.numel() / 2, across.numel() / 2, down.numel() / 2, down.numel() / 2], PaddingModes.Reflect);
        Tensor blurred = nn.functional.conv2d(nn.functional.conv2d(padded, down.view(1, 1, -1, 1)), across.view(1, 1, 1, -1));
        return blurred.view(size).MoveToOuterDisposeScope();
    }

    private static Tensor Kernel(long reach, double sigma, Device device)
    {
        Tensor weights = arange(-reach, reach + 1, ScalarType.Float32).div(sigma).square().mul(-0.5).exp();
        return (weights / weights.sum()).to(device);
    }
}
