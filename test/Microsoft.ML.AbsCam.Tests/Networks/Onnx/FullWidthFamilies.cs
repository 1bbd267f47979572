using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx;

/// <summary>The layers of well-known networks, at the width that they are trained with. Each gives back the name of its class scores.</summary>
internal static class FullWidthFamilies
{
    public const int Classes = 1_000;

    public static string Vgg(FullWidthNetwork net, params int[] blocks)
    {
        string x = "image";
        for (int block = 0; block < blocks.Length; block++)
        {
            long width = Math.Min(512, 64L << block);
            for (int i = 0; i < blocks[block]; i++)
            {
                x = net.Relu(net.Conv(x, width, 3, 3), block == blocks.Length - 1 && i == blocks[block] - 1 ? "last" : null);
            }

            x = net.MaxPool(x, 2, 2);
        }

        return Classifier(net, net.Flatten(net.AveragePool(x, 1, 1)), 512 * 7 * 7);
    }

    public static string AlexNet(FullWidthNetwork net)
    {
        string x = net.MaxPool(net.Relu(net.Conv("image", 64, 11, 11, 4, (2, 2))), 3, 2);
        x = net.MaxPool(net.Relu(net.Conv(x, 192, 5, 5)), 3, 2);
        x = net.Relu(net.Conv(net.Relu(net.Conv(x, 384, 3, 3)), 256, 3, 3));
        x = net.MaxPool(net.Relu(net.Conv(x, 256, 3, 3), "last"), 3, 2);
        return Classifier(net, net.Flatten(x), 256 * 6 * 6);
    }

    public static string DenseNet121(FullWidthNetwork net)
    {
        int[] blocks = [6, 12, 24, 16];
        string x = net.MaxPool(net.Relu(net.BatchNorm(net.Conv("image", 64, 7, 7, 2))), 3, 2, 1);
        for (int block = 0; block < blocks.Length; block++)
        {
            for (int i = 0; i < blocks[block]; i++)
            {
                string narrow = net.Conv(net.Relu(net.BatchNorm(x)), 128, 1, 1);
                x = net.Concat(null, x, net.Conv(net.Relu(net.BatchNorm(narrow)), 32, 3, 3));
            }

            x = block == blocks.Length - 1 ? x : net.AveragePool(net.Conv(net.Relu(net.BatchNorm(x)), net.Channels(x) / 2, 1, 1), 2, 2);
        }

        return Pooled(net, net.Relu(net.BatchNorm(x), "last"));
    }

    public static string ConvNeXtTiny(FullWidthNetwork net)
    {
        (long Width, int Blocks)[] stages = [(96, 3), (192, 3), (384, 9), (768, 3)];
        string x = net.LayerNorm(net.Conv("image", 96, 4, 4, 4, (0, 0)));
        foreach ((long width, int blocks) in stages)
        {
            x = width == 96 ? x : net.Conv(net.LayerNorm(x), width, 2, 2, 2, (0, 0));
            for (int i = 0; i < blocks; i++)
            {
                x = net.ConvNeXtBlock(x, width == 768 && i == blocks - 1 ? "last" : null);
            }
        }

        return net.Linear(net.Flatten(net.LayerNorm(net.GlobalPool(x))), 768, Classes);
    }

    public static string InceptionV3(FullWidthNetwork net)
    {
        string Line(string from, long to, long height = 1, long width = 1, int stride = 1, bool pads = true) =>
            net.Relu(net.Conv(from, to, height, width, stride, pads ? null : (0, 0)));

        string x = Line(Line(Line("image", 32, 3, 3, 2, pads: false), 32, 3, 3, pads: false), 64, 3, 3);
        x = net.MaxPool(Line(Line(net.MaxPool(x, 3, 2), 80), 192, 3, 3, pads: false), 3, 2);
        foreach (long pooled in new[] { 32L, 64, 64 })
        {
            x = net.Concat(null, Line(x, 64), Line(Line(x, 48), 64, 5, 5), Line(Line(Line(x, 64), 96, 3, 3), 96, 3, 3), Line(net.AveragePool(x, 3, 1, 1), pooled));
        }

        x = net.Concat(null, Line(x, 384, 3, 3, 2, pads: false), Line(Line(Line(x, 64), 96, 3, 3), 96, 3, 3, 2, pads: false), net.MaxPool(x, 3, 2));
        foreach (long c in new[] { 128L, 160, 160, 192 })
        {
            string once = Line(Line(Line(x, c), c, 1, 7), 192, 7, 1);
            string twice = Line(Line(Line(Line(Line(x, c), c, 7, 1), c, 1, 7), c, 7, 1), 192, 1, 7);
            x = net.Concat(null, Line(x, 192), once, twice, Line(net.AveragePool(x, 3, 1, 1), 192));
        }

        x = net.Concat(null, Line(Line(x, 192), 320, 3, 3, 2, pads: false), Line(Line(Line(Line(x, 192), 192, 1, 7), 192, 7, 1), 192, 3, 3, 2, pads: false), net.MaxPool(x, 3, 2));
        foreach (string? name in new[] { null, "last" })
        {
            string three = Line(x, 384);
            string twice = Line(Line(x, 448), 384, 3, 3);
            x = net.Concat(
                name,
                Line(x, 320),
                net.Concat(null, Line(three, 384, 1, 3), Line(three, 384, 3, 1)),
                net.Concat(null, Line(twice, 384, 1, 3), Line(twice, 384, 3, 1)),
                Line(net.AveragePool(x, 3, 1, 1), 192));
        }

        return Pooled(net, x);
    }

    private static string Pooled(FullWidthNetwork net, string x) => net.Linear(net.Flatten(net.GlobalPool(x)), net.Channels(x), Classes);

    private static string Classifier(FullWidthNetwork net, string x, long from) =>
        net.Linear(net.Relu(net.Linear(net.Relu(net.Linear(x, from, 4_096)), 4_096, 4_096)), 4_096, Classes);
}
