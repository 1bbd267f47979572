using Microsoft.ML.AbsCam.Demo.Training.Export;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>One network, the scenes that it learns from, what it is to learn, and how well it did.</summary>
internal abstract class Lesson : IDisposable
{
    protected const int HeldOutSize = 320;

    public abstract nn.Module Network { get; }

    public abstract int Epochs { get; }

    public virtual int BatchSize => 50;

    /// <summary>The learning rate after warming up.</summary>
    public virtual double PeakRate => 4e-3;

    public virtual double WeightDecay => 1e-2;

    /// <summary>The scenes to learn from.</summary>
    public abstract SceneSet Draw();

    /// <summary>What training makes small.</summary>
    public abstract Tensor Loss(Batch batch);

    /// <summary>Measures the network on scenes with seeds never seen in training.</summary>
    /// <returns>Lines to print.</returns>
    public abstract IEnumerable<string> Measure();

    public abstract OnnxGraph Export();

    public void Dispose() => Network.Dispose();
}
