using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Demo;

/// <summary>What the demo's other networks say of scenes that none was trained on; ONNX Runtime reads the files.</summary>
[TestClass]
public sealed class DemoTaskNetworkTests
{
    private const int Megabyte = 1_000_000;
    private const int Size = 224;
    private const int Count = 20;

    // Training printed more on hundreds of scenes; what is asked of a few leaves room for their chance, and for another machine's rounding in drawing.
    private const double LeastRecall = 0.8;
    private const double LeastPrecision = 0.8;
    private const double LeastIntersection = 0.6;
    private const double LeastTwins = 0.7;
    private const double LeastNear = 0.8;
    private const double LeastNamed = 0.8;
    private static readonly int Input = DemoNetwork.InputSize;

    private static IEnumerable<object[]> Networks => DemoTaskNetwork.All.Select(network => new object[] { network.Name });

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Each_is_small_and_its_input_and_output_are_what_the_class_says(string name)
    {
        DemoTaskNetwork network = Find(name);
        byte[] file = network.ReadOnnx();
        Assert.IsLessThan(Megabyte, file.Length);

        using var session = new InferenceSession(file);
        CollectionAssert.AreEqual((int[])[-1, 3, Input, Input], session.InputMetadata["input"].Dimensions);
        int[] shape = name switch
        {
            "detector" => [-1, 4 + network.Classes.Count, 196],
            "segmenter" => [-1, network.Classes.Count, Input, Input],
            "embedding" => [-1, 32],
            _ => [-1, network.Classes.Count],
        };
        CollectionAssert.AreEqual(shape, session.OutputMetadata[network.Output].Dimensions);
    }

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void The_importer_and_ONNX_Runtime_agree_on_each(string name)
    {
        const double Tolerance = 2e-4;
        byte[] file = Find(name).ReadOnnx();
        float[] input = [.. Crowds(2).SelectMany(scene => DemoInput.Of(scene.Pixels.Span, Size))];
        (float[] expected, long[] shape) = OnnxRuntimeOracle.Run(file, input, [2, 3, Input, Input]);

        using DisposeScope scope = NewDisposeScope();
        using OnnxModule module = OnnxModule.Load(file);
        using Tensor output = module.call(tensor(input, [2, 3, Input, Input]));
        CollectionAssert.AreEqual(shape, output.shape);
        float scale = Math.Max(1, expected.Max(Math.Abs));
        Close.AreClose(expected, output.Floats(), Tolerance * scale, name);
    }

    [TestMethod]
    public void The_detector_finds_the_objects_and_little_else()
    {
        const float Firm = 0.4f;
        var (there, found, said, right) = (0, 0, 0, 0);
        foreach (CrowdedScene scene in Crowds(Count))
        {
            (float[] output, _) = Run(DemoTaskNetwork.Detector, scene.Pixels.Span);
            List<(int Class, float[] Box)> boxes = Boxes(output, Firm);
            there += scene.Objects.Count;
            said += boxes.Count;
            found += scene.Objects.Count(thing => boxes.Any(box => box.Class == thing.ClassIndex && Overlap(box.Box, BoxOf(thing)) >= 0.5));
            right += boxes.Count(box => scene.Objects.Any(thing => box.Class == thing.ClassIndex && Overlap(box.Box, BoxOf(thing)) >= 0.5));
        }

        Assert.IsGreaterThan(LeastRecall, found / (double)there);
        Assert.IsGreaterThan(LeastPrecision, right / (double)said);
    }

    [TestMethod]
    public void The_segmenter_outlines_the_objects()
    {
        var (both, either) = (0, 0);
        foreach (CrowdedScene scene in Crowds(Count))
        {
            (float[] logits, _) = Run(DemoTaskNetwork.Segmenter, scene.Pixels.Span);
            for (int at = 0; at < Input * Input; at++)
            {
                int place = scene.Places.Span[(at / Input * 2 * Size) + (at % Input * 2)];
                int truth = place == 0 ? 0 : 1 + scene.Objects[place - 1].ClassIndex;
                int said = Enumerable.Range(0, 11).MaxBy(channel => logits[(channel * Input * Input) + at]);
                both += truth > 0 && truth == said ? 1 : 0;
                either += truth > 0 || said > 0 ? 1 : 0;
            }
        }

        Assert.IsGreaterThan(LeastIntersection, both / (double)either);
    }

