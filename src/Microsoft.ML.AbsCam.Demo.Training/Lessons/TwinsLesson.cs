using Microsoft.ML.AbsCam.Demo.Training.Export;
using Microsoft.ML.AbsCam.Demo.Training.Networks;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>A classifier of classes that come in pairs and differ in one part.</summary>
internal sealed class TwinsLesson : Lesson
{
    private readonly SceneNetwork _network = new(TwinScenes.ClassNames.Count, 16, 24, 24, 48, 48, 48);

    public override nn.Module Network => _network;

    public override int Epochs => 6;

    public override SceneSet Draw() => SceneSet.Draw(Sample.Twin, 0, 4000, 128);

    public override Tensor Loss(Batch batch) => nn.functional.cross_entropy(_network.call(batch.Input), batch.Labels);

    public override IEnumerable<string> Measure() =>
        Evaluation.Measure(_network, SceneSet.Draw(Sample.Twin, DemoScenes.FirstHeldOutSeed, 400, HeldOutSize)).Lines(TwinScenes.ClassNames);

    public override OnnxGraph Export() => _network.Export();
}
