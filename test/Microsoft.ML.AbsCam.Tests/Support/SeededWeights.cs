using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>
/// A module's weights drawn from numbers of its own. libtorch's generator belongs to the process: between a seed and the layers that are made after it, another test may take some.
/// </summary>
internal static class SeededWeights
{
    /// <summary>Draws the weights of convolutions and linear layers as libtorch does when it makes them.</summary>
    public static void Draw(nn.Module module, ulong seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using var generator = new Generator(seed);
        foreach ((_, nn.Module child) in module.named_modules())
        {
            (Tensor? weight, Tensor? bias) = child switch
            {
                Conv2d convolution => ((Tensor?)convolution.weight, (Tensor?)convolution.bias),
                Linear linear => (linear.weight, linear.bias),
                _ => (null, null),
            };
            foreach (Tensor drawn in new[] { weight, bias }.OfType<Tensor>())
            {
                double bound = 1 / Math.Sqrt((double)weight!.numel() / weight.shape[0]);
                drawn.copy_(rand(drawn.shape, generator: generator).mul(2 * bound).sub(bound));
            }
        }
    }
}
