using Microsoft.ML.AbsCam.Demo.Training.Export;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training.Networks;

/// <summary>Attention of several heads and two linear layers with GELU between them, each behind a layer norm and added to its input.</summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-6;
    private readonly int _heads;
    private readonly int _width;
    private readonly TorchSharp.Modules.LayerNorm _norm1;
    private readonly TorchSharp.Modules.LayerNorm _norm2;
    private readonly TorchSharp.Modules.Linear _qkv;
    private readonly TorchSharp.Modules.Linear _projection;
    private readonly TorchSharp.Modules.Linear _first;
    private readonly TorchSharp.Modules.Linear _second;

    public TransformerBlock(string name, int width, int heads, int hidden)
        : base(name)
    {
        (_width, _heads) = (width, heads);
        _norm1 = LayerNorm(width, Epsilon);
        _norm2 = LayerNorm(width, Epsilon);
        _qkv = Linear(width, 3 * width);
        _projection = Linear(width, width);
        _first = Linear(width, hidden);
        _second = Linear(hidden, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        var (batch, count) = (tokens.shape[0], tokens.shape[1]);
        var qkv = _qkv.call(_norm1.call(tokens)).reshape(batch, count, 3, _heads, _width / _heads).permute(2, 0, 3, 1, 4);
        var mixed = functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2]);
        tokens += _projection.call(mixed.transpose(1, 2).reshape(batch, count, _width));
        return tokens + _second.call(functional.gelu(_first.call(_norm2.call(tokens))));
    }

    /// <summary>Adds the block's nodes, as PyTorch's exporter writes them.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="tokens">The block's input [B,count,width].</param>
    /// <param name="count">How many tokens there are.</param>
    public string Export(OnnxGraph graph, string tokens, int count)
    {
        var name = GetName();
        var value = Affine(graph, $"{name}.attn.qkv", Norm(graph, $"{name}.norm1", _norm1, tokens), _qkv);
        value = graph.Add("Reshape", $"{name}.attn.split", [value, graph.Numbers($"{name}.attn.split.shape", 0, count, 3, _heads, _width / _heads)]);
        value = graph.Add("Transpose", $"{name}.attn.apart", [value], OnnxGraph.Wholes("perm", 2, 0, 3, 1, 4));
        string[] parts = [.. ((string[])["q", "k", "v"]).Select((part, i) =>
            graph.Add("Gather", $"{name}.attn.{part}", [value, graph.Index($"{name}.attn.{part}.index", i)], OnnxGraph.Whole("axis", 0)))];
        var queries = graph.Add("Mul", $"{name}.attn.q.scaled", [parts[0], graph.Number($"{name}.attn.scale", Scale)]);
        var keys = graph.Add("Transpose", $"{name}.attn.k.turned", [parts[1]], OnnxGraph.Wholes("perm", 0, 1, 3, 2));
        var attention = graph.Add("Softmax", $"{name}.attn.softmax", [graph.Add("MatMul", $"{name}.attn.product", [queries, keys])], OnnxGraph.Whole("axis", -1));
        value = graph.Add("MatMul", $"{name}.attn.mixed", [attention, parts[2]]);
        value = graph.Add("Transpose", $"{name}.attn.together", [value], OnnxGraph.Wholes("perm", 0, 2, 1, 3));
        value = graph.Add("Reshape", $"{name}.attn.joined", [value, graph.Numbers($"{name}.attn.joined.shape", 0, count, _width)]);
        tokens = graph.Add("Add", $"{name}.add1", [tokens, Affine(graph, $"{name}.attn.proj", value, _projection)]);

        value = Affine(graph, $"{name}.mlp.fc1", Norm(graph, $"{name}.norm2", _norm2, tokens), _first);
        value = Affine(graph, $"{name}.mlp.fc2", Gelu(graph, $"{name}.mlp.act", value), _second);
        return graph.Add("Add", $"{name}.add2", [tokens, value]);
    }

    public static string Norm(OnnxGraph graph, string name, TorchSharp.Modules.LayerNorm norm, string input) => graph.Add(
        "LayerNormalization",
        name,
        [input, graph.Weights($"{name}.weight", norm.weight!), graph.Weights($"{name}.bias", norm.bias!)],
        OnnxGraph.Whole("axis", -1),
        OnnxGraph.Real("epsilon", (float)Epsilon));

    private float Scale => 1 / MathF.Sqrt(_width / (float)_heads);

    private static string Affine(OnnxGraph graph, string name, string input, TorchSharp.Modules.Linear linear)
    {
        var product = graph.Add("MatMul", $"{name}.product", [input, graph.Weights($"{name}.weight", linear.weight!.t())]);
        return graph.Add("Add", name, [graph.Weights($"{name}.bias", linear.bias!), product]);
    }

    // x / 2 * (1 + erf(x / √2))
    private static string Gelu(OnnxGraph graph, string name, string input)
    {
        var value = graph.Add("Erf", $"{name}.erf", [graph.Add("Div", $"{name}.divided", [input, graph.Number($"{name}.root", MathF.Sqrt(2))])]);
        value = graph.Add("Mul", $"{name}.product", [input, graph.Add("Add", $"{name}.plus", [value, graph.Number($"{name}.one", 1)])]);
        return graph.Add("Mul", name, [value, graph.Number($"{name}.half", 0.5f)]);
    }
}
