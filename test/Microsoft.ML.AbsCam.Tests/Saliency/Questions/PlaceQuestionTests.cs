using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using static Microsoft.ML.AbsCam.Tests.Support.TinyLoops;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>Questions about regions and boxes, against plain loops over what ONNX Runtime gives.</summary>
[TestClass]
public class PlaceQuestionTests
{
    private const double Tolerance = 1e-4;
    private const int Side = TinyNetwork.Side;
    private const int Classes = PlacedNetworks.Classes;

    [TestMethod]
    [DataRow(false, DisplayName = "logits")]
    [DataRow(true, DisplayName = "probabilities")]
    public void A_region_is_the_mean_of_a_class_over_the_pixels_that_have_it(bool softmax)
    {
        byte[] model = PlacedNetworks.Segmenter(softmax);
        for (int image = 0; image < 3; image++)
        {
            double[] scores = Output(model, TinyNetwork.Image(image));
            int[] winners = [.. Enumerable.Range(0, Side * Side).Select(pixel => Enumerable.Range(0, Classes).MaxBy(c => scores[(c * Side * Side) + pixel]))];
            int commonest = winners.GroupBy(c => c).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
            double[] mask = [.. winners.Select(c => c == commonest ? 1.0 : 0)];
            Check(model, new AbsCamOptions(), TinyNetwork.Image(image), commonest, masked => Region(masked, mask, commonest, softmax), isLogits: !softmax, mask);
        }
    }

    [TestMethod]
    public void A_region_that_a_row_draws_is_asked_about_wherever_the_network_sees_the_class()
    {
        byte[] model = PlacedNetworks.Segmenter();
        double[] mask = [.. Enumerable.Range(0, Side * Side).Select(pixel => pixel % Side >= 4 && pixel / Side < 4 ? 1.0 : 0)];
        var options = new AbsCamOptions { Target = SaliencyTarget.Region(SaliencyTarget.Class(1), nameof(PlacedRow.Mask)) };
        Check(model, options, TinyNetwork.Image(2), 1, masked => Region(masked, mask, 1, false), isLogits: true, mask);
    }

