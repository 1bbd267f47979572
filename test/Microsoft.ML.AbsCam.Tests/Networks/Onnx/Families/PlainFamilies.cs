using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>One layer behind the other, pooled to a fixed size and flattened: AlexNet, VGG.</summary>
internal static class PlainFamilies
{
    public static Family[] All =>
    [
        new("AlexNet", "features.11", "Relu", AlexNet),
        new("VGG-16", "features.29", "Relu", () => Vgg(normalise: false)),
        new("VGG-16 with batch norm", "features.29", "Relu", () => Vgg(normalise: true)),
    ];

    private static byte[] AlexNet()
    {
        NetworkWriter net = new(64);
        string x = net.MaxPool(net.ConvRelu("image", 8, 11, 2, pad: 2), 3, 2);
        x = net.MaxPool(net.ConvRelu(x, 12, 5), 3, 2);
        x = net.ConvRelu(net.ConvRelu(x, 16, 3), 12, 3);
        x = net.MaxPool(net.ConvRelu(x, 12, 3, name: "features.11"), 3, 2);

        // The adaptive pool to the size that is there already becomes a window of one.
        x = net.Node("Dropout", net.Flatten(net.AveragePool(x, 1, 1)), 12 * 2 * 2);
        x = net.Relu(net.Gemm(x, 12 * 2 * 2, 20));
        return net.Finish(net.Gemm(net.Relu(net.Gemm(x, 20, 20)), 20, NetworkWriter.Classes));
    }

    private static byte[] Vgg(bool normalise)
    {
        NetworkWriter net = new(Family.Size);
        string x = "image";
        foreach ((long width, string?[] names) in new (long, string?[])[] { (4, [null, null]), (6, [null, null]), (8, [null, null, null]), (8, [null, null, "features.29"]) })
        {
            foreach (string? name in names)
            {
                string before = net.Conv(x, width, 3);
                x = net.Relu(normalise ? net.BatchNorm(before) : before, name);
            }

            x = net.MaxPool(x, 2, 2);
        }

        x = net.Relu(net.Gemm(net.Flatten(net.AveragePool(x, 1, 1)), 8 * 2 * 2, 16));
        return net.Finish(net.Gemm(net.Node("Dropout", x, 16), 16, NetworkWriter.Classes));
    }
}
