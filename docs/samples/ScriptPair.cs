// <pair>
using Microsoft.ML.AbsCam;

// </pair>
namespace Samples.ScriptPair;

/// <summary>Compiled and not run: the files come from Python.</summary>
internal static class ScriptPair
{
    public static void Example()
    {
        // <pair>
        using ImageNetwork network = ImageNetwork.FromTorchScript("features.pt", "head.pt", 224, 224); // one layer: features

        // </pair>
    }
}
