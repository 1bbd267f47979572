using Microsoft.ML.AbsCam.Demo.Training.Export;
using Microsoft.ML.AbsCam.Demo.Training.Networks;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>The demo's classifier of ten classes.</summary>
internal sealed class ClassifierLesson : Lesson
{
    private readonly SceneNetwork _network = new(DemoNetwork.Classes.Count, 16, 32, 32, 64, 64, 96);

    public override nn.Module Network => _network;

    public override int Epochs => 12;

    public override SceneSet Draw() => SceneSet.Draw(Sample.One, 0, 8000, 2 * DemoNetwork.InputSize);

    public override Tensor Loss(Batch batch) => nn.functional.cross_entropy(_network.call(batch.Input), batch.Labels);

    public override IEnumerable<string> Measure() =>
        Evaluation.Measure(_network, SceneSet.Draw(Sample.One, DemoScenes.FirstHeldOutSeed, 1000, HeldOutSize)).Lines(DemoNetwork.Classes);

    public override OnnxGraph Export() => _network.Export();
}
