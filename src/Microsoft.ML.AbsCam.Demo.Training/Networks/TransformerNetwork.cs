using Microsoft.ML.AbsCam.Demo.Training.Export;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training.Networks;

/// <summary>
/// A small vision transformer: a token for every 14 × 14 pixels, a class token before them, learnt positions, blocks, and a linear layer on the class token. Two
/// convolutions make the tokens, where the first transformers had one: they learn from far fewer pictures (arXiv 2106.14881).
/// </summary>
internal sealed class TransformerNetwork : Module<Tensor, Tensor>
{
    private const int Patch = 14;
    private const int StemWidth = 16;
    private const int Width = 64;
    private const int Heads = 4;
    private const int Hidden = 128;
    private const int Depth = 3;
    private readonly TransformerBlock[] _blocks = [.. Enumerable.Range(0, Depth).Select(i => new TransformerBlock($"blocks.{i}", Width, Heads, Hidden))];
    private readonly ConvolutionUnit _stem = new("patch_embed.0", 3, StemWidth, kernel: 4, stride: 2, residual: false);
    private readonly TorchSharp.Modules.Conv2d _patches = Conv2d(StemWidth, Width, Patch / 2, stride: Patch / 2);
    private readonly TorchSharp.Modules.LayerNorm _norm = LayerNorm(Width, 1e-6);
    private readonly TorchSharp.Modules.Linear _head;
    private readonly TorchSharp.Modules.Parameter _token = Parameter(randn(1, 1, Width) * 0.02);
    private readonly TorchSharp.Modules.Parameter _positions = Parameter(Places());

    public TransformerNetwork(int classes)
        : base("transformer")
    {
        _head = Linear(Width, classes);
        foreach (var block in _blocks)
        {
            register_module(block.GetName().Replace('.', '_'), block);
        }

        RegisterComponents();
    }

    private static int Side => DemoNetwork.InputSize / Patch;

    private static int Tokens => 1 + (Side * Side);

    public override Tensor forward(Tensor input)
    {
        var patches = _patches.call(_stem.call(input)).flatten(2).transpose(1, 2);
        var tokens = cat([_token.expand(input.shape[0], -1, -1), patches], 1) + _positions;
        return _head.call(_norm.call(_blocks.Aggregate(tokens, (value, block) => block.call(value))).select(1, 0));
    }

    public OnnxGraph Export()
    {
        // The layer norm is one operator from opset 17 on.
        var graph = new OnnxGraph("transformer", opset: 17);
        var patches = graph.AddConvolution("Conv", "patch_embed", graph.Add([_stem], graph.Input), _patches.weight!, _patches.bias!, Patch / 2, pad: 0);
        patches = graph.Add("Reshape", "patch_embed.flat", [patches, graph.Numbers("patch_embed.shape", 0, Width, Tokens - 1)]);
        patches = graph.Add("Transpose", "patch_embed.tokens", [patches], OnnxGraph.Wholes("perm", 0, 2, 1));
        var batch = graph.Add("Gather", "batch", [graph.Add("Shape", "shape", [patches]), graph.Numbers("first", 0)], OnnxGraph.Whole("axis", 0));
        var shape = graph.Add("Concat", "cls_token.shape", [batch, graph.Numbers("cls_token.rest", 1, Width)], OnnxGraph.Whole("axis", 0));
        var token = graph.Add("Expand", "cls_token.expanded", [graph.Weights("cls_token", _token), shape]);
        var tokens = graph.Add("Concat", "tokens", [token, patches], OnnxGraph.Whole("axis", 1));
        tokens = graph.Add("Add", "tokens.placed", [tokens, graph.Weights("pos_embed", _positions)]);
        tokens = _blocks.Aggregate(tokens, (value, block) => block.Export(graph, value, Tokens));
        tokens = TransformerBlock.Norm(graph, "norm", _norm, tokens);
        var first = graph.Add("Gather", "cls", [tokens, graph.Index("cls.index", 0)], OnnxGraph.Whole("axis", 1));
        graph.Add("Gemm", "head", "logits", [first, graph.Weights("head.weight", _head.weight!), graph.Weights("head.bias", _head.bias!)], OnnxGraph.Whole("transB", 1));
        return graph.Ends("logits", _head.weight!.shape[0]);
    }

    // Where learning begins: a quarter of the width each for sine and cosine of a token's column and of its row, so that near tokens are alike. The class token has none.
    private static Tensor Places()
    {
        using var scope = NewDisposeScope();
        var waves = (arange(Width / 4, dtype: ScalarType.Float32) * (-Math.Log(100) / (Width / 4))).exp();
        var angles = arange(Side, dtype: ScalarType.Float32).unsqueeze(1) * waves;
        var along = cat([angles.sin(), angles.cos()], 1);
        var columns = along.unsqueeze(0).expand(Side, Side, Width / 2);
        var rows = along.unsqueeze(1).expand(Side, Side, Width / 2);
        return cat([zeros(1, 1, Width), (cat([columns, rows], 2) * 0.2).reshape(1, Side * Side, Width)], 1).MoveToOuterDisposeScope();
    }
}
