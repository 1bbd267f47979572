using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>The module that the checkpoints of <c>../shared/cases</c> hold the weights of.</summary>
internal static class CaseModule
{
    public const int Side = 16;
    public const string Layer = "relu";

    /// <summary>convolution, norm, rectifier, mean, linear, and what follows.</summary>
    public static Sequential Make(params (string Name, nn.Module<Tensor, Tensor> Module)[] behind) => nn.Sequential(
    [
        ("c1", nn.Conv2d(3, 8, 3, padding: 1)), ("bn", nn.BatchNorm2d(8)), ("relu", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)),
        ("flatten", nn.Flatten()), ("fc", nn.Linear(8, 4)), .. behind,
    ]);

    /// <summary>The image of a case [1,3,16,16]; the test is skipped, visibly, where it is absent.</summary>
    public static Tensor Image(string name) => tensor(Npy.Read(SharedData.PathOrSkip("cases", name, "x.npy")).Values, [1, 3, Side, Side]);
}
