// <weights>
using Microsoft.ML.AbsCam;
using static TorchSharp.torch;

// </weights>
namespace Samples.LoadWeights;

/// <summary>Compiled and not run: the files are a user's own.</summary>
internal static class LoadWeights
{
    public static void Example()
    {
        // <weights>
        // The architecture is code.
        var module = nn.Sequential(
            ("conv", nn.Conv2d(3, 8, 3, padding: 1)),
            ("relu", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("linear", nn.Linear(8, 2)));
        ModuleWeights.Load(module, "weights.pth"); // or weights.safetensors
        using var network = ImageNetwork.FromModule(module, "relu", 224, 224);

        // </weights>
    }
}
