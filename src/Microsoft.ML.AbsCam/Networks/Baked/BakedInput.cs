using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Networks.Baked;

/// <summary>Images as a baked file wants them: in its order of axes and its element type.</summary>
internal static class BakedInput
{
    /// <param name="images">The images [rows, channels, height, width], one after the other; where they are right as they lie, they are given back.</param>
    /// <param name="rows">How many.</param>
    /// <param name="shape">Channels, height and width.</param>
    /// <param name="plan">What the file takes.</param>
    public static Array Of(float[] images, int rows, NetworkShape shape, BakedPlan plan)
    {
        float[] laid = plan.ChannelsLast && shape.Channels > 1 ? ChannelsLast(images, rows, shape) : images;
        IntegerLevels? levels = ElementTypes.Levels(plan.InputType);
        return plan.InputType switch
        {
            ElementTypes.Float => laid,
            ElementTypes.Double => Array.ConvertAll(laid, value => (double)value),
            ElementTypes.UInt8 => Array.ConvertAll(laid, value => (byte)Whole(value)),
            ElementTypes.Int8 => Array.ConvertAll(laid, value => (sbyte)Whole(value)),
            ElementTypes.UInt16 => Array.ConvertAll(laid, value => (ushort)Whole(value)),
            ElementTypes.Int16 => Array.ConvertAll(laid, value => (short)Whole(value)),
            ElementTypes.UInt32 => Array.ConvertAll(laid, value => (uint)Whole(value)),
            ElementTypes.Int32 => Array.ConvertAll(laid, value => (int)Whole(value)),
            ElementTypes.UInt64 => Array.ConvertAll(laid, value => (ulong)Whole(value)),
            ElementTypes.Int64 => Array.ConvertAll(laid, value => (long)Whole(value)),
            _ => throw new NetworkLoadException($"The file takes images of {ElementTypes.Name(plan.InputType)}, which cannot be given to it. Export the model with an input of float or uint8, and bake it anew."),
        };

        // The nearest whole number, halves to the even one, within what the type holds.
        double Whole(float value) => Math.Clamp(Math.Round((double)value), levels!.Least, levels.Most);
    }

    private static float[] ChannelsLast(float[] images, int rows, NetworkShape shape)
    {
        int plane = shape.Height * shape.Width;
        float[] turned = new float[images.Length];
        for (int row = 0; row < rows; row++)
        {
            int first = row * plane * shape.Channels;
            for (int channel = 0; channel < shape.Channels; channel++)
            {
                ReadOnlySpan<float> from = images.AsSpan(first + (channel * plane), plane);
                for (int i = 0; i < from.Length; i++)
                {
                    turned[first + (i * shape.Channels) + channel] = from[i];
                }
            }
        }

        return turned;
    }
}
