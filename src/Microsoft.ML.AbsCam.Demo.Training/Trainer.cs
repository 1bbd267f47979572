using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training;

/// <summary>AdamW with a warm-up and a cosine decay of the learning rate; the last weights are taken, no held-out scene chooses.</summary>
internal sealed class Trainer(SceneNetwork network, SceneSet scenes, int seed)
{
    private const int BatchSize = 50;
    private const double PeakRate = 4e-3;
    private readonly Random _random = new(seed);

    public void Run(int epochs, Action<string> report)
    {
        using var optimizer = optim.AdamW(network.parameters(), PeakRate, weight_decay: 1e-2);
        var order = Enumerable.Range(0, scenes.Count).ToArray();
        var batches = scenes.Count / BatchSize;
        network.train();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var clock = Stopwatch.StartNew();
            _random.Shuffle(order);
            double loss = 0, right = 0;
            for (var batch = 0; batch < batches; batch++)
            {
                SetRate(optimizer, (epoch + (batch / (double)batches)) / epochs);
                var (batchLoss, batchRight) = Step(optimizer, order.AsSpan(batch * BatchSize, BatchSize).ToArray());
                (loss, right) = (loss + batchLoss, right + batchRight);
            }

            report($"epoch {epoch + 1}/{epochs}: loss {loss / batches:F4}, training accuracy {right / (batches * BatchSize):P1}, {clock.Elapsed.TotalSeconds:F0} s");
        }
    }

    private static void SetRate(optim.Optimizer optimizer, double progress)
    {
        const double WarmUp = 0.08;
        var share = progress < WarmUp ? progress / WarmUp : 0.5 * (1 + Math.Cos(Math.PI * (progress - WarmUp) / (1 - WarmUp)));
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = PeakRate * share;
        }
    }

    private (double Loss, double Right) Step(optim.Optimizer optimizer, int[] batch)
    {
        using var scope = NewDisposeScope();
        var (input, target) = Load(batch);
        optimizer.zero_grad();
        var logits = network.call(input);
        var loss = nn.functional.cross_entropy(logits, target);
        loss.backward();
        optimizer.step();
        return (loss.ToDouble(), logits.argmax(1).eq(target).sum().ToDouble());
    }

    private (Tensor Input, Tensor Target) Load(int[] batch)
    {
        var size = DemoNetwork.InputSize;
        var length = 3 * size * size;
        var values = new float[batch.Length * length];
        var seeds = Array.ConvertAll(batch, _ => _random.Next());
        Parallel.For(0, batch.Length, i =>
            new Augmentation(new Random(seeds[i])).Write(scenes.Planes(batch[i]), values.AsSpan(i * length, length)));
        var input = empty(batch.Length, 3, size, size);
        values.AsSpan().CopyTo(MemoryMarshal.Cast<byte, float>(input.bytes));
        return (input, tensor(Array.ConvertAll(batch, index => (long)scenes.Label(index))));
    }
}