    [TestMethod]
    public void The_background_is_asked_about_where_it_is_named_or_all_there_is()
    {
        byte[] model = PlacedNetworks.Segmenter();
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        for (int image = 0; image < 3; image++)
        {
            double[] scores = Output(model, TinyNetwork.Image(image));
            int[] byCount = [.. Enumerable.Range(0, Side * Side).Select(pixel => Enumerable.Range(0, Classes).MaxBy(c => scores[(c * Side * Side) + pixel])).GroupBy(c => c).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => group.Key)];
            string[] labels = [.. Enumerable.Range(0, Classes).Select(c => c == byCount[0] ? "__Background__" : $"class {c}")];
            IDataView view = PlacedRow.View(context, new PlacedRow { Input = TinyNetwork.Image(image) });
            AbsCamOptions options = new() { Labels = labels, Method = SaliencyMethod.LayerCam, Columns = new() { Class = "C" } };
            Assert.AreEqual((uint)(byCount.Length > 1 ? byCount[1] : byCount[0]) + 1, Run(context, view, network, options).GetColumn<uint>("C").Single());
            Assert.AreEqual((uint)byCount[0] + 1, Run(context, view, network, options with { Target = SaliencyTarget.Class("__Background__") }).GetColumn<uint>("C").Single());
            StringAssert.Contains(options.FindingsFor(network)[0], $"besides the background, class {byCount[0]}");
        }
    }

    [TestMethod]
    public void A_mask_that_is_empty_and_a_class_that_has_no_pixel_say_so()
    {
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(PlacedNetworks.Segmenter());
        IDataView view = PlacedRow.View(context, new PlacedRow { Input = TinyNetwork.Image(0), Mask = new float[Side * Side] });
        AbsCamOptions options = new() { Target = SaliencyTarget.Region(SaliencyTarget.Class(1), nameof(PlacedRow.Mask)), Columns = new() { Status = "Status" } };
        CollectionAssert.AreEqual((string[])["TargetNotFound"], Run(context, view, network, options).GetColumn<string>("Status").ToArray());
    }

    [TestMethod]
    [DataRow(false, false, DisplayName = "numbers first")]
    [DataRow(true, false, DisplayName = "boxes first")]
    [DataRow(false, true, DisplayName = "boxes and scores apart")]
    public void A_box_is_matched_by_place_on_masked_images(bool anchorsFirst, bool apart)
    {
        byte[] model = PlacedNetworks.Detector(anchorsFirst, apart);
        AbsCamOptions named = new() { Labels = ["a", "b", "c"] };
        float[] image = TinyNetwork.Image(1);
        (double[][] boxes, double[][] scores) = Boxes(image);
        (int best, int c) = (from anchor in Enumerable.Range(0, PlacedNetworks.Anchors) from k in Enumerable.Range(0, Classes) select (anchor, k)).MaxBy(pair => scores[pair.anchor][pair.k]);
        CheckBox(model, named with { Target = SaliencyTarget.Box() }, image, best, c);
        CheckBox(model, named, image, best, c);

        int ofB = Enumerable.Range(0, PlacedNetworks.Anchors).MaxBy(anchor => scores[anchor][1]);
        CheckBox(model, named with { Target = SaliencyTarget.Box(SaliencyTarget.Class("b")) }, image, ofB, 1);

        double[] box = boxes[10];
        double[] overlaps = [.. boxes.Select(other => Overlap(other, box))];
        int near = Enumerable.Range(0, PlacedNetworks.Anchors).Where(anchor => overlaps[anchor] >= 0.9 * overlaps.Max()).MaxBy(anchor => scores[anchor].Max());
        CheckBox(model, named with { Target = SaliencyTarget.Box(box[0], box[1], box[2] - box[0], box[3] - box[1]) }, image, near, Array.IndexOf(scores[near], scores[near].Max()));
        CheckBox(model, named with { Target = SaliencyTarget.BoxColumn(nameof(PlacedRow.Box), SaliencyTarget.Class(2)) }, image, Enumerable.Range(0, PlacedNetworks.Anchors).Where(anchor => overlaps[anchor] >= 0.9 * overlaps.Max()).MaxBy(anchor => scores[anchor][2]), 2, box);
    }

    [TestMethod]
    public void Boxes_first_without_names_hold_an_objectness()
    {
        float[] image = TinyNetwork.Image(1);
        (_, double[][] scores) = Boxes(image);
        double[] expected = [.. Enumerable.Range(0, 2).Select(c => scores.Max(box => box[0] * box[c + 1]))];
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(PlacedNetworks.Detector(anchorsFirst: true));
        IDataView explained = Run(context, PlacedRow.View(context, new PlacedRow { Input = image }), network, new AbsCamOptions { Columns = new() { Probability = "P" } });
        Assert.AreEqual(expected.Max(), explained.GetColumn<float>("P").Single(), 1e-5);
        StringAssert.Contains(new AbsCamOptions().FindingsFor(network)[0], "an objectness and scores of 2 classes");
    }

    [TestMethod]
    public void A_box_that_nothing_overlaps_says_so()
    {
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(PlacedNetworks.Detector());
        AbsCamOptions options = new() { Target = SaliencyTarget.BoxColumn(nameof(PlacedRow.Box)), Columns = new() { Status = "Status" } };
        IDataView view = PlacedRow.View(context, new PlacedRow { Input = TinyNetwork.Image(0), Box = [20, 20, 30, 30] }, new PlacedRow { Input = TinyNetwork.Image(0), Box = [1, 2, 3] }, new PlacedRow { Input = TinyNetwork.Image(0), Box = [.. Boxes(TinyNetwork.Image(0)).Boxes[3].Select(side => (float)side)] });
        CollectionAssert.AreEqual((string[])["TargetNotFound", "TargetNotFound", "Ok"], Run(context, view, network, options).GetColumn<string>("Status").ToArray());
    }

    [TestMethod]
    [DataRow(0.26, "Ok")]
    [DataRow(0.24, "TargetNotFound")]
    public void A_box_that_overlaps_what_is_detected_by_less_than_a_quarter_is_not_there(double overlap, string expected)
    {
        float[] image = TinyNetwork.Image(0);
        (double[][] boxes, _) = Boxes(image);

        // The best overlap falls as the last box is moved to the right, away from all others.
        double[] box(double right) => [boxes[^1][0] + right, boxes[^1][1], boxes[^1][2] + right, boxes[^1][3]];
        (double near, double far) = (0, 8);
        for (int i = 0; i < 60; i++)
        {
            double middle = (near + far) / 2;
            (near, far) = boxes.Max(other => Overlap(other, box(middle))) > overlap ? (middle, far) : (near, middle);
        }

        Assert.AreEqual(overlap, boxes.Max(other => Overlap(other, box(near))), 1e-3, "no such box");
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(PlacedNetworks.Detector());
        AbsCamOptions options = new() { Target = SaliencyTarget.BoxColumn(nameof(PlacedRow.Box)), Columns = new() { Status = "Status" } };
        IDataView view = PlacedRow.View(context, new PlacedRow { Input = image, Box = [.. box(near).Select(side => (float)side)] });
        Assert.AreEqual(expected, Run(context, view, network, options).GetColumn<string>("Status").Single());
    }

    [TestMethod]
    public void A_question_that_an_output_does_not_allow_names_what_it_allows()
    {
        Refused(PlacedNetworks.Segmenter(), SaliencyTarget.Box(), "gives scores of 3 classes for each of 8 x 8 pixels. Ask about a region");
        Refused(PlacedNetworks.Segmenter(), SaliencyTarget.Similar([1, 2, 3]), "Ask about a region");
        Refused(PlacedNetworks.Detector(), SaliencyTarget.Region(), "gives 16 boxes (centre, width, height in pixels) with scores of 3 classes. Ask about a detection");
        Refused(TinyNetwork.Rectified.ToOnnx(), SaliencyTarget.Box(), "gives 5 numbers an image. Ask about a class");
    }

    [TestMethod]
    public void A_place_is_not_asked_about_in_mirrored_copies()
    {
        Refused(PlacedNetworks.Detector(), SaliencyTarget.Box(), "Leave the mirrored copies out: smooth(NAME,flips=false)", SaliencyMethod.Parse("smooth(grad-cam)"));
        using ImageNetwork network = ImageNetwork.FromOnnx(PlacedNetworks.Detector());
        var context = new MLContext(1);
        float[] map = Run(context, TinyNetwork.View(context, 1), network, new AbsCamOptions { Method = SaliencyMethod.Parse("smooth(hires-cam,samples=2,flips=false)") }).Maps().Single();
        Assert.IsTrue(map.All(float.IsFinite));
    }

    [TestMethod]
    public void Features_without_a_head_are_not_taken_for_scores_of_pixels()
    {
        byte[] features = new OnnxModelBuilder().Input("input", 0, 3, 8, 8).Weight("kernels", 6, 3, 3, 3).Node("Conv", "input kernels", "before", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "before", "sum")
            .Weight("ten", [1], 10).Node("Mul", "sum ten", "map").Output("map", 0, 6, 8, 8).ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(features);
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => network.Shape);
        StringAssert.Contains(e.Message, "a map of 6 channels that may be features as well as scores of classes");
        using ImageNetwork named = ImageNetwork.FromOnnx(features, classes: 6);
        Assert.AreEqual(6, named.Shape.ClassCount);
    }

    private static void Refused(byte[] model, SaliencyTarget target, string expected, SaliencyMethod? method = null)
    {
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => Run(context, TinyNetwork.View(context, 1), network, new AbsCamOptions { Target = target, Method = method ?? SaliencyMethod.AbsCam }).Maps());
        StringAssert.Contains(e.Message, expected);
    }

    // The map of abs-cam, whose probabilities are those of masked images in ONNX Runtime, and hires-cam, whose slopes are finite differences.
    private static void Check(byte[] model, AbsCamOptions options, float[] image, int c, Func<double[], (double Logit, double Probability)> ask, bool isLogits, double[] mask)
    {
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        IDataView view = PlacedRow.View(context, new PlacedRow { Input = image, Mask = [.. mask.Select(value => (float)value)] });
        double[][] maps = Maps(TinyNetwork.Rectified, [.. image.Select(value => (double)value)]);
        AbsCamOptions asked = options with { Columns = new() { Class = "C", Probability = "P", Region = "R", Box = "B", Against = "D" } };
        IDataView final = Run(context, view, network, asked);
        Assert.AreEqual((uint)c + 1, final.GetColumn<uint>("C").Single());
        Close.AreClose([.. mask.Select(value => (float)value)], final.Maps("R").Single(), 1e-6, "the region that is asked about");
        Assert.IsTrue(final.Maps("B").Single().All(float.IsNaN) && final.GetColumn<uint>("D").Single() == 0, "no box, and nothing that it is told from");
        Assert.AreEqual(ask(Output(model, image)).Probability, final.GetColumn<float>("P").Single(), 1e-5);

        // A pixel of a map reaches the four pixels of its block by the weights of the head.
        double[][] slopes = [.. Enumerable.Range(0, TinyNetwork.Channels).Select(k => Enumerable.Range(0, Layer).Select(at => SegmentSlope(mask, at) * PlacedNetworks.PixelWeights[(c * TinyNetwork.Channels) + k]).ToArray())];
        if (isLogits)
        {
            Close.AreClose(Sum(maps, slopes), Run(context, view, network, asked with { Method = SaliencyMethod.HiResCam }).Maps().Single(), Tolerance, "hires-cam");
        }

        if (isLogits)
        {
            double[] weights = [.. slopes.Select(slope => slope.Average(Math.Abs))];
            Close.AreClose(AbsCam(model, image, maps, weights, masked => ask(masked).Probability), final.Maps().Single(), Tolerance, "abs-cam");
        }
    }

    private static double SegmentSlope(double[] mask, int at)
        => Enumerable.Range(0, 4).Sum(i => mask[((((at / 4) * 2) + (i / 2)) * Side) + ((at % 4) * 2) + (i % 2)]) / mask.Sum();

    private static void CheckBox(byte[] model, AbsCamOptions options, float[] image, int anchor, int c, double[]? box = null)
    {
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(model, scoresOutput: null, classes: 3);
        IDataView view = PlacedRow.View(context, new PlacedRow { Input = image, Box = [.. (box ?? []).Select(value => (float)value)] });
        double[][] maps = Maps(TinyNetwork.Rectified, [.. image.Select(value => (double)value)]);
        (double[][] boxes, double[][] scores) = Boxes(image);
        AbsCamOptions asked = options with { Columns = new() { Class = "C", Probability = "P", Region = "R", Box = "B" } };
        IDataView final = Run(context, view, network, asked);
        Close.AreClose([.. boxes[anchor].Select(side => (float)side)], final.Maps("B").Single(), 1e-4, "the box that is asked about");
        Assert.IsTrue(final.Maps("R").Single().All(float.IsNaN), "a box is no region");
        Assert.AreEqual((uint)c + 1, final.GetColumn<uint>("C").Single(), options.Target.ToString());
        Assert.AreEqual(Matched(boxes, scores, boxes[anchor], c), final.GetColumn<float>("P").Single(), 1e-5, options.Target.ToString());

        // The logit of one box is a sum of the maps' numbers at one place.
        double[][] slopes = [.. Enumerable.Range(0, TinyNetwork.Channels).Select(k => Enumerable.Range(0, Layer).Select(at => at == anchor ? PlacedNetworks.BoxWeights[((4 + c) * TinyNetwork.Channels) + k] : 0.0).ToArray())];
        Close.AreClose(Sum(maps, slopes), Run(context, view, network, asked with { Method = SaliencyMethod.HiResCam }).Maps().Single(), Tolerance, $"hires-cam of {options.Target}");
        double[] weights = [.. slopes.Select(slope => slope.Average(Math.Abs))];
        float[] expected = AbsCam(null, image, maps, weights, _ => 0, masked =>
        {
            (double[][] others, double[][] probabilities) = Boxes(masked);
            return Matched(others, probabilities, boxes[anchor], c);
        });
        Close.AreClose(expected, final.Maps().Single(), Tolerance, $"abs-cam of {options.Target}");
    }

    private static float[] AbsCam(byte[]? model, float[] image, double[][] maps, double[] weights, Func<double[], double> ofOutput, Func<float[], double>? ofImage = null)
    {
        double[] sum = new double[Side * Side];
        for (int k = 0; k < maps.Length; k++)
        {
            if (weights[k] <= 0 || maps[k].Max() - maps[k].Min() < 1e-12)
            {
                continue;
            }

            double[] mask = Normalized(Up(maps[k], Side));
            float[] masked = [.. image.Select((value, i) => (float)(value * mask[i % (Side * Side)]))];
            double p = ofImage?.Invoke(masked) ?? ofOutput(Output(model!, masked));
            double[] up = Up(maps[k], Side);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += p * weights[k] * up[i];
            }
        }

        return [.. Normalized([.. sum.Select(value => Math.Max(value, 0))]).Select(value => (float)value)];
    }

    private static float[] Sum(double[][] maps, double[][] slopes)
    {
        double[] sum = [.. Enumerable.Range(0, Layer).Select(at => Math.Max(0, maps.Select((map, k) => map[at] * slopes[k][at]).Sum()))];
        return [.. Normalized(Up(sum, Side)).Select(value => (float)value)];
    }

    private static (double Logit, double Probability) Region(double[] scores, double[] mask, int c, bool areShares)
    {
        (double logit, double probability) = (0, 0);
        for (int pixel = 0; pixel < mask.Length; pixel++)
        {
            double[] own = [.. Enumerable.Range(0, Classes).Select(k => scores[(k * Side * Side) + pixel])];
            logit += mask[pixel] * own[c];
            probability += mask[pixel] * (areShares ? own[c] : Math.Exp(own[c]) / own.Sum(Math.Exp));
        }

        return (logit / mask.Sum(), probability / mask.Sum());
    }

    private static (double[][] Boxes, double[][] Scores) Boxes(float[] image)
    {
        double[] output = Output(PlacedNetworks.Detector(), image);
        double at(int part, int anchor) => output[(part * PlacedNetworks.Anchors) + anchor];
        return (
            [.. Enumerable.Range(0, PlacedNetworks.Anchors).Select(a => new[] { at(0, a) - (at(2, a) / 2), at(1, a) - (at(3, a) / 2), at(0, a) + (at(2, a) / 2), at(1, a) + (at(3, a) / 2) })],
            [.. Enumerable.Range(0, PlacedNetworks.Anchors).Select(a => Enumerable.Range(4, Classes).Select(part => at(part, a)).ToArray())]);
    }

    private static double Matched(double[][] boxes, double[][] scores, double[] box, int c) => boxes.Select((other, i) => Overlap(other, box) * scores[i][c]).Max();

    private static double Overlap(double[] a, double[] b)
    {
        double shared = Math.Max(0, Math.Min(a[2], b[2]) - Math.Max(a[0], b[0])) * Math.Max(0, Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]));
        return shared / (((a[2] - a[0]) * (a[3] - a[1])) + ((b[2] - b[0]) * (b[3] - b[1])) - shared);
    }

    private static double[] Output(byte[] model, float[] image) => [.. OnnxRuntimeOracle.Run(model, image, [1, 3, Side, Side]).Values.Select(value => (double)value)];

    private static IDataView Run(MLContext context, IDataView view, ImageNetwork network, AbsCamOptions options)
        => context.Transforms.AbsCam(Explained.Map, "Input", network, options).Fit(view).Transform(view);
}
