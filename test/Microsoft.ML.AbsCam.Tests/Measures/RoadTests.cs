using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Tests.Support;
using static Microsoft.ML.AbsCam.Tests.Measures.BruteForceMeasures;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>ROAD and its imputation, beside equations that are solved one by one and cases that are worked by hand.</summary>
[TestClass]
public sealed class RoadTests
{
    private static readonly RoadProtocol Quiet = RoadProtocol.Paper with { Noise = 0 };

    private static readonly int[] Shares = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90];

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(9, 7, 1, 30)]
    [DataRow(9, 7, 3, 62)]
    [DataRow(5, 12, 5, 40)]
    public void Missing_pixels_are_what_the_equations_say(int height, int width, int planes, int missing)
    {
        float[] image = OnnxModelBuilder.Numbers([planes, height, width], missing);
        bool[] isMissing = new bool[height * width];
        foreach (int pixel in Enumerable.Range(0, isMissing.Length).OrderBy(pixel => pixel * 37 % isMissing.Length).Take(missing))
        {
            isMissing[pixel] = true;
        }

        double[] expected = Solved(image, isMissing, height, width);
        LinearImputation.Fill(image, height, width, isMissing);
        for (int i = 0; i < image.Length; i++)
        {
            Assert.AreEqual(expected[i], image[i], 1e-4, $"value {i}");
        }
    }

    [TestMethod]
    public void A_slope_goes_on_through_a_hole_of_a_hundred_pixels()
    {
        // Weights that are alike on both sides keep what is linear as it is.
        const int Side = 140;
        bool[] isMissing = [.. Enumerable.Range(0, Side * Side).Select(i => Math.Pow((i % Side) - 70, 2) + Math.Pow((i / Side) - 66, 2) < 50 * 50)];
        float[] slope = [.. Enumerable.Range(0, Side * Side).Select(i => ((i % Side) + (2 * (i / Side))) / (float)Side)];
        float[] image = [.. slope.Select((value, i) => isMissing[i] ? 1000 : value)];
        LinearImputation.Fill(image, Side, Side, isMissing);
        Close.AreClose(slope, image, 1e-3, "the slope");
    }

    [TestMethod]
    public void Where_nothing_or_everything_is_missing_nothing_is_done()
    {
        float[] image = [1, 2, 3, 4];
        LinearImputation.Fill(image, 2, 2, new bool[4]);
        LinearImputation.Fill(image, 2, 2, [true, true, true, true]);
        CollectionAssert.AreEqual((float[])[1, 2, 3, 4], image);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Images_are_the_same_to_the_last_bit_however_many_are_made_at_once(bool leastFirst)
    {
        const int Side = 40;
        float[][] made(int threads)
        {
            var probe = new ImputationProbe(RoadProtocol.Paper, leastFirst) { Threads = threads };
            ProbeImages images = probe.Of(new RowImage(OnnxModelBuilder.Numbers([3, Side, Side], 1), Side, Side, OnnxModelBuilder.Numbers([Side, Side], 2)));
            return [.. Enumerable.Range(0, probe.Count(Side * Side)).Select(_ =>
            {
                float[] image = new float[3 * Side * Side];
                images.WriteNext(image);
                return image;
            })];
        }

        float[][] one = made(1);
        Assert.HasCount(9, one);
        foreach (int threads in (int[])[2, 5])
        {
            foreach ((float[] expected, float[] image) in one.Zip(made(threads)))
            {
                CollectionAssert.AreEqual(Array.ConvertAll(expected, BitConverter.SingleToInt32Bits), Array.ConvertAll(image, BitConverter.SingleToInt32Bits));
            }
        }
    }

    [TestMethod]
    public void Both_orders_are_what_plain_loops_give()
    {
        MeasureRow[] rows = MeasureRow.Rows(6);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SaliencyRowMetrics[] measured = [.. _context.Saliency.EvaluateRows(
            MeasureRow.View(_context, rows, TinyNetwork.Side, TinyNetwork.Side),
            network,
            MeasureRow.Options(SaliencyMeasure.RoadMostRelevantFirst(Quiet), SaliencyMeasure.RoadLeastRelevantFirst(Quiet)))];
        HashSet<float> seen = [];
        for (int i = 0; i < rows.Length; i++)
        {
            int[] order = Order(rows[i].Saliency);
            foreach ((int place, int[] going) in new[] { order, [.. order.Reverse()] }.Index())
            {
                float[] expected = [.. Shares.Select(share => IsHighest(rows[i], going.Take(TinyNetwork.Pixels * share / 100)) ? 1f : 0f)];
                CollectionAssert.AreEqual(expected, measured[i].Curves[place]!.ToArray(), $"row {i}, order {place}");
                Assert.AreEqual(expected.Skip(1).Average(), measured[i].Values[place].Value, 1e-6);
                seen.UnionWith(expected);
            }

            Assert.AreEqual(1 + 18, measured[i].Forwards);
        }

        Assert.HasCount(2, seen, "some rows keep their class and some lose it");
    }

    [TestMethod]
    public void A_map_of_what_lights_the_class_loses_it_with_its_last_pixel_or_keeps_it_to_the_end()
    {
        // The left half is lit and is all that the class is known by. Part of it is imputed from the rest; all of it is not.
        using ImageNetwork network = ColourNetwork.Open();
        VectorRow lit = ColourNetwork.Row(3, ColourNetwork.Side / 2);
        MeasureRow row = new() { Input = lit.Input, Target = 3, Saliency = lit.Input[(3 * 64)..(4 * 64)] };
        SaliencyMetrics metrics = _context.Saliency.Evaluate(
            View(row), network, MeasureRow.Options(SaliencyMeasure.RoadMostRelevantFirst(Quiet), SaliencyMeasure.RoadLeastRelevantFirst(Quiet)));
        CollectionAssert.AreEqual((double[])[1, 1, 1, 1, 1, 0, 0, 0, 0, 0], metrics["road-morf"]!.Curve!.Probabilities.ToArray());
        CollectionAssert.AreEqual((double[])[0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], metrics["road-morf"]!.Curve!.Shares.ToArray());
        Assert.AreEqual(4 / 9.0, metrics["road-morf"]!.Mean, 1e-9);
        Assert.AreEqual(1, metrics["road-lerf"]!.Mean, 1e-9);
    }

    [TestMethod]
    public void What_goes_last_by_a_map_goes_first_by_its_opposite()
    {
        MeasureRow[] rows = [.. MeasureRow.Rows(4)];
        foreach (MeasureRow row in rows)
        {
            row.Saliency = [.. OnnxModelBuilder.Numbers([TinyNetwork.Pixels], 80 + (int)row.Number).Select(value => (value + 1) / 2)];
        }

        double[] least = Values(rows, SaliencyMeasure.RoadLeastRelevantFirst());
        foreach (MeasureRow row in rows)
        {
            row.Saliency = [.. row.Saliency.Select(value => 1 - value)];
        }

        CollectionAssert.AreEqual(least, Values(rows, SaliencyMeasure.RoadMostRelevantFirst()));
    }

    [TestMethod]
    public void Noise_lies_on_imputed_pixels_alone_and_has_the_deviation_that_is_asked_for()
    {
        float[] values = OnnxModelBuilder.Numbers([3, 40, 40], 4);
        float[] map = OnnxModelBuilder.Numbers([1600], 5);
        float[][] images = [.. new[] { Quiet, RoadProtocol.Paper with { Noise = 0.2 }, RoadProtocol.Paper with { Noise = 0.2, Seed = 2 } }.Select(Half)];
        float[] noise = [.. images[1].Zip(images[0], (noisy, quiet) => noisy - quiet)];
        Assert.AreEqual(4800 / 2, noise.Count(value => value != 0));
        Assert.AreEqual(0.2, Math.Sqrt(noise.Sum(value => (double)value * value) / 2400), 0.01);
        Assert.AreEqual(0, noise.Average(), 0.01);
        Assert.AreNotEqual(images[1][Array.FindIndex(noise, value => value != 0)], images[2][Array.FindIndex(noise, value => value != 0)]);

        float[] Half(RoadProtocol protocol)
        {
            float[] image = new float[values.Length];
            new ImputationProbe(protocol with { Percentages = [50] }, LeastFirst: false).Of(new RowImage(values, 40, 40, map)).WriteNext(image);
            return image;
        }
    }

    [TestMethod]
    public void Shares_that_do_not_rise_or_leave_nothing_are_refused()
    {
        foreach (int[] shares in (int[][])[[], [0, 10], [10, 100], [20, 10], [10, 10]])
        {
            Assert.ThrowsExactly<ArgumentException>(() => RoadProtocol.Paper with { Percentages = shares });
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => RoadProtocol.Paper with { Noise = -1 });
        Assert.AreEqual(new RoadProtocol(), RoadProtocol.Paper with { Percentages = [10, 20, 30, 40, 50, 60, 70, 80, 90] });
        Assert.AreEqual("class still highest, most relevant first, mean over 10, 20, \u2026 90 % of the pixels imputed, noise 0.01", SaliencyMeasure.RoadMostRelevantFirst().Protocol);
    }

    [TestMethod]
    public void Where_no_class_competes_it_is_refused()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Target = SaliencyTarget.Output(1) });
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => _context.Saliency.Evaluate(
            maker.Transform(TinyNetwork.View(_context, 1)), maker, new SaliencyEvaluationOptions { Measures = [SaliencyMeasure.RoadMostRelevantFirst()] }));
        StringAssert.Contains(refused.Message, "The measure 'road-morf' asks whether the class is still the highest");
    }

    private double[] Values(MeasureRow[] rows, SaliencyMeasure measure)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        return [.. _context.Saliency.EvaluateRows(MeasureRow.View(_context, rows, TinyNetwork.Side, TinyNetwork.Side), network, MeasureRow.Options(measure)).Select(row => row.Values[0].Value)];
    }

    private IDataView View(MeasureRow row)
    {
        Data.SchemaDefinition schema = Data.SchemaDefinition.Create(typeof(MeasureRow));
        schema[nameof(MeasureRow.Input)].ColumnType = new Data.VectorDataViewType(Data.NumberDataViewType.Single, ColourNetwork.Classes, ColourNetwork.Side, ColourNetwork.Side);
        schema[nameof(MeasureRow.Saliency)].ColumnType = new Data.VectorDataViewType(Data.NumberDataViewType.Single, ColourNetwork.Side, ColourNetwork.Side);
        return _context.Data.LoadFromEnumerable([row], schema);
    }

    private static bool IsHighest(MeasureRow row, IEnumerable<int> missing)
    {
        bool[] isMissing = new bool[TinyNetwork.Pixels];
        foreach (int pixel in missing)
        {
            isMissing[pixel] = true;
        }

        double[] probabilities = TinyLoops.Probabilities(TinyNetwork.Rectified, Solved(row.Input, isMissing, TinyNetwork.Side, TinyNetwork.Side));
        return probabilities[row.Target] == probabilities.Max();
    }

    /// <summary>Gauss's elimination of one equation a missing pixel.</summary>
    private static double[] Solved(float[] image, bool[] isMissing, int height, int width)
    {
        double[] solved = Wide(image);
        int[] unknown = [.. Enumerable.Range(0, isMissing.Length).Where(pixel => isMissing[pixel])];
        for (int plane = 0; plane < image.Length / isMissing.Length; plane++)
        {
            double[,] rows = new double[unknown.Length, unknown.Length + 1];
            for (int i = 0; i < unknown.Length; i++)
            {
                for (int pixel = 0; pixel < isMissing.Length; pixel++)
                {
                    (int down, int right) = (Math.Abs((pixel / width) - (unknown[i] / width)), Math.Abs((pixel % width) - (unknown[i] % width)));
                    double weight = down > 1 || right > 1 || down + right == 0 ? 0 : down + right == 1 ? 1 / 6.0 : 1 / 12.0;
                    rows[i, i] += weight;
                    if (isMissing[pixel])
                    {
                        rows[i, Array.IndexOf(unknown, pixel)] -= weight;
                    }
                    else
                    {
                        rows[i, unknown.Length] += weight * image[(plane * isMissing.Length) + pixel];
                    }
                }
            }

            Eliminate(rows, unknown.Length);
            for (int i = 0; i < unknown.Length; i++)
            {
                solved[(plane * isMissing.Length) + unknown[i]] = rows[i, unknown.Length];
            }
        }

        return solved;
    }

    private static void Eliminate(double[,] rows, int count)
    {
        for (int pivot = 0; pivot < count; pivot++)
        {
            for (int column = count; column >= pivot; column--)
            {
                rows[pivot, column] /= rows[pivot, pivot];
            }

            for (int row = 0; row < count; row++)
            {
                for (int column = count; column >= pivot && row != pivot; column--)
                {
                    rows[row, column] -= rows[row, pivot] * rows[pivot, column];
                }
            }
        }
    }
}
