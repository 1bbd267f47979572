using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

/// <summary>Small modules to fill, and the check that a refused file leaves one as it was.</summary>
internal static class WeightsBench
{
    public static Sequential Network(long seed)
    {
        using Generator generator = new((ulong)seed, CPU);
        Sequential module = nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("norm", nn.BatchNorm2d(4)), ("relu", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)), ("flat", nn.Flatten()), ("head", nn.Linear(4, 2)));
        using (no_grad())
        {
            foreach (Tensor value in module.state_dict().Values.Where(value => value.is_floating_point()))
            {
                value.copy_(rand(value.shape, generator: generator));
            }
        }

        return module;
    }

    public static IEnumerable<(string Name, Tensor Value)> Named(nn.Module module) => module.state_dict().Select(item => (item.Key, item.Value));

    public static byte[] Bytes(nn.Module module) => [.. module.state_dict().Values.SelectMany(value => value.bytes.ToArray())];

    public static WeightsReport Load(nn.Module module, byte[] file, WeightsOptions? options = null, string name = "weights.pth")
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, name);
        File.WriteAllBytes(path, file);
        return ModuleWeights.Load(module, path, options);
    }

    /// <summary>The file is refused with all of the words, and the module is as it was.</summary>
    public static void Refused(byte[] file, string[] words, WeightsOptions? options = null)
    {
        using Sequential module = Network(1);
        byte[] before = Bytes(module);
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => Load(module, file, options));
        foreach (string word in (string[])["weights.pth", .. words])
        {
            StringAssert.Contains(e.Message, word);
        }

        CollectionAssert.AreEqual(before, Bytes(module));
    }
}
