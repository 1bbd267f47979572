using System.Collections.Concurrent;
using System.Text.Json;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>An image of ../shared/parity: the input and what the reference implementations made of it.</summary>
internal sealed class ParityCase(string network, string image)
{
    private static readonly ConcurrentDictionary<string, Lazy<ImageNetwork>> Shared = new();

    public string Network { get; } = network;

    public string Image { get; } = image;

    public string Model => SharedData.PathOrSkip("models", Network + ".onnx");

    /// <summary>The network from its file, opened once for all tests; whoever uses it leaves it open.</summary>
    public ImageNetwork Opened => Shared.GetOrAdd(Model, file => new Lazy<ImageNetwork>(() => ImageNetwork.FromOnnx(file))).Value;

    public int Target => Meta.GetProperty("target").GetInt32();

    public double Probability => Meta.GetProperty("probability").GetDouble();

    public static IEnumerable<object[]> All =>
    [
        ["resnet20-cifar10", "cat-0003"], ["resnet20-cifar10", "horse-0007"], ["resnet20-cifar10", "ship-0011"],
        ["squeezenet1.0", "n02085620_Chihuahua"], ["squeezenet1.0", "n03770679_minivan"], ["squeezenet1.0", "n07753592_banana"],
    ];

    /// <summary>Those whose final map is compared: an image of SqueezeNet is masked 512 times, so one of its three is enough but for a long sweep.</summary>
    public static IEnumerable<object[]> Masked => Sweep.IsLong ? All : All.Where(one => one is [not "squeezenet1.0", _]).Append(["squeezenet1.0", "n07753592_banana"]);

    /// <summary>Those for another sum of the same masks.</summary>
    public static IEnumerable<object[]> MaskedAgain => Sweep.IsLong ? All : All.Where(one => one is [not "squeezenet1.0", _]);

    private JsonElement Meta => JsonDocument.Parse(File.ReadAllText(SharedData.PathOrSkip("parity", Network, Image, "meta.json"))).RootElement;

    public Npy Read(string name) => Npy.Read(SharedData.PathOrSkip("parity", Network, Image, name + ".npy"));
}
