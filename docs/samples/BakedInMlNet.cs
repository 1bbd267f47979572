// <baked>
using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

// </baked>
namespace Samples.BakedInMlNet;

/// <summary>A baked file in a pipeline of ML.NET's own transforms: nothing of this library, and no libtorch.</summary>
internal static class BakedInMlNet
{
    /// <param name="mlContext">ML.NET's context.</param>
    /// <param name="photos">Rows with the path of a photo.</param>
    /// <param name="model">What <c>abscam bake abscam-demo/demo.onnx --output MODEL</c> wrote.</param>
    public static IDataView Explain(MLContext mlContext, IDataView photos, string model)
    {
        // <baked>
        // What the network was trained with: 112 x 112, the levels of each channel less their mean, over their deviation.
        var pipeline = mlContext.Transforms.LoadImages("Image", "", "FileName")
            .Append(mlContext.Transforms.ResizeImages("Resized", 112, 112, "Image", ImageResizingEstimator.ResizingKind.Fill))
            .Append(Channel("Red", ImagePixelExtractingEstimator.ColorBits.Red, mean: 0.45f))
            .Append(Channel("Green", ImagePixelExtractingEstimator.ColorBits.Green, mean: 0.45f))
            .Append(Channel("Blue", ImagePixelExtractingEstimator.ColorBits.Blue, mean: 0.4f))
            .Append(mlContext.Transforms.Concatenate("input", "Red", "Green", "Blue"))
            .Append(mlContext.Transforms.ApplyOnnxModel(
                ["logits", "saliency", "saliency_class"], ["input"], model, new Dictionary<string, int[]> { ["input"] = [1, 3, 112, 112] }, gpuDeviceId: null, fallbackToCpu: false));
        return pipeline.Fit(photos).Transform(photos);

        ImagePixelExtractingEstimator Channel(string name, ImagePixelExtractingEstimator.ColorBits color, float mean)
            => mlContext.Transforms.ExtractPixels(name, "Resized", color, offsetImage: mean * 255, scaleImage: 1 / (0.25f * 255));

        // </baked>
    }
}
