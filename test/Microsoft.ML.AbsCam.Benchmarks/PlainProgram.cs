using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What one would write without this library to classify a photo: SkiaSharp, ONNX Runtime, and nothing else.</summary>
internal static class PlainProgram
{
    private const int Shorter = 256;
    private const int Side = 224;
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    public static void Run(string model, string photo, string labels)
    {
        using SKBitmap whole = SKBitmap.Decode(photo);
        double scale = (double)Shorter / Math.Min(whole.Width, whole.Height);
        using SKBitmap small = whole.Resize(new SKImageInfo((int)Math.Round(whole.Width * scale), (int)Math.Round(whole.Height * scale), SKColorType.Rgba8888), SKFilterQuality.Medium);
        float[] input = new float[3 * Side * Side];
        (int left, int top) = ((small.Width - Side) / 2, (small.Height - Side) / 2);
        ReadOnlySpan<byte> pixels = small.GetPixelSpan();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int pixel = ((top + y) * small.RowBytes) + (4 * (left + x));
                for (int plane = 0; plane < 3; plane++)
                {
                    input[(((plane * Side) + y) * Side) + x] = ((pixels[pixel + plane] / 255f) - Mean[plane]) / Std[plane];
                }
            }
        }

        using var session = new InferenceSession(model);
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, [1, 3, Side, Side]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [session.InputNames[0]], [tensor], [session.OutputNames[0]]);
        float[] scores = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        int best = Array.IndexOf(scores, scores.Max());
        Console.Error.WriteLine($"{File.ReadAllLines(labels)[best]} {1 / scores.Sum(score => Math.Exp(score - scores[best])):0.000}");
    }
}
