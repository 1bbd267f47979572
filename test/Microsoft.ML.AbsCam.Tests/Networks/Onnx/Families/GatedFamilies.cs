using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Residual blocks whose channels or pixels are weighed: SE, ECA, CBAM, RegNet Y.</summary>
internal static class GatedFamilies
{
    public static Family[] All =>
    [
        new("SE-ResNet", "layer4.1.relu", "Relu", () => Residual((net, x) => Family.Excite(net, x, 4))),
        new("ECA-ResNet", "layer4.1.relu", "Relu", () => Residual(Efficient)),
        new("CBAM-ResNet", "layer4.1.relu", "Relu", () => Residual(ChannelsAndPixels)),
        new("RegNet Y", "trunk.block4.relu", "Relu", RegNetY),
    ];

    private static byte[] Residual(Func<NetworkWriter, string, string> gate)
    {
        NetworkWriter net = new(Family.Size);
        string x = net.ConvRelu("image", 8, 3, 2);
        foreach ((long width, int stride, string? name) in new (long, int, string?)[] { (8, 1, null), (16, 2, null), (16, 1, "layer4.1.relu") })
        {
            string inner = gate(net, net.Conv(net.ConvRelu(x, width, 3, stride), width, 3));
            x = net.Relu(net.Add(inner, stride == 1 ? x : net.Conv(x, width, 1, stride)), name);
        }

        return net.PoolAndClassify(x);
    }

    // One short convolution along the channels.
    private static string Efficient(NetworkWriter net, string x)
    {
        long channels = net.Channels(x);
        string line = net.Transpose(net.Node("Squeeze", $"{net.GlobalPool(x)} {net.Ints(-1)}", channels), 0, 2, 1);
        string weights = net.Weights([1, 1, 3], 3);
        string mixed = net.Transpose(net.Node("Conv", $"{line} {weights}", channels, null, ("pads", (long[])[1, 1]), ("kernel_shape", (long[])[3])), 0, 2, 1);
        string gate = net.Sigmoid(net.Node("Unsqueeze", $"{mixed} {net.Ints(-1)}", channels));
        return net.Mul(x, net.Node("Expand", $"{gate} {net.Node("Shape", x, 4)}", channels));
    }

    private static string ChannelsAndPixels(NetworkWriter net, string x)
    {
        string weighed = Family.Excite(net, x, 4);
        string mean = net.Node("ReduceMean", weighed, 1, null, ("axes", (long[])[1]));
        string most = net.Node("ReduceMax", weighed, 1, null, ("axes", (long[])[1]));
        return net.Mul(weighed, net.Sigmoid(net.Conv(net.Concat([mean, most]), 1, 7)));
    }

    private static byte[] RegNetY()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.ConvRelu("image", 8, 3, 2);
        foreach ((long width, int stride, string? name) in new (long, int, string?)[] { (8, 2, null), (12, 2, null), (12, 1, "trunk.block4.relu") })
        {
            string inner = net.ConvRelu(net.ConvRelu(x, width), width, 3, stride, groups: width / 4);
            inner = net.Conv(Family.Excite(net, inner, 2), width);
            x = net.Relu(net.Add(stride == 1 ? x : net.Conv(x, width, 1, stride), inner), name);
        }

        return net.PoolAndClassify(x);
    }
}
