using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training.Networks;

/// <summary>Convolutions from 112 × 112 pixels down to maps of 14 × 14, the part that all convolutional networks here begin with.</summary>
internal sealed class Stem : Module<Tensor, Tensor>
{
    /// <param name="widths">The channels after each of the six convolutions.</param>
    public Stem(params int[] widths)
        : base("features")
    {
        // Strided kernels are even: an odd one sits on the first pixel of its pair, three of them shift the maps by
        // three and a half pixels against the picture, and every saliency map with them.
        Units =
        [
            new("features.0", 3, widths[0], kernel: 6, stride: 2, residual: false),
            new("features.1", widths[0], widths[1], kernel: 4, stride: 2, residual: false),
            new("features.2", widths[1], widths[2], kernel: 3, stride: 1, residual: true),
            new("features.3", widths[2], widths[3], kernel: 4, stride: 2, residual: false),
            new("features.4", widths[3], widths[4], kernel: 3, stride: 1, residual: true),
            new("features.5", widths[4], widths[5], kernel: 3, stride: 1, residual: false),
        ];
        foreach (var unit in Units)
        {
            register_module(unit.GetName().Replace('.', '_'), unit);
        }
    }

    public ConvolutionUnit[] Units { get; }

    public override Tensor forward(Tensor input) => Units.Aggregate(input, (value, unit) => unit.call(value));
}
