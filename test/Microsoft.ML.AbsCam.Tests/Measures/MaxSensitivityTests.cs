using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>How far maps move while images are shaken, beside maps of plain loops.</summary>
[TestClass]
public sealed class MaxSensitivityTests
{
    private const int Samples = 5;
    private const double Radius = 0.3;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void It_is_the_greatest_distance_of_the_maps_that_plain_loops_make_of_the_shaken_images()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Target = SaliencyTarget.Class(2) });
        double[] measured = Values(maker, SaliencyMeasure.MaxSensitivity(Radius, Samples, seed: 3), batch: 2);
        CollectionAssert.AreEqual(measured, Values(maker, SaliencyMeasure.MaxSensitivity(Radius, Samples, seed: 3), batch: 2), "the same seed, the same numbers");
        for (int number = 0; number < measured.Length; number++)
        {
            float[] image = TinyNetwork.Image(number);
            float[] map = BruteForceAbsCam.Explain(TinyNetwork.Rectified, image, 2).Map;
            double length = Math.Sqrt(image.Sum(value => (double)value * value));
            double[] moved = [.. Shaken(image, 3).Select(shaken => BruteForceAbsCam.Explain(TinyNetwork.Rectified, shaken, 2).Map).Select(other => Math.Sqrt(map.Zip(other, (a, b) => Math.Pow(a - b, 2)).Sum()) / length)];
            Assert.AreEqual(moved.Max(), measured[number], 1e-3, $"row {number}");
            Assert.IsTrue(moved.Max() > 1.05 * moved.Min(), "the greatest is told from the others");
        }
    }

    [TestMethod]
    public void A_shaken_image_stays_within_the_radius_and_fills_it()
    {
        float[] image = TinyNetwork.Image(1);
        float[][] shaken = [.. Shaken(image, 1)];
        float[] moves = [.. shaken.SelectMany(other => other.Zip(image, (a, b) => a - b))];
        Assert.IsTrue(moves.All(move => Math.Abs(move) <= Radius + 1e-6));
        Assert.AreEqual(Radius * Radius / 3, moves.Average(move => (double)move * move), 0.003, "uniform numbers have a third of the squared radius");
        Assert.AreEqual(0, moves.Average(), 0.02);
        CollectionAssert.AreNotEqual(shaken[0], shaken[1]);
        CollectionAssert.AreNotEqual(shaken[0], Shaken(image, 2).First(), "another seed");
    }

    [TestMethod]
    public void A_map_that_looks_at_no_image_does_not_move()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Target = SaliencyTarget.Class(0), Method = SaliencyMethod.CenterGaussian });
        CollectionAssert.AreEqual((double[])[0, 0, 0], Values(maker, SaliencyMeasure.MaxSensitivity(Radius, Samples), batch: 8));
    }

    [TestMethod]
    public void More_images_move_it_further_or_not_at_all()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Target = SaliencyTarget.Class(1) });
        double[] few = Values(maker, SaliencyMeasure.MaxSensitivity(Radius, 2), batch: 3);
        double[] many = Values(maker, SaliencyMeasure.MaxSensitivity(Radius, 12), batch: 3);
        Assert.IsTrue(few.Zip(many).All(pair => pair.Second >= pair.First - 1e-6) && few.Zip(many).Any(pair => pair.Second > pair.First));
    }

    [TestMethod]
    public void A_radius_or_a_number_of_images_that_says_nothing_is_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SaliencyMeasure.MaxSensitivity(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SaliencyMeasure.MaxSensitivity(double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => SaliencyMeasure.MaxSensitivity(samples: 0));
    }

    private double[] Values(AbsCamTransformer maker, SaliencyMeasure measure, int batch)
        => [.. _context.Saliency.EvaluateRows(maker.Transform(TinyNetwork.View(_context, 3)), maker, new SaliencyEvaluationOptions { Measures = [measure], BatchSize = batch }).Select(row => row.Values[0].Value)];

    private static IEnumerable<float[]> Shaken(float[] image, int seed)
    {
        ProbeImages images = new ShakenMapProbe(Radius, Samples, seed).Of(new RowImage(image, TinyNetwork.Side, TinyNetwork.Side, new float[TinyNetwork.Pixels]));
        for (int i = 0; i < Samples; i++)
        {
            float[] shaken = new float[image.Length];
            images.WriteNext(shaken);
            yield return shaken;
        }
    }
}
