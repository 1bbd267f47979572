using Microsoft.ML.AbsCam.Demo.Training.Networks;
using Microsoft.ML.AbsCam.Demo.Training.Scenes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>How well the network names scenes, and whether it looks at their objects.</summary>
/// <param name="Accuracy">Share of scenes whose class is the one with the highest logit.</param>
/// <param name="ClassAccuracy">The same for each class.</param>
/// <param name="PeakOnObject">Share of scenes whose class activation map, enlarged bilinearly, has its maximum on the object.</param>
/// <param name="ObjectShare">Mean share of the picture that the object covers: what a blind guess would hit.</param>
internal sealed record Evaluation(double Accuracy, double[] ClassAccuracy, double PeakOnObject, double ObjectShare)
{
    private const int BatchSize = 50;

    public static Evaluation Measure(SceneNetwork network, SceneSet scenes)
    {
        network.eval();
        using var noGradients = no_grad();
        var classes = (int)network.Classifier.weight!.shape[0];
        var (right, seen) = (new int[classes], new int[classes]);
        var hits = 0;
        double share = 0;
        for (var first = 0; first < scenes.Count; first += BatchSize)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(BatchSize, scenes.Count - first);
            var features = network.Features(Batch.Plain(scenes, first, count).Input);
            var predicted = network.Classifier.call(features.mean([2, 3])).argmax(1);
            var maps = (features * network.Classifier.weight!.index_select(0, predicted).reshape(count, -1, 1, 1)).sum(1, keepdim: true);
            var size = DemoNetwork.InputSize;
            var peaks = nn.functional.interpolate(maps, [size, size], mode: InterpolationMode.Bilinear, align_corners: false).flatten(1).argmax(1);
            for (var i = 0; i < count; i++)
            {
                var label = scenes.Classes(first + i)[0];
                var places = scenes.Places(first + i);
                seen[label]++;
                right[label] += predicted[i].ToInt64() == label ? 1 : 0;
                hits += places[(int)peaks[i].ToInt64()];
                share += places.Count((byte)1) / (double)places.Length;
            }
        }

        return new Evaluation(
            right.Sum() / (double)scenes.Count,
            [.. right.Zip(seen, (good, all) => good / (double)Math.Max(all, 1))],
            hits / (double)scenes.Count,
            share / scenes.Count);
    }

    /// <summary>The figures in words.</summary>
    public IEnumerable<string> Lines(IReadOnlyList<string> classes) =>
    [
        $"held-out accuracy {Accuracy:P1}",
        $"maximum of the class activation map on the object in {PeakOnObject:P1} of the scenes (chance: {ObjectShare:P1})",
        .. classes.Zip(ClassAccuracy, (name, accuracy) => $"  {name,-24} {accuracy:P1}"),
    ];
}
