using Microsoft.ML.AbsCam.Saliency.Questions;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Explains batches of images: scores, targets, maps. It keeps no state between batches.</summary>
internal interface IExplainer
{
    /// <param name="images">The network's inputs [B,C,H,W], on the CPU.</param>
    /// <param name="asks">What each row asks for.</param>
    /// <param name="withMaps">Without maps, one forward pass gives scores and targets.</param>
    /// <param name="withHeatFeatures">Whether what lies under the maps' heat is told, of a method that explains one layer.</param>
    Explanation Explain(Tensor images, RowAsks asks, bool withMaps, bool withHeatFeatures = false);

    /// <param name="inputs">The network's inputs, one image's numbers after the other's.</param>
    /// <param name="rows">Which of them are explained.</param>
    /// <param name="size">Their channels, height and width.</param>
    /// <param name="asks">What each of these rows asks for.</param>
    /// <param name="withMaps">As above.</param>
    /// <param name="withHeatFeatures">As above.</param>
    Explanation Explain(ReadOnlySpan<float> inputs, IReadOnlyList<int> rows, IReadOnlyList<long> size, RowAsks asks, bool withMaps, bool withHeatFeatures = false);
}
