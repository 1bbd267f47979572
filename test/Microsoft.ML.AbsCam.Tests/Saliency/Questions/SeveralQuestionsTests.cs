using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>Several questions in one run, beside each question by itself.</summary>
[TestClass]
public class SeveralQuestionsTests
{
    private const double Tolerance = 2e-5;
    private static readonly float[] Embedding = [0.3f, -1.2f, 0.8f, 2f, -0.4f];

    private static readonly SaliencyTarget[] OfVectors =
    [
        SaliencyTarget.Predicted, SaliencyTarget.Top(2), SaliencyTarget.Contrast(SaliencyTarget.RunnerUp), SaliencyTarget.Class(3), SaliencyTarget.Contrast(SaliencyTarget.Class(1), SaliencyTarget.Class(3), 0.5),
        SaliencyTarget.Column(nameof(VectorRow.Target)), SaliencyTarget.Output(2), SaliencyTarget.Similar(Embedding), SaliencyTarget.Own("sum", y => y.sum(1)),
    ];

    [TestMethod]
    [DataRow("abs-cam", NetworkEngine.Auto)]
    [DataRow("layer-cam", NetworkEngine.Auto)]
    [DataRow("grad-cam", NetworkEngine.TorchSharp)]
    [DataRow("shapley-cam", NetworkEngine.Auto)]
    [DataRow("occlusion(patch=4,stride=2)", NetworkEngine.Auto)]
    [DataRow("smooth(hires-cam,samples=2)", NetworkEngine.Auto)]
    public void A_classifier_answers_each_as_if_it_were_asked_alone(string method, NetworkEngine engine)
        => AllAgree(() => TinyNetwork.Rectified.Open(), context => TinyNetwork.View(context, 3), new AbsCamOptions { Method = SaliencyMethod.Parse(method), Engine = engine }, OfVectors);

    [TestMethod]
    [DataRow(NetworkEngine.OnnxRuntime)]
    [DataRow(NetworkEngine.TorchSharp)]
    public void Classes_alone_are_differentiated_by_either_engine(NetworkEngine engine)
        => AllAgree(() => TinyNetwork.Rectified.Open(), context => TinyNetwork.View(context, 3), new AbsCamOptions { Method = SaliencyMethod.LayerCam, Engine = engine }, OfVectors[..6]);

    [TestMethod]
    [DataRow("hires-cam")]
    [DataRow("abs-cam")]
    public void A_detector_answers_each_as_if_it_were_asked_alone(string method)
        => AllAgree(
            () => ImageNetwork.FromOnnx(PlacedNetworks.Detector()), Placed, new AbsCamOptions { Method = SaliencyMethod.Parse(method), Columns = new() { Box = "B" } },
            [SaliencyTarget.Box(), SaliencyTarget.BoxColumn(nameof(PlacedRow.Box)), SaliencyTarget.Class(1), SaliencyTarget.Box(1, 1, 4, 4, SaliencyTarget.Class(2)), SaliencyTarget.Contrast(SaliencyTarget.RunnerUp)]);

    [TestMethod]
    public void A_segmenter_answers_each_as_if_it_were_asked_alone()
        => AllAgree(
            () => ImageNetwork.FromOnnx(PlacedNetworks.Segmenter()), Placed, new AbsCamOptions { Method = SaliencyMethod.LayerCam, Columns = new() { Region = "R" } },
            [SaliencyTarget.Region(), SaliencyTarget.Region(SaliencyTarget.Class(1), nameof(PlacedRow.Mask)), SaliencyTarget.Class(2), SaliencyTarget.Region(null, nameof(PlacedRow.Mask))]);

    [TestMethod]
    public void They_share_the_pass_through_the_network()
    {
        var context = new MLContext(1);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamOptions options = new() { Target = SaliencyTarget.Several(OfVectors[..6]), Method = SaliencyMethod.GradCam, Columns = new() { Forwards = "F" } };
        CollectionAssert.AreEqual((int[])[1, 1], Run(context, TinyNetwork.View(context, 2), network, options).GetColumn<int>("F").ToArray());
    }

    [TestMethod]
    public void They_are_saved_with_a_pipeline()
    {
        var context = new MLContext(1);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        using AbsCamTransformer transformer = Explained.Transformer(context, new AbsCamOptions { Target = SaliencyTarget.Several(OfVectors[..8]), Method = SaliencyMethod.GradCam }, network);
        IDataView view = TinyNetwork.View(context, 2);
        using var file = new MemoryStream();
        context.Model.Save(transformer, view.Schema, file);
        file.Position = 0;
        ITransformer loaded = context.Model.Load(file, out _);
        using IDisposable owned = (IDisposable)loaded;
        CollectionAssert.AreEqual(transformer.Transform(view).Maps()[1], loaded.Transform(view).Maps()[1]);
    }

