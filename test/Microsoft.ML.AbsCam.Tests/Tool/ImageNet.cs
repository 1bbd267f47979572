using Microsoft.ML.AbsCam.Tests.Support;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>ImageNet's preprocessing, written down once more: shorter side to 256 by a triangle filter, the centre of 224, mean and deviation.</summary>
internal static class ImageNet
{
    private const int Shorter = 256;
    private const int Size = 224;
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    /// <summary>The class that ONNX Runtime gives each photo.</summary>
    public static int[] ClassesByOnnxRuntime(IEnumerable<string> files, byte[] model)
    {
        float[][] photos = [.. files.Select(Tensor)];
        (float[] scores, long[] shape) = OnnxRuntimeOracle.Run(model, [.. photos.SelectMany(photo => photo)], [photos.Length, 3, Size, Size]);
        return [.. scores.Chunk((int)shape[1]).Select(each => Array.IndexOf(each, each.Max()))];
    }

    private static float[] Tensor(string file)
    {
        using SKBitmap photo = SKBitmap.Decode(file);
        double scale = Math.Min(photo.Width, photo.Height) / (double)Shorter;
        double[][] columns = Weights(photo.Width, scale);
        double[][] rows = Weights(photo.Height, scale);
        SKColor[] pixels = photo.Pixels;
        float[] values = new float[3 * Size * Size];
        for (int channel = 0; channel < 3; channel++)
        {
            double[] levels = [.. pixels.Select(pixel => (double)(channel == 0 ? pixel.Red : channel == 1 ? pixel.Green : pixel.Blue))];
            double[] narrow = new double[photo.Height * Size];
            for (int i = 0; i < narrow.Length; i++)
            {
                narrow[i] = Sum(columns[i % Size], at => levels[(i / Size * photo.Width) + at]);
            }

            for (int i = 0; i < Size * Size; i++)
            {
                double level = Sum(rows[i / Size], at => narrow[(at * Size) + (i % Size)]);
                values[(channel * Size * Size) + i] = (float)(((level / 255) - Mean[channel]) / Std[channel]);
            }
        }

        return values;
    }

    /// <summary>For each pixel of the crop, how much each pixel of a photo's side counts: a triangle as wide as the reduction.</summary>
    private static double[][] Weights(int length, double scale)
    {
        int resized = (int)(length / scale);
        int first = (int)Math.Round((resized - Size) / 2.0, MidpointRounding.ToEven);
        double own = length / (double)resized;
        double reach = Math.Max(own, 1);
        return [.. Enumerable.Range(first, Size).Select(pixel =>
        {
            double centre = (pixel + 0.5) * own;
            double[] weights = [.. Enumerable.Range(0, length).Select(at => Math.Max(0, 1 - (Math.Abs(at + 0.5 - centre) / reach)))];
            double sum = weights.Sum();
            return (double[])[.. weights.Select(weight => weight / sum)];
        })];
    }

    private static double Sum(double[] weights, Func<int, double> value)
    {
        int first = Array.FindIndex(weights, weight => weight > 0);
        double sum = 0;
        for (int i = first; i < weights.Length && weights[i] > 0; i++)
        {
            sum += weights[i] * value(i);
        }

        return sum;
    }
}
