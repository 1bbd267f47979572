using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Each layer reads all before it: DenseNet, which ends in a batch norm and an activation.</summary>
internal static class DenseFamilies
{
    public static Family[] All => [new("DenseNet", "features.norm5.relu", "Relu", DenseNet)];

    private static byte[] DenseNet()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.MaxPool(net.Relu(net.BatchNorm(net.Conv("image", 8, 7, 2))), 3, 2, 1);
        x = Block(x);
        x = net.AveragePool(net.Conv(net.Relu(net.BatchNorm(x)), 8), 2, 2);
        x = Block(x);
        return net.PoolAndClassify(net.Relu(net.BatchNorm(x), "features.norm5.relu"));

        string Block(string from)
        {
            List<string> parts = [from];
            for (int i = 0; i < 3; i++)
            {
                string all = parts.Count == 1 ? from : net.Concat([.. parts]);
                parts.Add(net.Conv(net.Relu(net.BatchNorm(net.Conv(net.Relu(net.BatchNorm(all)), 8))), 4, 3));
            }

            return net.Concat([.. parts]);
        }
    }
}
