using Microsoft.ML.AbsCam.Demo.Training.Export;
using Microsoft.ML.AbsCam.Demo.Training.Networks;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>The demo's classes, told apart by a vision transformer.</summary>
internal sealed class TransformerLesson : Lesson
{
    private readonly TransformerNetwork _network = new(DemoNetwork.Classes.Count);

    public override nn.Module Network => _network;

    public override int Epochs => 14;

    public override double PeakRate => 2e-3;

    public override double WeightDecay => 0.05;

    public override SceneSet Draw() => SceneSet.Draw(Sample.One, 0, 6000, 128);

    public override Tensor Loss(Batch batch) => nn.functional.cross_entropy(_network.call(batch.Input), batch.Labels);

    public override IEnumerable<string> Measure()
    {
        var scenes = SceneSet.Draw(Sample.One, DemoScenes.FirstHeldOutSeed, 500, HeldOutSize);
        double right = 0;
        for (var first = 0; first < scenes.Count; first += BatchSize)
        {
            using var scope = NewDisposeScope();
            var batch = Batch.Plain(scenes, first, BatchSize);
            right += _network.call(batch.Input).argmax(1).eq(batch.Labels).sum().ToDouble();
        }

        return [$"held-out accuracy {right / scenes.Count:P1} of {scenes.Count} scenes"];
    }

    public override OnnxGraph Export() => _network.Export();
}
