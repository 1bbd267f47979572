using Microsoft.ML.AbsCam.Demo.Training.Export;
using Microsoft.ML.AbsCam.Demo.Training.Networks;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>Boxes and classes of several objects.</summary>
internal sealed class DetectorLesson : Lesson
{
    // Of an object that is all but covered nobody can say the box.
    private const int LeastPixels = 60;
    private const double BoxWeight = 2;
    private readonly DetectorNetwork _network = new(DemoNetwork.Classes.Count);

    public override nn.Module Network => _network;

    public override int Epochs => 11;

    public override int BatchSize => 32;

    public override SceneSet Draw() => SceneSet.Draw(Sample.Crowd, 0, 4800, 160);

    /// <summary>Cross-entropy of every cell's classes, and 1 - GIoU (arXiv 1902.09630) of the boxes of the cells in the middle of an object.</summary>
    public override Tensor Loss(Batch batch)
    {
        var (boxes, logits) = _network.Detect(batch.Input);
        var (cells, classes, truth) = Targets(batch);
        var target = zeros_like(logits);
        var index = tensor(cells);
        var perCell = target.permute(0, 2, 1).reshape(-1, logits.shape[1]);
        perCell.index_put_(ones(cells.Length), index, tensor(classes));
        var wanted = perCell.reshape(batch.Count, -1, logits.shape[1]).permute(0, 2, 1);
        var scoreLoss = nn.functional.binary_cross_entropy_with_logits(logits, wanted, reduction: nn.Reduction.Sum) / Math.Max(cells.Length, 1);
        var found = boxes.permute(0, 2, 1).reshape(-1, 4).index_select(0, index);
        return scoreLoss + (BoxWeight * (1 - GeneralOverlap(found, tensor(truth).reshape(-1, 4))).mean());
    }

    public override IEnumerable<string> Measure()
    {
        var scenes = SceneSet.Draw(Sample.Crowd, DemoScenes.FirstHeldOutSeed, 200, HeldOutSize);
        var quality = new DetectionQuality(DemoNetwork.Classes.Count);
        for (var first = 0; first < scenes.Count; first += BatchSize)
        {
            using var scope = NewDisposeScope();
            var batch = Batch.Plain(scenes, first, Math.Min(BatchSize, scenes.Count - first));
            var output = _network.call(batch.Input);
            for (var i = 0; i < batch.Count; i++)
            {
                var truth = Box.Around(batch.Places(i), batch.Classes(i).Length, least: 1);
                quality.Add(output[i].contiguous().data<float>().ToArray(), [.. truth.Zip(batch.Classes(i), (box, classIndex) => (box!.Value, classIndex))]);
            }
        }

        return quality.Lines(DemoNetwork.Classes);
    }

    public override OnnxGraph Export() => _network.Export();

    /// <summary>The cells that are to say an object (over the whole batch), its class and its box.</summary>
    private static (long[] Cells, long[] Classes, float[] Boxes) Targets(Batch batch)
    {
        var (cells, classes, boxes) = (new List<long>(), new List<long>(), new List<float>());
        var side = DetectorNetwork.Cells;
        for (var scene = 0; scene < batch.Count; scene++)
        {
            var around = Box.Around(batch.Places(scene), batch.Classes(scene).Length, LeastPixels);
            for (var cell = 0; cell < side * side; cell++)
            {
                var (x, y) = (((cell % side) + 0.5f) * DetectorNetwork.Stride, ((cell / side) + 0.5f) * DetectorNetwork.Stride);
                if (Nearest(around, x, y) is { } nearest)
                {
                    var box = around[nearest]!.Value;
                    cells.Add((scene * side * side) + cell);
                    classes.Add(batch.Classes(scene)[nearest]);
                    boxes.AddRange([box.X, box.Y, box.Width, box.Height]);
                }
            }
        }

        return ([.. cells], [.. classes], [.. boxes]);
    }

    /// <summary>The object in whose middle half a point lies (every object has a cell that does), the nearest of several.</summary>
    private static int? Nearest(Box?[] boxes, float x, float y)
    {
        (int? Index, float Distance) best = (null, float.MaxValue);
        for (var i = 0; i < boxes.Length; i++)
        {
            if (boxes[i] is not { } box)
            {
                continue;
            }

            var (across, down) = (Math.Abs(box.X - x), Math.Abs(box.Y - y));
            var distance = (across * across) + (down * down);
            if (across <= Math.Max(box.Width / 4, DetectorNetwork.Stride / 2) && down <= Math.Max(box.Height / 4, DetectorNetwork.Stride / 2) && distance < best.Distance)
            {
                best = (i, distance);
            }
        }

        return best.Index;
    }

    private static Tensor GeneralOverlap(Tensor boxes, Tensor others)
    {
        var (low, high) = (boxes.slice(1, 0, 2, 1) - (boxes.slice(1, 2, 4, 1) / 2), boxes.slice(1, 0, 2, 1) + (boxes.slice(1, 2, 4, 1) / 2));
        var (otherLow, otherHigh) = (others.slice(1, 0, 2, 1) - (others.slice(1, 2, 4, 1) / 2), others.slice(1, 0, 2, 1) + (others.slice(1, 2, 4, 1) / 2));
        var both = (minimum(high, otherHigh) - maximum(low, otherLow)).clamp_min(0).prod(1);
        var either = boxes.slice(1, 2, 4, 1).prod(1) + others.slice(1, 2, 4, 1).prod(1) - both;
        var hull = (maximum(high, otherHigh) - minimum(low, otherLow)).prod(1);
        return (both / either) - ((hull - either) / hull);
    }
}
