using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Stopping;

/// <summary>How far a weighted map may be from the exact one.</summary>
/// <param name="Distance">The distance, at least 0 and below 1; 0 is exact.</param>
/// <param name="Kind">What the distance is of.</param>
internal readonly record struct MapTolerance(double Distance, ToleranceKind Kind)
{
    /// <summary>What says when to stop; null where everything is to be run.</summary>
    /// <param name="activation">The feature maps A [B,C,h,w].</param>
    /// <param name="reach">What each channel of each image can add at most with a weight of 1.</param>
    /// <param name="size">Rows and columns of the maps to make.</param>
    public IStoppingRule? Rule(Tensor activation, float[] reach, (long Height, long Width) size)
    {
        if (Distance == 0)
        {
            return null;
        }

        (int rows, int channels, int height, int width) = ((int)activation.shape[0], (int)activation.shape[1], (int)activation.shape[2], (int)activation.shape[3]);
        float[] maps = activation.ToFloats();
        return Kind == ToleranceKind.Guaranteed
            ? new GuaranteedRule(maps, reach, rows, channels, new CornerPixels(height, width, size.Height, size.Width), Distance)
            : new ExpectedRule(maps, reach, rows, channels, Distance);
    }
}
