using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Blocks that add to what they were given: ResNet, ResNeXt, Wide ResNet, and RegNet, which scales their sizes.</summary>
internal static class ResidualFamilies
{
    public static Family[] All =>
    [
        new("ResNet-18", "layer4.1.relu", "Relu", () => ResNet(Basic, 1, normalise: false)),
        new("ResNet-18, batch norm as it is", "layer4.1.relu", "Relu", () => ResNet(Basic, 1, normalise: true)),
        new("ResNet-50", "layer4.1.relu", "Relu", () => ResNet(Bottleneck, 1, normalise: false)),
        new("ResNeXt-50", "layer4.1.relu", "Relu", () => ResNet(Bottleneck, 4, normalise: false)),
        new("Wide ResNet-50", "layer4.1.relu", "Relu", () => ResNet(WideBottleneck, 1, normalise: false)),
        new("RegNet X", "layer4.1.relu", "Relu", () => ResNet(Level, 2, normalise: true)),
        new("ResNet v2, activations first", "post_relu", "Relu", ActivationsFirst),
    ];

    private delegate string Inner(Func<string, long, int, int, long, string> unit, NetworkWriter net, string x, long width, int stride, long groups);

    private static byte[] ResNet(Inner inner, long groups, bool normalise)
    {
        NetworkWriter net = new(Family.Size);
        string x = net.MaxPool(net.Relu(Unit("image", 8, 7, 2, 1)), 3, 2, 1);
        foreach ((long width, string?[] names) in new (long, string?[])[] { (8, [null, null]), (16, [null, "layer4.1.relu"]) })
        {
            int stride = width == 8 ? 1 : 2;
            foreach (string? name in names)
            {
                string shortcut = stride == 1 && net.Channels(x) == width ? x : Unit(x, width, 1, stride, 1);
                x = net.Relu(net.Add(inner(Unit, net, x, width, stride, groups), shortcut), name);
                stride = 1;
            }
        }

        return net.PoolAndClassify(x);

        string Unit(string from, long to, int kernel, int step, long parts)
        {
            string maps = net.Conv(from, to, kernel, step, parts);
            return normalise ? net.BatchNorm(maps) : maps;
        }
    }

    private static string Basic(Func<string, long, int, int, long, string> unit, NetworkWriter net, string x, long width, int stride, long groups) =>
        unit(net.Relu(unit(x, width, 3, stride, 1)), width, 3, 1, 1);

    private static string Bottleneck(Func<string, long, int, int, long, string> unit, NetworkWriter net, string x, long width, int stride, long groups) =>
        unit(net.Relu(unit(net.Relu(unit(x, width / 2, 1, 1, 1)), width / 2, 3, stride, groups)), width, 1, 1, 1);

    private static string WideBottleneck(Func<string, long, int, int, long, string> unit, NetworkWriter net, string x, long width, int stride, long groups) =>
        unit(net.Relu(unit(net.Relu(unit(x, width * 2, 1, 1, 1)), width * 2, 3, stride, 1)), width, 1, 1, 1);

    private static string Level(Func<string, long, int, int, long, string> unit, NetworkWriter net, string x, long width, int stride, long groups) =>
        unit(net.Relu(unit(net.Relu(unit(x, width, 1, 1, 1)), width, 3, stride, groups)), width, 1, 1, 1);

    private static byte[] ActivationsFirst()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.Conv("image", 8, 3, 2);
        for (int i = 0; i < 3; i++)
        {
            int stride = i == 1 ? 2 : 1;
            string active = net.Relu(net.BatchNorm(x));
            string inner = net.Conv(net.Relu(net.Conv(active, 8, 3, stride)), 8, 3);
            x = net.Add(inner, stride == 1 ? x : net.Conv(active, 8, 1, stride));
        }

        return net.PoolAndClassify(net.Relu(net.BatchNorm(x), "post_relu"));
    }
}
