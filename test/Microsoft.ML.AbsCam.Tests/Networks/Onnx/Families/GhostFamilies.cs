using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Maps of which half are cheap copies of the others: GhostNet, which has a convolution behind its pooling too.</summary>
internal static class GhostFamilies
{
    public static Family[] All => [new("GhostNet", "blocks.9.relu", "Relu", GhostNet)];

    private static byte[] GhostNet()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.ConvRelu("image", 8, 3, 2);
        x = Bottleneck(Bottleneck(x, 8, 1, gate: false), 12, 2, gate: true);
        x = net.ConvRelu(x, 24, name: "blocks.9.relu");
        string hidden = net.Relu(net.Conv(net.GlobalPool(x), 20));
        return net.Finish(net.Gemm(net.Flatten(hidden), 20, NetworkWriter.Classes));

        string Bottleneck(string from, long to, int stride, bool gate)
        {
            string wide = Ghost(from, net.Channels(from) * 2, active: true);
            wide = stride == 1 ? wide : net.Conv(wide, net.Channels(wide), 3, stride, groups: net.Channels(wide));
            wide = gate ? Family.Excite(net, wide, 4, null, value => net.Node("Clip", $"{value} {net.Number(0)} {net.Number(1)}", net.Channels(value))) : wide;
            string shortcut = stride == 1 && to == net.Channels(from)
                ? from
                : net.Conv(net.Conv(from, net.Channels(from), 3, stride, groups: net.Channels(from)), to);
            return net.Add(Ghost(wide, to, active: false), shortcut);
        }

        string Ghost(string from, long to, bool active)
        {
            string primary = Maybe(net.Conv(from, to / 2), active);
            string cheap = Maybe(net.Conv(primary, to / 2, 3, groups: to / 2), active);
            return net.Slice(net.Concat([primary, cheap]), to);
        }

        string Maybe(string maps, bool active) => active ? net.Relu(maps) : maps;
    }
}
