using Microsoft.ML.AbsCam.Baking;
using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Networks.Onnx;

namespace Microsoft.ML.AbsCam;

/// <summary>Explanations as outputs of model files.</summary>
public static class NetworkBaking
{
    /// <summary>The methods that can be baked: those that combine a layer's activations and gradients.</summary>
    public static IReadOnlyList<SaliencyMethod> Methods { get; } = [.. SaliencyMethod.All.Where(method => method.Nodes is not null)];

    /// <summary>
    /// Writes an ONNX file that gives what the network's file gives, and beside it the saliency map of each image: the gradient between the layer and
    /// the score, and the method's formula, as nodes of standard operators. Whatever runs ONNX explains from then on, without this library.
    /// </summary>
    /// <param name="network">A network from an ONNX file.</param>
    /// <param name="output">Takes the file, when it has been run beside this library and gave the same maps; nothing is written otherwise.</param>
    /// <param name="options">How to explain. Default: null, phase 1 of Abs-CAM for the predicted class at the layer that is taken when nobody names one.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="NetworkLoadException">An operator between the layer and the score has no adjoint, or the file gives other maps than this library.</exception>
    /// <exception cref="ArgumentException">The method, the layer or the target cannot be baked; the message says what can.</exception>
    /// <exception cref="NotSupportedException">The network is not from an ONNX file.</exception>
    public static BakedNetwork Bake(this ImageNetwork network, Stream output, BakeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(output);
        if (network is BakedImageNetwork baked)
        {
            throw new NotSupportedException($"The network '{network.Name}' has '{baked.Plan.Method}' baked into it already. Bake the model that it was baked from (SHA-256 {baked.Plan.Model}).");
        }

        if (network is not OnnxImageNetwork onnx)
        {
            throw new NotSupportedException($"The network '{network.Name}' is not from an ONNX file, and only such files can be baked. Export it to ONNX first.");
        }

        (byte[] file, BakedNetwork told) = Bakery.Bake(onnx, options ?? new BakeOptions());
        output.Write(file);
        return told;
    }
}