    [TestMethod]
    public void What_is_none_of_them_or_cannot_be_told_of_all_is_refused()
    {
        var context = new MLContext(1);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        Assert.ThrowsExactly<ArgumentException>(() => SaliencyTarget.Several());
        Assert.ThrowsExactly<ArgumentException>(() => SaliencyTarget.Several(SaliencyTarget.Several(SaliencyTarget.Predicted)));
        Assert.ThrowsExactly<ArgumentException>(() => SaliencyTarget.Several(SaliencyTarget.Predicted, SaliencyTarget.RunnerUp));
        Refused(SaliencyTarget.Several(SaliencyTarget.Predicted, SaliencyTarget.Class(7)), "The target class 7 does not exist");
        Refused(SaliencyTarget.Several(SaliencyTarget.Predicted, SaliencyTarget.Box()), "gives 5 numbers an image");
        Refused(SaliencyTarget.Several(SaliencyTarget.Predicted, SaliencyTarget.Output(0)), "have scores of their own each", new() { Scores = "S" });
        using AbsCamTransformer own = Explained.Transformer(context, new AbsCamOptions { Target = SaliencyTarget.Several(OfVectors), Method = SaliencyMethod.GradCam }, network);
        using var file = new MemoryStream();
        Assert.ThrowsExactly<InvalidOperationException>(() => context.Model.Save(own, TinyNetwork.View(context, 1).Schema, file));
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => context.Saliency.Evaluate(TinyNetwork.View(context, 1), own));
        StringAssert.Contains(e.Message, "measures are of one");

        void Refused(SaliencyTarget target, string expected, AbsCamColumns? columns = null)
        {
            AbsCamOptions options = new() { Target = target, Method = SaliencyMethod.GradCam, Columns = columns ?? new() };
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Run(context, TinyNetwork.View(context, 1), network, options).Maps()).Message, expected);
        }
    }

    private static IDataView Placed(MLContext context) => PlacedRow.View(context, [.. Enumerable.Range(0, 3).Select(image => new PlacedRow
    {
        Input = TinyNetwork.Image(image),
        Box = image == 1 ? [20, 20, 30, 30] : [1, 1, 5, 5],
        Mask = [.. Enumerable.Range(0, TinyNetwork.Pixels).Select(pixel => pixel % TinyNetwork.Side >= 4 + image ? 1f : 0)],
    })]);

    // Each question's part of every column beside the column of the question by itself.
    private static void AllAgree(Func<ImageNetwork> open, Func<MLContext, IDataView> rows, AbsCamOptions options, SaliencyTarget[] targets)
    {
        var context = new MLContext(1);
        using ImageNetwork network = open();
        IDataView view = rows(context);
        AbsCamOptions asked = options with { Columns = options.Columns with { Class = "C", Probability = "P", Status = "S", Against = "D" } };
        IDataView together = Run(context, view, network, asked with { Target = SaliencyTarget.Several(targets) });
        float[][] maps = together.Maps();
        uint[][] classes = [.. together.GetColumn<VBuffer<uint>>("C").Select(row => row.DenseValues().ToArray())];
        uint[][] others = [.. together.GetColumn<VBuffer<uint>>("D").Select(row => row.DenseValues().ToArray())];
        string[][] statuses = [.. together.GetColumn<VBuffer<ReadOnlyMemory<char>>>("S").Select(row => row.DenseValues().Select(status => status.ToString()).ToArray())];
        float[][] probabilities = together.Maps("P");
        string? placeColumn = options.Columns.Box ?? options.Columns.Region;
        int first = 0;
        foreach (SaliencyTarget target in targets)
        {
            int count = target == OfVectors[1] ? 2 : 1;
            bool isOfClass = target is not (SimilarityTarget or OwnTarget);
            IDataView alone = Run(context, view, network, asked with { Target = SaliencyTarget.Several(target) });
            IDataView plain = Run(context, view, network, asked with { Target = target });
            for (int row = 0; row < maps.Length; row++)
            {
                int pixels = plain.Maps()[row].Length / count;
                string what = $"{target} of row {row}";
                Close.AreClose(plain.Maps()[row], maps[row].AsSpan(first * pixels, count * pixels), Tolerance, what);
                Close.AreClose(plain.Maps()[row], alone.Maps()[row], Tolerance, what);
                if (count == 1)
                {
                    Assert.AreEqual(isOfClass ? plain.GetColumn<uint>("C").ElementAt(row) : 0u, classes[row][first], what);
                    Assert.AreEqual(plain.GetColumn<uint>("D").ElementAt(row), others[row][first], what);
                    Assert.AreEqual(plain.GetColumn<float>("P").ElementAt(row), probabilities[row][first], 1e-6, what);
                    Assert.AreEqual(plain.GetColumn<string>("S").ElementAt(row), statuses[row][first], what);
                }

                if (placeColumn is not null)
                {
                    float[] place = plain.Maps(placeColumn)[row];
                    Close.AreClose(place, together.Maps(placeColumn)[row].AsSpan(first * place.Length, place.Length), 1e-6, what);
                }
            }

            first += count;
        }
    }

    private static IDataView Run(MLContext context, IDataView view, ImageNetwork network, AbsCamOptions options)
        => context.Transforms.AbsCam(Explained.Map, "Input", network, options).Fit(view).Transform(view);
}
