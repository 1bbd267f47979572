using System.Collections.Concurrent;
using Microsoft.ML.AbsCam.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <content>Passes with what happens within the network, where that can be seen.</content>
public abstract partial class ImageNetwork
{
    private const string Hidden = "what happens within it cannot be seen. Take an ONNX file";

    private readonly ConcurrentDictionary<string, (float Least, float Greatest)> _ranges = new(StringComparer.Ordinal);

    /// <summary>The least and the greatest activation of a layer, on one made-up image.</summary>
    internal (float Least, float Greatest) RangeOf(string layer) => _ranges.GetOrAdd(layer, name =>
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        NetworkShape shape = Shape;
        Tensor activation = RunFromLayer(MadeUpImages.Of(shape.Channels, shape.Height, shape.Width)[0], name, CPU, withGraph: false).Activation.to(ScalarType.Float32);
        return (activation.min().item<float>(), activation.max().item<float>());
    });

    /// <summary>Why there are no attention matrices to be read, as the end of a sentence; null where there are. Reads the network.</summary>
    internal string? WhyNoAttention => InTurn(ReadWhyNoAttention);

    /// <summary>Runs a transformer in TorchSharp, and gives what its tokens attend to.</summary>
    /// <param name="input">The images [B,C,H,W].</param>
    /// <param name="device">Where the network runs.</param>
    /// <param name="withGraph">Whether gradients will be asked for.</param>
    internal AttentionPass RunAttention(Tensor input, Device device, bool withGraph) => InTurn(() => ForwardAttention(input, device, withGraph));

    /// <summary>The gradients of T numbers a row that a function makes of the outputs, at each attention matrix [T][blocks].</summary>
    internal Tensor[][] Gradients(AttentionPass pass, Func<Tensor, Tensor> asked) => InTurn(() => pass.Gradients(asked));

    private protected virtual string? ReadWhyNoAttention() => Hidden;

    private protected virtual AttentionPass ForwardAttention(Tensor input, Device device, bool withGraph) => throw new NotSupportedException($"'{Name}': {WhyNoAttention}");

    /// <summary>Why the scores are not the sum of what input and biases count for, as the end of a sentence; null where they are. Reads the network.</summary>
    internal string? WhyNoBiases => InTurn(ReadWhyNoBiases);

    /// <summary>Runs the network in TorchSharp, and gives what its scores are the sum of.</summary>
    /// <param name="input">The images [B,C,H,W].</param>
    /// <param name="device">Where the network runs.</param>
    internal BiasPass RunBiases(Tensor input, Device device) => InTurn(() => ForwardBiases(input, device));

    /// <summary>The parts of T numbers a row that a function makes of the outputs [T][parts].</summary>
    internal Tensor[][] Parts(BiasPass pass, Func<Tensor, Tensor> asked) => InTurn(() => pass.Parts(asked));

    private protected virtual string? ReadWhyNoBiases() => Hidden;

    private protected virtual BiasPass ForwardBiases(Tensor input, Device device) => throw new NotSupportedException($"'{Name}': {WhyNoBiases}");
}
