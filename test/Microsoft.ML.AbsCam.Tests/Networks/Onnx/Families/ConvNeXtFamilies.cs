using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Layer norms and linear layers on channels-last maps between two transpositions: ConvNeXt.</summary>
internal static class ConvNeXtFamilies
{
    public static Family[] All =>
    [
        new("ConvNeXt, operator set 13", "features.7.1", "Add", () => ConvNeXt(13)),
        new("ConvNeXt, operator set 17", "features.7.1", "Add", () => ConvNeXt(17)),
    ];

    private static byte[] ConvNeXt(long opset)
    {
        NetworkWriter net = new(Family.Size, opset);
        string x = Norm(net.Conv("image", 8, 4, 4, pad: 0));
        x = Block(x, null);
        x = net.Conv(Norm(x), 12, 2, 2, pad: 0);
        x = Block(Block(x, null), "features.7.1");

        // The head pools first and normalises what is left.
        string pooled = Norm(net.GlobalPool(x));
        return net.Finish(net.Gemm(net.Flatten(pooled), 12, NetworkWriter.Classes));

        string Norm(string from) => net.ChannelsFirst(net.LayerNorm(net.ChannelsLast(from)));

        string Block(string from, string? name)
        {
            long width = net.Channels(from);
            string inner = net.LayerNorm(net.ChannelsLast(net.Conv(from, width, 7, groups: width)));
            inner = net.ChannelsFirst(net.Linear(net.Gelu(net.Linear(inner, width * 4)), width));
            return net.Add(net.Mul(inner, net.Weights([width, 1, 1], 6)), from, name);
        }
    }
}
