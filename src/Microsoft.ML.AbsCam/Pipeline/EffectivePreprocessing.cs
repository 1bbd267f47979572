using System.Globalization;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>The one place that settles how photos become a network's input.</summary>
internal static class EffectivePreprocessing
{
    /// <summary>What a photo's channels hold.</summary>
    public const int MostLevel = byte.MaxValue;

    /// <summary>How far from a whole number a level may come out through rounding of float32.</summary>
    private const double Rounding = 1e-3;

    /// <param name="network">The network; its shape is read where nothing is asked for.</param>
    /// <param name="asked">What the user asks for; null takes what is usual for such an input.</param>
    /// <exception cref="ArgumentException">What is asked for gives another number of planes than the network takes, or numbers that it does not take.</exception>
    public static ImagePreprocessing Of(ImageNetwork network, ImagePreprocessing? asked)
    {
        asked?.Validate();
        ImagePreprocessing preprocessing = asked ?? Usual(network);
        Check(network.Name, network.Shape.Channels, network.Levels, preprocessing);
        return preprocessing;
    }

    /// <summary>
    /// ImageNet's colours, as grey for one channel. An input of whole numbers has the normalisation inside the network: it takes the levels
    /// of the decoded photo, 0 to 255, and int8 those minus 128.
    /// </summary>
    public static ImagePreprocessing Usual(ImageNetwork network)
    {
        (NetworkShape shape, IntegerLevels? levels) = (network.Shape, network.Levels);
        var preprocessing = ImagePreprocessing.For(shape.Height, shape.Width) with { ColorOrder = shape.Channels == 1 ? ColorOrder.Gray : ColorOrder.Rgb };
        if (!network.TakesLevels)
        {
            return preprocessing;
        }

        float middle = levels is { Most: < MostLevel, Least: < 0 } ? -(float)levels.Least : 0;
        float[] every(float value) => [.. Enumerable.Repeat(value, preprocessing.Planes)];
        return preprocessing with { Scale = 1, Mean = every(middle), Std = every(1) };
    }

    /// <exception cref="ArgumentException">The preprocessing does not fit the network.</exception>
    public static void Check(string network, int? channels, IntegerLevels? levels, ImagePreprocessing preprocessing)
    {
        if (channels is int wanted && wanted != preprocessing.Planes && wanted is 1 or 3)
        {
            throw new ArgumentException($"The preprocessing gives {(preprocessing.Planes == 1 ? "grey levels, one plane" : "three colour planes")}, and the network '{network}' takes {wanted}. {(wanted == 1 ? "Take grey (ColorOrder.Gray) with one mean and one deviation." : "Take RGB or BGR with three means and deviations.")}");
        }

        if (levels is null)
        {
            return;
        }

        if (levels.Most < 2)
        {
            throw new ArgumentException($"The input of the network '{network}' takes {levels}, and a photo has {MostLevel + 1} levels. Give the network vectors of its own, or export it with an input of real numbers or of bytes.");
        }

        for (int plane = 0; plane < preprocessing.Planes; plane++)
        {
            for (int level = 0; level <= MostLevel; level++)
            {
                double value = (((double)level * preprocessing.Scale) - preprocessing.Mean[plane]) / preprocessing.Std[plane];
                if (!levels.Takes(Math.Round(value)) || Math.Abs(value - Math.Round(value)) > Rounding)
                {
                    throw new ArgumentException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"The preprocessing turns a photo's level {level} into {value:0.####}, and the input of the network '{network}' takes {levels}. Leave mean and deviation out, so that it gets the levels themselves, or take ones that give such numbers."));
                }
            }
        }
    }
}
