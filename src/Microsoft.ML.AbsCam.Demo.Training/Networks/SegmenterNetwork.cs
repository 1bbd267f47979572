using Microsoft.ML.AbsCam.Demo.Training.Export;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training.Networks;

/// <summary>A small U-Net: down to 14 × 14 maps, up again by transposed convolutions beside the maps of the way down, class logits at the input's size.</summary>
internal sealed class SegmenterNetwork : Module<Tensor, Tensor>
{
    private readonly int _classes;
    private readonly ConvolutionUnit[] _half = [new("down.0", 3, 16, kernel: 6, stride: 2, residual: false)];
    private readonly ConvolutionUnit[] _quarter = [new("down.1", 16, 32, kernel: 4, stride: 2, residual: false), new("down.2", 32, 32, kernel: 3, stride: 1, residual: true)];
    private readonly ConvolutionUnit[] _eighth = [new("down.3", 32, 48, kernel: 4, stride: 2, residual: false), new("down.4", 48, 48, kernel: 3, stride: 1, residual: true)];
    private readonly TorchSharp.Modules.ConvTranspose2d _toQuarter = ConvTranspose2d(48, 32, 2, stride: 2);
    private readonly ConvolutionUnit[] _upQuarter = [new("up.0", 64, 32, kernel: 3, stride: 1, residual: false)];
    private readonly TorchSharp.Modules.ConvTranspose2d _toHalf = ConvTranspose2d(32, 16, 2, stride: 2);
    private readonly ConvolutionUnit[] _upHalf = [new("up.1", 32, 24, kernel: 3, stride: 1, residual: false)];
    private readonly TorchSharp.Modules.Conv2d _head;

    /// <param name="classes">The classes, background among them.</param>
    public SegmenterNetwork(int classes)
        : base("segmenter")
    {
        _classes = classes;
        _head = Conv2d(24, classes, 1);
        foreach (var unit in _half.Concat(_quarter).Concat(_eighth).Concat(_upQuarter).Concat(_upHalf))
        {
            register_module(unit.GetName().Replace('.', '_'), unit);
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var half = Through(_half, input);
        var quarter = Through(_quarter, half);
        var eighth = Through(_eighth, quarter);
        var up = Through(_upQuarter, cat([_toQuarter.call(eighth), quarter], 1));
        up = Through(_upHalf, cat([_toHalf.call(up), half], 1));
        return functional.interpolate(_head.call(up), [input.shape[2], input.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
    }

    public OnnxGraph Export()
    {
        var graph = new OnnxGraph("segmenter");
        var half = graph.Add(_half, graph.Input);
        var quarter = graph.Add(_quarter, half);
        var eighth = graph.Add(_eighth, quarter);
        var up = graph.AddConvolution("ConvTranspose", "up.0.larger", eighth, _toQuarter.weight!, _toQuarter.bias!, 2, 0);
        up = graph.Add(_upQuarter, graph.Add("Concat", "up.0.beside", [up, quarter], OnnxGraph.Whole("axis", 1)));
        up = graph.AddConvolution("ConvTranspose", "up.1.larger", up, _toHalf.weight!, _toHalf.bias!, 2, 0);
        up = graph.Add(_upHalf, graph.Add("Concat", "up.1.beside", [up, half], OnnxGraph.Whole("axis", 1)));
        up = graph.AddConvolution("Conv", "head", up, _head.weight!, _head.bias!, 1, 0);
        graph.Add(
            "Resize",
            "full",
            "logits",
            [up, "", graph.Weights("scales", tensor(new float[] { 1, 1, 2, 2 }))],
            OnnxGraph.Text("mode", "linear"),
            OnnxGraph.Text("coordinate_transformation_mode", "half_pixel"));
        return graph.Ends("logits", _classes, DemoNetwork.InputSize, DemoNetwork.InputSize);
    }

    private static Tensor Through(ConvolutionUnit[] units, Tensor input) => units.Aggregate(input, (value, unit) => unit.call(value));
}
