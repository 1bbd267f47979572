using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;

/// <summary>Scores and explains images that lie in arrays, a batch at a time.</summary>
internal sealed class ImageExplainer(IHost host, ImageNetwork network, AbsCamOptions options, long[] imageSize)
{
    private readonly IExplainer _explainer = new ExplainerFactory(host, network, options, options.LayersFor(network)).Explainer;

    /// <summary>The highest classes, without maps.</summary>
    public Explanation Score(IReadOnlyList<ReadOnlyMemory<float>> images) => Explain(images, null, withMaps: false);

    /// <param name="images">Each [C,H,W].</param>
    /// <param name="targets">The classes, image by image; null takes the highest.</param>
    public Explanation Explain(IReadOnlyList<ReadOnlyMemory<float>> images, int[]? targets) => Explain(images, targets, withMaps: true);

    private Explanation Explain(IReadOnlyList<ReadOnlyMemory<float>> images, int[]? targets, bool withMaps)
    {
        using Tensor stacked = empty([images.Count, .. imageSize]);
        int at = 0;
        foreach (ReadOnlyMemory<float> image in images)
        {
            image.Span.CopyTo(stacked.Floats()[at..]);
            at += image.Length;
        }

        return _explainer.Explain(stacked, new RowAsks(targets), withMaps);
    }
}
