using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Branches side by side that are joined by their channels: GoogLeNet, Inception v3, SqueezeNet.</summary>
internal static class BranchFamilies
{
    public static Family[] All =>
    [
        new("GoogLeNet", "inception5b", "Concat", GoogLeNet),
        new("Inception v3", "Mixed_7c", "Concat", InceptionV3),
        new("SqueezeNet", "features.12", "Concat", SqueezeNet),
    ];

    private static byte[] GoogLeNet()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.MaxPool(net.ConvRelu("image", 8, 7, 2), 3, 2, 1);

        // Local response normalisation, as in the network's first form.
        x = net.Node("LRN", x, 8, null, ("size", 5), ("alpha", 1e-4f));
        x = Inception(x, null);
        x = Inception(net.MaxPool(x, 3, 2, 1), "inception5b");
        string flat = net.Node("Dropout", net.Flatten(net.GlobalPool(x)), net.Channels(x));
        return net.Finish(net.Gemm(flat, net.Channels(x), NetworkWriter.Classes));

        string Inception(string from, string? name) => net.Concat(
            [
                net.ConvRelu(from, 4),
                net.ConvRelu(net.ConvRelu(from, 3), 6, 3),
                net.ConvRelu(net.ConvRelu(from, 2), 3, 5),
                net.ConvRelu(net.MaxPool(from, 3, 1, 1), 3),
            ],
            name);
    }

    private static byte[] InceptionV3()
    {
        NetworkWriter net = new(48);
        string x = net.MaxPool(net.ConvRelu("image", 6, 3, 2, pad: 0), 3, 2);
        x = net.Concat([net.ConvRelu(x, 4, 3, 2, pad: 0), net.ConvRelu(net.ConvRelu(x, 4), 4, 3, 2, pad: 0), net.MaxPool(x, 3, 2)]);

        // The last block joins branches of its own before it joins the four.
        string three = net.ConvRelu(x, 6);
        string twice = net.ConvRelu(net.ConvRelu(x, 5), 6, 3);
        string pooled = net.Node("AveragePool", x, net.Channels(x), null, ("kernel_shape", (long[])[3, 3]), ("strides", (long[])[1, 1]), ("pads", (long[])[1, 1, 1, 1]), ("count_include_pad", 1));
        x = net.Concat(
            [
                net.ConvRelu(x, 5),
                net.Concat([Wide(three), Tall(three)]),
                net.Concat([Wide(twice), Tall(twice)]),
                net.ConvRelu(pooled, 4),
            ],
            "Mixed_7c");
        return net.PoolAndClassify(x);

        string Wide(string from) => net.Relu(Line(from, 1, 3));
        string Tall(string from) => net.Relu(Line(from, 3, 1));
        string Line(string from, long height, long width) => net.Node(
            "Conv",
            $"{from} {net.Weights([4, net.Channels(from), height, width], net.Channels(from) * 3)}",
            4,
            null,
            ("pads", (long[])[height / 2, width / 2, height / 2, width / 2]));
    }

    private static byte[] SqueezeNet()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.MaxPool(net.ConvRelu("image", 8, 7, 2, pad: 0), 3, 2);
        x = Fire(Fire(x, 3, 6, null), 3, 6, null);
        x = net.Node("Dropout", Fire(x, 4, 8, "features.12"), 16);
        x = net.Relu(net.Conv(x, NetworkWriter.Classes));
        return net.Finish(net.Flatten(net.GlobalPool(x)));

        string Fire(string from, long squeezed, long each, string? name)
        {
            string inner = net.ConvRelu(from, squeezed);
            return net.Concat([net.ConvRelu(inner, each), net.ConvRelu(inner, each, 3)], name);
        }
    }
}
