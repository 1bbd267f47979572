using Microsoft.ML.AbsCam.Tests.Support;
using static Microsoft.ML.AbsCam.Tests.Measures.BruteForceMeasures;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>Deletion and Insertion beside plain loops.</summary>
[TestClass]
public sealed class CurveTests
{
    // The float32 of libtorch beside the double of plain loops.
    private const double Tolerance = 2e-5;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(64)]
    public void Rise_is_what_plain_loops_give_at_any_step(int step)
    {
        PerturbationProtocol protocol = PerturbationProtocol.Rise with { StepPixels = step };
        Check(protocol, step, image => Blurred(image, RiseKernel(), reflects: false));
    }

    [TestMethod]
    [DataRow(5)]
    [DataRow(16)]
    public void Group_cam_is_what_plain_loops_give_at_any_step(int step)
    {
        PerturbationProtocol protocol = PerturbationProtocol.GroupCam with { StepPixels = step };
        Check(protocol, step, image => Blurred(image, Gaussian(51, 50), reflects: true));
    }

    [TestMethod]
    [DataRow(28, 3)]
    [DataRow(64, 1)]
    [DataRow(10, 7)]
    [DataRow(1, 64)]
    public void A_number_of_steps_makes_steps_of_equal_size_rounded_up(int steps, int pixels)
        => Check(PerturbationProtocol.Rise with { Steps = steps }, pixels, image => Blurred(image, RiseKernel(), reflects: false));

    [TestMethod]
    public void The_class_is_the_predicted_one_where_no_column_says_so()
    {
        MeasureRow[] rows = MeasureRow.Rows(4);
        SaliencyEvaluationOptions options = MeasureRow.Options(SaliencyMeasure.Deletion()) with { TargetColumn = null };
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SaliencyRowMetrics[] measured = [.. _context.Saliency.EvaluateRows(MeasureRow.View(_context, 4), network, options)];
        for (int i = 0; i < rows.Length; i++)
        {
            int target = Predicted(rows[i].Input);
            Assert.AreEqual(target, measured[i].Target);
            Assert.AreEqual(Area(Deletion(rows[i].Input, rows[i].Saliency, target, 3)), measured[i].Values[0].Value, Tolerance);
        }
    }

    [TestMethod]
    public void Deletion_may_blur_and_insertion_may_begin_with_the_mean_colour()
    {
        PerturbationProtocol protocol = PerturbationProtocol.Rise with { StepPixels = 8, Deletion = ImageSubstrate.RiseBlur, Insertion = ImageSubstrate.Mean };
        MeasureRow row = MeasureRow.Of(0);
        SaliencyRowMetrics measured = Measure([row], SaliencyMeasure.Deletion(protocol), SaliencyMeasure.Insertion(protocol))[0];
        double[] blurred = Blurred(row.Input, RiseKernel(), reflects: false);
        Assert.AreEqual(Probability(blurred, 0), measured.Curves[0]![^1], Tolerance, "nothing is left but the blur");
        Assert.AreEqual(Area([.. Insertion(row.Input, row.Saliency, 0, 8, new double[row.Input.Length])]), measured.Values[1].Value, Tolerance);
    }

    [TestMethod]
    public void The_curve_of_a_data_set_is_the_mean_curve_and_its_area_the_mean_area()
    {
        const int Count = 9;
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SaliencyMeasure[] measures = [SaliencyMeasure.Deletion(), SaliencyMeasure.Insertion()];
        SaliencyMetrics metrics = _context.Saliency.Evaluate(MeasureRow.View(_context, Count), network, MeasureRow.Options(measures));
        SaliencyRowMetrics[] rows = Measure(MeasureRow.Rows(Count), measures);
        for (int m = 0; m < measures.Length; m++)
        {
            PerturbationCurve curve = metrics.Measures[m].Curve!;
            for (int i = 0; i < curve.Probabilities.Count; i++)
            {
                Assert.AreEqual(rows.Average(row => (double)row.Curves[m]![i]), curve.Probabilities[i], 1e-9);
                Assert.AreEqual((double)i / (curve.Shares.Count - 1), curve.Shares[i], 1e-12);
            }

            Assert.AreEqual(Area([.. curve.Probabilities]), metrics.Measures[m].Mean, 1e-9);
        }

        Assert.AreEqual(1, metrics.Deletion!.Curve!.Shares[^1]);
        Assert.AreEqual(metrics.Deletion.Curve.Probabilities[0], metrics.Insertion!.Curve!.Probabilities[^1], "both have the untouched image at one end");
    }

    private void Check(PerturbationProtocol protocol, int step, Func<float[], double[]> blur)
    {
        MeasureRow[] rows = MeasureRow.Rows(5);
        SaliencyRowMetrics[] measured = Measure(rows, SaliencyMeasure.Deletion(protocol), SaliencyMeasure.Insertion(protocol), SaliencyMeasure.InsertionMinusDeletion(protocol));
        for (int i = 0; i < rows.Length; i++)
        {
            double[] deletion = Deletion(rows[i].Input, rows[i].Saliency, rows[i].Target, step);
            double[] insertion = Insertion(rows[i].Input, rows[i].Saliency, rows[i].Target, step, blur(rows[i].Input));
            Close.AreClose(Narrow(deletion), [.. measured[i].Curves[0]!], Tolerance, $"deletion of row {i}");
            Close.AreClose(Narrow(insertion), [.. measured[i].Curves[1]!], Tolerance, $"insertion of row {i}");
            Assert.IsNull(measured[i].Curves[2]);
            Assert.AreEqual(Area(deletion), measured[i].Values[0].Value, Tolerance);
            Assert.AreEqual(Area(insertion), measured[i].Values[1].Value, Tolerance);
            Assert.AreEqual(Area(insertion) - Area(deletion), measured[i].Values[2].Value, Tolerance);
            Assert.AreEqual(Probability(Wide(rows[i].Input), rows[i].Target), measured[i].Probability, Tolerance);
        }
    }

    private SaliencyRowMetrics[] Measure(MeasureRow[] rows, params SaliencyMeasure[] measures)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        return [.. _context.Saliency.EvaluateRows(MeasureRow.View(_context, rows, TinyNetwork.Side, TinyNetwork.Side), network, MeasureRow.Options(measures))];
    }

    private static float[] Narrow(double[] values) => [.. values.Select(value => (float)value)];
}
