using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Audit.Interventions;

/// <summary>Turns network inputs back into pictures that can be looked at.</summary>
/// <param name="preprocessing">How photos became inputs.</param>
/// <param name="frame">The size of an input.</param>
internal sealed class PictureDrawer(ImagePreprocessing preprocessing, InputFrame frame)
{
    public MLImage Draw(ReadOnlySpan<float> input)
    {
        byte[] pixels = new byte[frame.Pixels * PixelOrder.Bytes];
        for (int i = 0; i < frame.Pixels; i++)
        {
            for (int colour = 0; colour < PixelOrder.Alpha; colour++)
            {
                // Bgra: blue first. Of one plane, all colours are that one.
                int plane = frame.Planes == 1 ? 0 : preprocessing.ColorOrder == ColorOrder.Bgr ? colour : PixelOrder.Alpha - 1 - colour;
                float level = ((input[(plane * frame.Pixels) + i] * preprocessing.Std[plane]) + preprocessing.Mean[plane]) / preprocessing.Scale;
                pixels[(i * PixelOrder.Bytes) + colour] = (byte)Math.Clamp(level + 0.5f, 0, byte.MaxValue);
            }

            pixels[(i * PixelOrder.Bytes) + PixelOrder.Alpha] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(frame.Width, frame.Height, MLPixelFormat.Bgra32, pixels);
    }
}
