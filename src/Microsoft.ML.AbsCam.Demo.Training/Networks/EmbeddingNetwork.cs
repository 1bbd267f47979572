using Microsoft.ML.AbsCam.Demo.Training.Export;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training.Networks;

/// <summary>Six convolutions, global average pooling, one linear layer, and a vector of length 1.</summary>
internal sealed class EmbeddingNetwork : Module<Tensor, Tensor>
{
    // What PyTorch's normalize takes instead of a length of 0.
    private const float LeastLength = 1e-12f;
    private readonly int _dimensions;
    private readonly Stem _stem = new(16, 32, 32, 48, 48, 64);
    private readonly TorchSharp.Modules.Linear _projection;

    // Pooled activations are all positive, so that untrained vectors point one way and differ in little: centred, they begin apart.
    private readonly TorchSharp.Modules.BatchNorm1d _norm;

    /// <param name="kinds">How many kinds of object there are to learn from.</param>
    /// <param name="dimensions">The length of a vector.</param>
    public EmbeddingNetwork(int kinds, int dimensions)
        : base("embedding")
    {
        _dimensions = dimensions;
        _projection = Linear(64, dimensions);
        _norm = BatchNorm1d(dimensions, affine: false);
        Proxies = Parameter(randn(kinds, dimensions));
        RegisterComponents();
    }

    /// <summary>A vector for each kind, to which those of its pictures are drawn [kinds,dimensions]; of any length. It serves learning and is not exported.</summary>
    public TorchSharp.Modules.Parameter Proxies { get; }

    public override Tensor forward(Tensor input) =>
        functional.normalize(_norm.call(_projection.call(_stem.call(input).mean([2, 3]))), dim: 1, eps: LeastLength);

    public OnnxGraph Export()
    {
        var graph = new OnnxGraph("embedding");
        var value = graph.Add("GlobalAveragePool", "pool", [graph.Add(_stem.Units, graph.Input)]);
        value = graph.Add("Flatten", "flatten", [value], OnnxGraph.Whole("axis", 1));
        var (weight, bias) = Fold();
        value = graph.Add("Gemm", "projection", [value, graph.Weights("projection.weight", weight), graph.Weights("projection.bias", bias)], OnnxGraph.Whole("transB", 1));
        var length = graph.Add("ReduceL2", "length", [value], OnnxGraph.Wholes("axes", 1), OnnxGraph.Whole("keepdims", 1));
        length = graph.Add("Clip", "length.clipped", [length, graph.Number("least", LeastLength)]);
        graph.Add("Div", "normalize", "embedding", [value, length]);
        return graph.Ends("embedding", _dimensions);
    }

    // One linear layer that does what the linear layer and the batch norm do in inference.
    private (Tensor Weight, Tensor Bias) Fold()
    {
        using var _ = no_grad();
        var scale = 1 / (_norm.running_var! + _norm.eps).sqrt();
        return (_projection.weight! * scale.unsqueeze(1), (_projection.bias! - _norm.running_mean!) * scale);
    }
}
