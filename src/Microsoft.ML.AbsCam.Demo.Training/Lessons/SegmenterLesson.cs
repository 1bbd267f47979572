using Microsoft.ML.AbsCam.Demo.Training.Export;
using Microsoft.ML.AbsCam.Demo.Training.Networks;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>The class of every pixel; 0 is the background, and the demo's classes follow.</summary>
internal sealed class SegmenterLesson : Lesson
{
    private static readonly string[] Names = ["background", .. DemoNetwork.Classes];
    private readonly SegmenterNetwork _network = new(Names.Length);

    public override nn.Module Network => _network;

    public override int Epochs => 8;

    public override int BatchSize => 32;

    public override SceneSet Draw() => SceneSet.Draw(Sample.Crowd, 0, 3200, 128);

    public override Tensor Loss(Batch batch) => nn.functional.cross_entropy(_network.call(batch.Input), Truth(batch));

    public override IEnumerable<string> Measure()
    {
        var scenes = SceneSet.Draw(Sample.Crowd, DemoScenes.FirstHeldOutSeed, 200, HeldOutSize);
        var (both, either, right, pixels) = (new long[Names.Length], new long[Names.Length], 0L, 0L);
        for (var first = 0; first < scenes.Count; first += BatchSize)
        {
            using var scope = NewDisposeScope();
            var batch = Batch.Plain(scenes, first, Math.Min(BatchSize, scenes.Count - first));
            var (truth, found) = (Truth(batch), _network.call(batch.Input).argmax(1));
            right += truth.eq(found).sum().ToInt64();
            pixels += truth.NumberOfElements;
            for (var i = 0; i < Names.Length; i++)
            {
                both[i] += truth.eq(i).logical_and(found.eq(i)).sum().ToInt64();
                either[i] += truth.eq(i).logical_or(found.eq(i)).sum().ToInt64();
            }
        }

        var overlaps = both.Zip(either, (some, all) => some / (double)Math.Max(all, 1)).ToArray();
        return
        [
            $"held-out mean intersection over union {overlaps.Average():P1} with the background, {overlaps[1..].Average():P1} without; {right / (double)pixels:P1} of the pixels right",
            .. Names.Zip(overlaps, (name, overlap) => $"  {name,-24} {overlap:P1}"),
        ];
    }

    public override OnnxGraph Export() => _network.Export();

    /// <summary>The class of every pixel [B,size,size].</summary>
    private static Tensor Truth(Batch batch)
    {
        var size = DemoNetwork.InputSize;
        var classes = new long[batch.Count * size * size];
        for (var scene = 0; scene < batch.Count; scene++)
        {
            var places = batch.Places(scene);
            var kinds = batch.Classes(scene);
            for (var i = 0; i < places.Length; i++)
            {
                classes[(scene * places.Length) + i] = places[i] == 0 ? 0 : 1 + kinds[places[i] - 1];
            }
        }

        return tensor(classes).reshape(batch.Count, size, size);
    }
}
