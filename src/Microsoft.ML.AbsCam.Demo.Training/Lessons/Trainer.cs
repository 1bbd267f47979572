using System.Diagnostics;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>AdamW with a warm-up and a cosine decay of the learning rate; the last weights are taken, no held-out scene chooses.</summary>
internal sealed class Trainer(Lesson lesson, SceneSet scenes, int seed)
{
    // A rare wild batch must not undo the ones before it.
    private const double MostGradient = 5;
    private readonly Random _random = new(seed);

    public void Run(Action<string> report)
    {
        using var optimizer = optim.AdamW(lesson.Network.parameters(), lesson.PeakRate, weight_decay: lesson.WeightDecay);
        var order = Enumerable.Range(0, scenes.Count).ToArray();
        var batches = scenes.Count / lesson.BatchSize;
        lesson.Network.train();
        for (var epoch = 0; epoch < lesson.Epochs; epoch++)
        {
            var clock = Stopwatch.StartNew();
            var before = Environment.CpuUsage.TotalTime;
            _random.Shuffle(order);
            double loss = 0;
            for (var batch = 0; batch < batches; batch++)
            {
                SetRate(optimizer, (epoch + (batch / (double)batches)) / lesson.Epochs);
                loss += Step(optimizer, order.AsSpan(batch * lesson.BatchSize, lesson.BatchSize).ToArray());
            }

            report($"epoch {epoch + 1}/{lesson.Epochs}: loss {loss / batches:F4}, {clock.Elapsed.TotalSeconds:F0} s, {(Environment.CpuUsage.TotalTime - before).TotalSeconds:F0} s of processor time");
        }
    }

    private void SetRate(optim.Optimizer optimizer, double progress)
    {
        const double WarmUp = 0.08;
        var share = progress < WarmUp ? progress / WarmUp : 0.5 * (1 + Math.Cos(Math.PI * (progress - WarmUp) / (1 - WarmUp)));
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = lesson.PeakRate * share;
        }
    }

    private double Step(optim.Optimizer optimizer, int[] indices)
    {
        using var scope = NewDisposeScope();
        var batch = Batch.Altered(scenes, indices, _random);
        optimizer.zero_grad();
        var loss = lesson.Loss(batch);
        loss.backward();
        nn.utils.clip_grad_norm_(lesson.Network.parameters(), MostGradient);
        optimizer.step();
        return loss.ToDouble();
    }
}