    [TestMethod]
    public void Twins_are_told_apart()
    {
        int right = Enumerable.Range(0, 2 * Count).Select(i => TwinScenes.Draw(DemoScenes.FirstHeldOutSeed + (i / 2), i % 8, Size))
            .Count(scene => Best(Run(DemoTaskNetwork.Twins, scene.Pixels.Span).Values) == scene.ClassIndex);
        Assert.IsGreaterThanOrEqualTo(LeastTwins, right / (2.0 * Count));
    }

    [TestMethod]
    public void The_picture_nearest_to_one_shows_its_kind()
    {
        float[][] vectors = [.. Enumerable.Range(0, 3 * Count).Select(i => Run(DemoTaskNetwork.Embedding, One(i).Pixels.Span).Values)];
        foreach (float[] vector in vectors)
        {
            Assert.AreEqual(1, vector.Sum(value => (double)value * value), 1e-4);
        }

        int nearest(int i) => Enumerable.Range(0, vectors.Length).Where(j => j != i).MaxBy(j => vectors[i].Zip(vectors[j], (one, other) => one * other).Sum());
        int right = Enumerable.Range(0, vectors.Length).Count(i => KindOf(i) == KindOf(nearest(i)));
        Assert.IsGreaterThanOrEqualTo(LeastNear, right / (double)vectors.Length);
    }

    [TestMethod]
    public void The_transformer_names_the_objects()
    {
        int right = Enumerable.Range(0, 2 * Count).Count(i => Best(Run(DemoTaskNetwork.Transformer, One(i).Pixels.Span).Values) == KindOf(i));
        Assert.IsGreaterThanOrEqualTo(LeastNamed, right / (2.0 * Count));
    }

    private static DemoScene One(int index) => DemoScenes.Draw(DemoScenes.FirstHeldOutSeed + index, KindOf(index), Size);

    private static int KindOf(int index) => index % DemoNetwork.Classes.Count;

    private static DemoTaskNetwork Find(string name) => DemoTaskNetwork.All.Single(network => network.Name == name);

    private static IEnumerable<CrowdedScene> Crowds(int count) => Enumerable.Range(DemoScenes.FirstHeldOutSeed, count).Select(seed => CrowdedScenes.Draw(seed, Size));

    private static (float[] Values, long[] Shape) Run(DemoTaskNetwork network, ReadOnlySpan<byte> pixels) =>
        OnnxRuntimeOracle.Run(network.ReadOnnx(), DemoInput.Of(pixels, Size), [1, 3, Input, Input]);

    private static int Best(float[] scores) => Array.IndexOf(scores, scores.Max());

    /// <summary>Firm boxes, without those that overlap a better one of their class.</summary>
    private static List<(int Class, float[] Box)> Boxes(float[] output, float least)
    {
        int cells = output.Length / 14;
        var kept = new List<(int Class, float[] Box)>();
        foreach ((int classIndex, int cell) in Enumerable.Range(0, 10 * cells).Select(i => (i / cells, i % cells))
            .Where(pair => output[((4 + pair.Item1) * cells) + pair.Item2] >= least)
            .OrderByDescending(pair => output[((4 + pair.Item1) * cells) + pair.Item2]))
        {
            float[] box = [output[cell], output[cells + cell], output[(2 * cells) + cell], output[(3 * cells) + cell]];
            if (!kept.Any(other => other.Class == classIndex && Overlap(other.Box, box) >= 0.5))
            {
                kept.Add((classIndex, box));
            }
        }

        return kept;
    }

    /// <summary>An object's middle and sides in pixels of the network's input.</summary>
    private static float[] BoxOf(CrowdedObject thing)
    {
        float scale = Input / (float)Size;
        return [(thing.Left + (thing.Width / 2f)) * scale, (thing.Top + (thing.Height / 2f)) * scale, thing.Width * scale, thing.Height * scale];
    }

    private static double Overlap(float[] one, float[] other)
    {
        double both = 1;
        for (int axis = 0; axis < 2; axis++)
        {
            both *= Math.Max(0, Math.Min(one[axis] + (one[axis + 2] / 2), other[axis] + (other[axis + 2] / 2))
                - Math.Max(one[axis] - (one[axis + 2] / 2), other[axis] - (other[axis + 2] / 2)));
        }

        return both / ((one[2] * one[3]) + (other[2] * other[3]) - both);
    }
}
