using Microsoft.ML.AbsCam.Demo.Training.Export;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training.Networks;

/// <summary>Six convolutions, global average pooling, one linear layer.</summary>
internal sealed class SceneNetwork : Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Dropout _dropout = Dropout(0.1);
    private readonly Stem _stem;

    public SceneNetwork(int classes, params int[] widths)
        : base("scenes")
    {
        _stem = new Stem(widths);
        Classifier = Linear(widths[^1], classes);
        RegisterComponents();
    }

    public TorchSharp.Modules.Linear Classifier { get; }

    public Tensor Features(Tensor input) => _stem.call(input);

    public override Tensor forward(Tensor input) => Classifier.call(_dropout.call(Features(input).mean([2, 3])));

    public OnnxGraph Export()
    {
        var graph = new OnnxGraph("scenes");
        var value = graph.Add("GlobalAveragePool", "pool", [graph.Add(_stem.Units, graph.Input)]);
        value = graph.Add("Flatten", "flatten", [value], OnnxGraph.Whole("axis", 1));
        graph.Add("Gemm", "classifier", "logits", [value, graph.Weights("classifier.weight", Classifier.weight!), graph.Weights("classifier.bias", Classifier.bias!)], OnnxGraph.Whole("transB", 1));
        return graph.Ends("logits", Classifier.weight!.shape[0]);
    }
}
