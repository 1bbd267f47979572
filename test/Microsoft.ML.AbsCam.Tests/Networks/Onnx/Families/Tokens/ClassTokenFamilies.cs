using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

/// <summary>Transformers of which only tokens are read that are no places: ViT, DeiT, DINO with registers, CLIP. The layer is what goes into the last block.</summary>
internal static class ClassTokenFamilies
{
    private const int Patch = 8;
    private const int Places = 24;
    private const int Channels = 16;

    public static TokenFamily[] All =>
    [
        Of("ViT, class token", () => Vit(17), 1),
        Of("ViT, class token, operator set 13", () => Vit(13), 1),
        Of("DeiT, distillation token", Deit, 2),
        Of("DINO with registers", Dino, 5),
        Of("CLIP's image tower with a linear head", Clip, 1),
    ];

    private static TokenFamily Of(string name, Func<byte[]> write, int others) => new(new Family(name, "blocks.1", "Add", write), 4, 6, Channels, Places + others, others);

    private static byte[] Vit(long opset)
    {
        NetworkWriter net = TokenWriter.Network(opset);
        string patches = net.Patches(Channels, Patch);
        string x = Blocks(net, net.Positions(net.Joined(net.Learnt(patches, 1), patches), Places + 1), Places + 1);
        return net.Finish(net.Gemm(net.Token(net.LayerNorm(x), 0), Channels, NetworkWriter.Classes));
    }

    private static byte[] Deit()
    {
        NetworkWriter net = TokenWriter.Network();
        string patches = net.Patches(Channels, Patch);
        string x = net.LayerNorm(Blocks(net, net.Positions(net.Joined(net.Learnt(patches, 1), net.Learnt(patches, 1), patches), Places + 2), Places + 2));
        string both = net.Add(net.Gemm(net.Token(x, 0), Channels, NetworkWriter.Classes), net.Gemm(net.Token(x, 1), Channels, NetworkWriter.Classes));
        return net.Finish(net.Node("Div", $"{both} {net.Number(2)}", NetworkWriter.Classes));
    }

    // Positions are those of the class token and the patches; registers come between the two.
    private static byte[] Dino()
    {
        NetworkWriter net = TokenWriter.Network();
        string patches = net.Patches(Channels, Patch);
        string placed = net.Positions(net.Joined(net.Learnt(patches, 1), patches), Places + 1);
        string x = Blocks(net, net.Joined(net.Range(placed, 0, 1), net.Learnt(placed, 4), net.Range(placed, 1, long.MaxValue)), Places + 5, scaled: true);
        return net.Finish(net.Gemm(net.Token(net.LayerNorm(x), 0), Channels, NetworkWriter.Classes));
    }

    // Tokens come first and images second, as attention layers of PyTorch's own want them.
    private static byte[] Clip()
    {
        NetworkWriter net = TokenWriter.Network();
        string patches = net.Patches(Channels, Patch);
        string x = net.Transpose(net.LayerNorm(net.Positions(net.Joined(net.Learnt(patches, 1), patches), Places + 1)), 1, 0, 2);
        for (int block = 0; block < 3; block++)
        {
            x = net.Add(x, Attention(net.LayerNorm(x)));
            x = net.Add(x, net.Mlp(net.LayerNorm(x), inner => net.Mul(inner, net.Sigmoid(net.Mul(inner, net.Number(1.702f))))), $"blocks.{block}");
        }

        string embedding = net.Node("MatMul", $"{net.LayerNorm(net.Token(net.Transpose(x, 1, 0, 2), 0))} {net.Weights([Channels, 12], Channels)}", 12);
        return net.Finish(net.Gemm(embedding, 12, NetworkWriter.Classes));

        string Attention(string from)
        {
            const int Heads = 2;
            string[] qkv = [.. Enumerable.Range(0, 3).Select(_ => net.Transpose(net.Reshape(net.Linear(from, Channels), Channels / Heads, Places + 1, -1, Channels / Heads), 1, 0, 2))];
            string products = net.Node("MatMul", $"{net.Mul(qkv[0], net.Number(0.35f))} {net.Transpose(qkv[1], 0, 2, 1)}", Places + 1);
            string mixed = net.Node("MatMul", $"{net.Node("Softmax", products, Places + 1, null, ("axis", -1))} {qkv[2]}", Channels / Heads);
            return net.Linear(net.Reshape(net.Transpose(mixed, 1, 0, 2), Channels, Places + 1, -1, Channels), Channels);
        }
    }

    private static string Blocks(NetworkWriter net, string x, long tokens, bool scaled = false)
    {
        for (int block = 0; block < 3; block++)
        {
            x = net.Block(x, [0, tokens, Channels], $"blocks.{block}", scaled: scaled);
        }

        return x;
    }
}
