using Microsoft.ML.AbsCam.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>Images that nobody took, to see what a network's scores are: noise, all different, in contrast too, and the same every time.</summary>
internal static class MadeUpImages
{
    private const int Count = 3;
    private const ulong Seed = 11;

    /// <summary>The images [1,C,H,W].</summary>
    public static IReadOnlyList<Tensor> Of(int channels, int height, int width)
    {
        using var generator = new Generator(Seed, CPU);
        return [.. Enumerable.Range(1, Count).Select(contrast => randn([1, channels, height, width], generator: generator).mul_(HeldScalar.Of(contrast)))];
    }
}
