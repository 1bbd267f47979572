using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Halves of the channels that are mixed by reshaping and transposing: ShuffleNet v2.</summary>
internal static class ShuffleFamilies
{
    public static Family[] All =>
    [
        new("ShuffleNet v2", "conv5.2", "Relu", () => ShuffleNet(0)),
        new("ShuffleNet v2, exported for one image", "conv5.2", "Relu", () => ShuffleNet(1)),
    ];

    private static byte[] ShuffleNet(long batch)
    {
        NetworkWriter net = new(Family.Size, batch: batch);
        string x = net.MaxPool(net.ConvRelu("image", 8, 3, 2), 3, 2, 1);
        int size = Family.Size / 4;
        string left = net.ConvRelu(net.Conv(x, 8, 3, 2, groups: 8), 8);
        size /= 2;
        x = Shuffle(net.Concat([left, Branch(x, 2)]));
        for (int i = 0; i < 2; i++)
        {
            string[] halves = net.Halves(x);
            x = Shuffle(net.Concat([halves[0], Branch(halves[1], 1)]));
        }

        x = net.ConvRelu(x, 24, name: "conv5.2");
        return net.Finish(net.Gemm(net.Mean(x, keep: false), 24, NetworkWriter.Classes));

        string Branch(string from, int stride) => net.ConvRelu(net.Conv(net.ConvRelu(from, 8), 8, 3, stride, groups: 8), 8);

        // Sizes become constants in a traced file; a batch of 1 does too.
        string Shuffle(string from)
        {
            long rows = batch == 0 ? -1 : 1;
            string parts = net.Reshape(from, 16, rows, 2, 8, size, size);
            return net.Reshape(net.Transpose(parts, 0, 2, 1, 3, 4), 16, rows, 16, size, size);
        }
    }
}
