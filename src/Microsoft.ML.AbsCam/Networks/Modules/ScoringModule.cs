using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>A module, and how to get class scores out of it.</summary>
/// <param name="Module">What holds the layers and the weights.</param>
/// <param name="Call">From images [B,C,H,W] to class scores [B,classes].</param>
internal readonly record struct ScoringModule(nn.Module Module, Func<Tensor, Tensor> Call)
{
    public static ScoringModule Of(nn.Module<Tensor, Tensor> module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return new ScoringModule(module, module.call);
    }

    public static ScoringModule Of<TOutput>(nn.Module<Tensor, TOutput> module, Func<TOutput, Tensor> scores)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(scores);
        return new ScoringModule(module, input => scores(module.call(input)));
    }
}
