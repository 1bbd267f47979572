using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Tests.Pipeline.BlackBoxes;

/// <summary>Networks of which nothing is known but their scores.</summary>
[TestClass]
public sealed class BlackBoxTests
{
    private const int Side = 16;
    private const int Half = Side / 2;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void RISE_shows_where_a_scorer_looks()
    {
        // How bright the upper left quarter is, against the rest.
        float[] score(float[] image)
        {
            double inside = 0;
            for (int i = 0; i < image.Length; i++)
            {
                inside += i % Side < Half && i / Side % Side < Half ? image[i] : 0;
            }

            double logit = (inside / (3 * Half * Half * 25.0)) - 5;
            return [(float)(1 / (1 + Math.Exp(logit))), (float)(1 / (1 + Math.Exp(-logit)))];
        }

        using ImageNetwork network = ImageNetwork.FromScorer(images => [.. images.Select(score)], Side, Side, classes: 2);
        float[] map = Map(network, SaliencyMethod.RiseWith(masks: 400, cells: 4));
        double quarter = 0;
        for (int i = 0; i < map.Length; i++)
        {
            quarter += i % Side < Half && i / Side < Half ? map[i] : 0;
        }

        Assert.IsGreaterThan(0.45, quarter / map.Sum(), "a quarter of the map would be 0.25 by chance");
    }

    [TestMethod]
    public void Methods_that_need_more_than_scores_are_refused_with_what_to_take()
    {
        using ImageNetwork network = ImageNetwork.FromScorer(images => [.. images.Select(_ => (float[])[0.5f, 0.5f])], Side, Side, classes: 2);
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Map(network, SaliencyMethod.AbsCam));
        StringAssert.Contains(e.Message, "nothing but scores can be seen");
        StringAssert.Contains(e.Message, "rise");
    }

    [TestMethod]
    public void Scores_of_another_shape_are_refused_by_the_scorers_name()
    {
        using ImageNetwork network = ImageNetwork.FromScorer(images => [.. images.Select(_ => (float[])[1, 2])], Side, Side, classes: 3, name: "three");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Map(network, SaliencyMethod.Rise)).Message, "The scorer 'three' gave 2 scores for image 0");
    }

    [TestMethod]
    public void A_pipeline_of_ML_NET_is_explained_with_its_own_names_and_probabilities()
    {
        DemoScene[] scenes = [.. Enumerable.Range(0, 40).Select(i => DemoScenes.Draw(seed: 100 + i, classIndex: i % 2 == 0 ? 4 : 7, size: 64))];
        IDataView data = _context.Data.LoadFromEnumerable(scenes.Select(scene => new Scene { Image = Picture(scene), Label = DemoNetwork.Classes[scene.ClassIndex] }).ToList());
        var labels = _context.Transforms.Conversion.MapValueToKey("Label").Fit(data);
        var pixels = _context.Transforms.ResizeImages("Small", Side, Side, nameof(Scene.Image), ImageResizingEstimator.ResizingKind.Fill).Append(_context.Transforms.ExtractPixels("Features", "Small"))
            .Append(_context.Transforms.NormalizeMinMax("Features"));
        var trained = pixels.Append(_context.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(labels.Transform(data));

        using ImageNetwork network = ImageNetwork.FromTransformer(_context, trained, data.Schema, nameof(Scene.Image), 32, 32);
        CollectionAssert.AreEquivalent((string[])[DemoNetwork.Classes[4], DemoNetwork.Classes[7]], network.Labels!.ToArray());
        AbsCamOptions options = new() { Method = SaliencyMethod.RiseWith(masks: 60), Columns = new() { Probability = "P", Scores = "All" } };
        using AbsCamTransformer transformer = _context.Transforms.AbsCam("Map", nameof(Scene.Image), network, options).Fit(data);
        IDataView explained = transformer.Transform(_context.Data.TakeRows(data, 3));
        float[][] expected = [.. trained.Transform(_context.Data.TakeRows(data, 3)).GetColumn<float[]>("Score")];
        float[][] actual = [.. explained.GetColumn<float[]>("All")];
        for (int row = 0; row < expected.Length; row++)
        {
            // Sizes are made by another resampling on the way.
            Close.AreClose(expected[row], actual[row], 0.1, $"probabilities of row {row}");
        }

        Assert.IsTrue(explained.GetColumn<float[]>("Map").All(map => map.Length == 32 * 32 && map.Max() > 0.9f));
        SaliencyMetrics metrics = _context.Saliency.Evaluate(explained, transformer);
        Assert.AreEqual(3, metrics.Insertion!.Count);
    }

    [TestMethod]
    public void A_column_that_is_not_there_is_named_with_those_that_are()
    {
        IDataView data = _context.Data.LoadFromEnumerable(new List<Scene>());
        ITransformer resized = _context.Transforms.ResizeImages("Small", Side, Side, nameof(Scene.Image)).Fit(data);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageNetwork.FromTransformer(_context, resized, data.Schema, nameof(Scene.Image), Side, Side)).Message, "no column 'Score'");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageNetwork.FromTransformer(_context, resized, data.Schema, "Photo", Side, Side)).Message, "'Photo'");
    }

    private float[] Map(ImageNetwork network, SaliencyMethod method)
    {
        IDataView view = VectorRow.View(_context, [new VectorRow { Input = [.. Enumerable.Repeat(200f, 3 * Side * Side)] }], 3, Side, Side);
        using AbsCamTransformer transformer = _context.Transforms.AbsCam("Map", nameof(VectorRow.Input), network, new AbsCamOptions { Method = method, Target = SaliencyTarget.Class(1) }).Fit(view);
        return transformer.Transform(view).GetColumn<float[]>("Map").Single();
    }

    private static MLImage Picture(DemoScene scene) => MLImage.CreateFromPixels(scene.Width, scene.Height, MLPixelFormat.Rgba32, scene.Pixels.ToArray());

    private sealed class Scene
    {
        [ImageType(64, 64)]
        public MLImage Image { get; set; } = null!;

        public string Label { get; set; } = "";
    }
}
