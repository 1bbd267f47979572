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

    public EmbeddingNetwork(int dimensions)
        : base("embedding")
    {
        _dimensions = dimensions;
        _projection = Linear(64, dimensions);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        functional.normalize(_projection.call(_stem.call(input).mean([2, 3])), dim: 1, eps: LeastLength);

    public OnnxGraph Export()
    {
        var graph = new OnnxGraph("embedding");
        var value = graph.Add("GlobalAveragePool", "pool", [graph.Add(_stem.Units, graph.Input)]);
        value = graph.Add("Flatten", "flatten", [value], OnnxGraph.Whole("axis", 1));
        value = graph.Add("Gemm", "projection", [value, graph.Weights("projection.weight", _projection.weight!), graph.Weights("projection.bias", _projection.bias!)], OnnxGraph.Whole("transB", 1));
        var length = graph.Add("ReduceL2", "length", [value], OnnxGraph.Wholes("axes", 1), OnnxGraph.Whole("keepdims", 1));
        length = graph.Add("Clip", "length.clipped", [length, graph.Number("least", LeastLength)]);
        graph.Add("Div", "normalize", "embedding", [value, length]);
        return graph.Ends("embedding", _dimensions);
    }
}
