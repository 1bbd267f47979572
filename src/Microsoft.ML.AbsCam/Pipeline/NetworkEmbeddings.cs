using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Pipeline;
using Microsoft.ML.Data;
using TorchSharp;

namespace Microsoft.ML.AbsCam;

/// <summary>Embeddings of pictures, for <see cref="SaliencyTarget.Similar"/>.</summary>
public static class NetworkEmbeddings
{
    /// <summary>The outputs of a network for one picture, as they are: of an embedding network, the picture's embedding.</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">The picture; it stays the caller's.</param>
    /// <param name="preprocessing">What it goes through; null takes what is usual for the network (see <see cref="AbsCamOptions.PreprocessingFor"/>).</param>
    /// <returns>As many numbers as the network gives.</returns>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    /// <exception cref="ArgumentException">The preprocessing does not fit the network.</exception>
    public static float[] Embed(this ImageNetwork network, MLImage image, ImagePreprocessing? preprocessing = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(image);
        ImagePreprocessing taken = EffectivePreprocessing.Of(network, preprocessing);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor input = torch.empty(1, taken.Planes, taken.Height, taken.Width);
        new ImageTensorizer(taken).Write(image, input.Floats());
        return network.RunForward(input, torch.CPU).ToFloats();
    }
}
