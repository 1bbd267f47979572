using Microsoft.ML.AbsCam.Demo.Training.Export;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training.Networks;

/// <summary>
/// A detector without anchors, of one scale: each of 14 × 14 cells says a box and, for each class, how sure it is. One branch for boxes and one for
/// classes, as the later YOLO families have them.
/// </summary>
internal sealed class DetectorNetwork : Module<Tensor, Tensor>
{
    /// <summary>Pixels between cells.</summary>
    public const int Stride = 8;

    /// <summary>The side of the box that a cell says while its numbers are 0, in pixels.</summary>
    public const float UsualSide = 32;

    private const int Branch = 32;
    private readonly int _classes;
    private readonly Stem _stem = new(16, 32, 32, 48, 48, 48);
    private readonly ConvolutionUnit _scoreUnit = new("scores", 48, Branch, kernel: 3, stride: 1, residual: false);
    private readonly ConvolutionUnit _boxUnit = new("boxes", 48, Branch, kernel: 3, stride: 1, residual: false);
    private readonly TorchSharp.Modules.Conv2d _score;
    private readonly TorchSharp.Modules.Conv2d _box;

    public DetectorNetwork(int classes)
        : base("detector")
    {
        _classes = classes;
        _score = Conv2d(Branch, classes, 1);
        _box = Conv2d(Branch, 4, 1);

        // Hardly any cell holds an object of a given class, and the first batches need not learn that.
        init.constant_(_score.bias!, -4.5);
        RegisterComponents();
    }

    /// <summary>Cells a side.</summary>
    public static int Cells => DemoNetwork.InputSize / Stride;

    /// <summary>The middle of every cell in pixels [2,cells].</summary>
    public static Tensor Middles()
    {
        var middles = new float[2, Cells * Cells];
        for (var i = 0; i < Cells * Cells; i++)
        {
            (middles[0, i], middles[1, i]) = (((i % Cells) + 0.5f) * Stride, ((i / Cells) + 0.5f) * Stride);
        }

        return tensor(middles);
    }

    /// <summary>Boxes [B,4,cells] as middle, width and height in pixels, and class logits [B,classes,cells].</summary>
    public (Tensor Boxes, Tensor Logits) Detect(Tensor input)
    {
        var features = _stem.call(input);
        var box = _box.call(_boxUnit.call(features)).flatten(2);
        var middles = (box.slice(1, 0, 2, 1) * Stride) + Middles();
        var sides = box.slice(1, 2, 4, 1).exp() * UsualSide;
        return (cat([middles, sides], 1), _score.call(_scoreUnit.call(features)).flatten(2));
    }

    /// <summary>What the file gives: boxes and, below them, class scores [B,4 + classes,cells].</summary>
    public override Tensor forward(Tensor input)
    {
        var (boxes, logits) = Detect(input);
        return cat([boxes, logits.sigmoid()], 1);
    }

    public OnnxGraph Export()
    {
        var graph = new OnnxGraph("detector");
        var cells = Cells * Cells;
        var features = graph.Add(_stem.Units, graph.Input);
        var scores = graph.AddConvolution("Conv", "score.conv", graph.Add([_scoreUnit], features), _score.weight!, _score.bias!, 1, 0);
        scores = graph.Add("Reshape", "score.flat", [scores, graph.Numbers("score.shape", 0, _classes, cells)]);
        scores = graph.Add("Sigmoid", "score.sigmoid", [scores]);

        var box = graph.AddConvolution("Conv", "box.conv", graph.Add([_boxUnit], features), _box.weight!, _box.bias!, 1, 0);
        box = graph.Add("Reshape", "box.flat", [box, graph.Numbers("box.shape", 0, 4, cells)]);
        var (two, four) = (graph.Numbers("two", 2), graph.Numbers("four", 4));
        var (channels, steps) = (graph.Numbers("channels", 1), graph.Numbers("steps", 1));
        var middles = graph.Add("Slice", "box.middle", [box, graph.Numbers("zero", 0), two, channels, steps]);
        middles = graph.Add("Mul", "box.middle.scaled", [middles, graph.Number("stride", Stride)]);
        middles = graph.Add("Add", "box.middle.placed", [middles, graph.Weights("middles", Middles().unsqueeze(0))]);
        var sides = graph.Add("Exp", "box.sides", [graph.Add("Slice", "box.side", [box, two, four, channels, steps])]);
        sides = graph.Add("Mul", "box.sides.scaled", [sides, graph.Number("side", UsualSide)]);
        graph.Add("Concat", "detections", "output0", [middles, sides, scores], OnnxGraph.Whole("axis", 1));
        return graph.Ends("output0", 4 + _classes, cells);
    }
}
