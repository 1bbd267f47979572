using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>A kind of network, and the layer that a practitioner would name for its saliency maps.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Pick">The value that is the default layer.</param>
/// <param name="Operator">What computes that value.</param>
/// <param name="Write">Writes the model.</param>
internal sealed record Family(string Name, string Pick, string Operator, Func<byte[]> Write)
{
    public const int Size = 32;

    public static IReadOnlyList<Family> All { get; } =
    [
        .. PlainFamilies.All, .. BranchFamilies.All, .. ResidualFamilies.All, .. GatedFamilies.All, .. DenseFamilies.All,
        .. MobileFamilies.All, .. ShuffleFamilies.All, .. ScaledFamilies.All, .. ConvNeXtFamilies.All, .. GhostFamilies.All,
        .. TokenFamily.All.Select(family => family.Family),
    ];

    /// <summary>Every third of them, or all in a long sweep.</summary>
    /// <param name="first">The first; what asks about many things of a family takes other families than the next that does.</param>
    public static IEnumerable<object[]> Sample(int first) => Enumerable.Range(0, All.Count).Where(at => Sweep.IsLong || at % 3 == first).Select(at => new object[] { All[at].Name });

    public static Family Named(string name) => All.Single(family => family.Name == name);

    /// <summary>Squeeze and excitation: what a map holds on the whole weighs its channels.</summary>
    public static string Excite(NetworkWriter net, string x, long squeezed, Func<string, string>? inner = null, Func<string, string>? gate = null)
    {
        string hidden = (inner ?? (value => net.Relu(value)))(net.Conv(net.GlobalPool(x), squeezed));
        return net.Mul(x, (gate ?? net.Sigmoid)(net.Conv(hidden, net.Channels(x))));
    }
}
