using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Scripts;

/// <summary>The <see cref="TinyNetwork"/> as a pair of TorchScript files in a folder, or something wrong in place of one of them.</summary>
internal sealed class ScriptPair : IDisposable
{
    public static readonly string[] Head = ["pooled = torch.mean(maps, [2, 3])", "kept = torch.dropout(pooled, 0.5, self.training)", "return torch.linear(kept, self.weight)"];

    private readonly TemporaryFolder _folder = new();

    public ScriptPair(byte[]? features = null, byte[]? head = null)
    {
        File.WriteAllBytes(FeaturesFile, features ?? Features());
        File.WriteAllBytes(HeadFile, head ?? Classify(Head));
    }

    public string FeaturesFile => Path.Combine(_folder.Path, "maps.pt");

    public string HeadFile => Path.Combine(_folder.Path, "scores.pt");

    public static byte[] Features(string last = "return torch.relu(maps)")
    {
        using DisposeScope scope = NewDisposeScope();
        return ScriptFile.Of(
            "image",
            ["maps = torch.conv2d(image, self.weight, self.bias, [2, 2], [1, 1], [1, 1], 1)", last],
            ("weight", tensor(TinyNetwork.Rectified.Kernels, [TinyNetwork.Channels, 3, 3, 3])),
            ("bias", tensor(TinyNetwork.Rectified.Bias)));
    }

    public static byte[] Classify(params string[] body)
    {
        using DisposeScope scope = NewDisposeScope();
        return ScriptFile.Of("maps", body, ("weight", (tensor(TinyNetwork.Rectified.Weights, [TinyNetwork.Channels, TinyNetwork.Classes]) * TinyNetwork.Sharpness).t().contiguous()));
    }

    public ImageNetwork Open() => ImageNetwork.FromTorchScript(FeaturesFile, HeadFile, TinyNetwork.Side, TinyNetwork.Side);

    public void Dispose() => _folder.Dispose();
}
