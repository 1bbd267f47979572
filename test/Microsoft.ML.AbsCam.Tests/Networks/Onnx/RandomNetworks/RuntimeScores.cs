using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>What ONNX Runtime makes of a drawn network's file: the file itself has to be right before the library is judged by it.</summary>
internal static class RuntimeScores
{
    /// <param name="drawn">The network, of floats or with an image of bytes.</param>
    /// <param name="image">The image with channels first.</param>
    public static float[] Of(RandomNetwork drawn, float[] image)
    {
        TwinMap shape = drawn.Net.Image;
        (int c, int h, int w) = ((int)shape.Channels, shape.Height, shape.Width);
        bool last = drawn.Net.Style.ChannelsLast;
        float[] laid = last ? [.. Enumerable.Range(0, image.Length).Select(i => image[(i % c * h * w) + (i / c)])] : image;
        int[] sizes = last ? [1, h, w, c] : [1, c, h, w];
        NamedOnnxValue input = drawn.Net.Style.Numbers == TwinNumbers.ByteImage
            ? NamedOnnxValue.CreateFromTensor("image", new DenseTensor<byte>(laid.Select(value => (byte)value).ToArray(), sizes))
            : NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(laid, sizes));
        using SessionOptions options = new() { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using InferenceSession session = new(drawn.Model, options);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([input], [drawn.ScoreName]);
        return [.. results[0].AsTensor<float>()];
    }
}
