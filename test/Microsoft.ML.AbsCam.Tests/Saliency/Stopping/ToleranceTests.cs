using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Stopping;

/// <summary>Maps with a tolerance beside the exact ones: pictures of all classes of CIFAR-10, of 65 passes each in an exact run.</summary>
[TestClass]
public sealed class ToleranceTests
{
    private static readonly int OfEachClass = Sweep.Of(1, 4);

    // What every tolerance is measured beside, made once.
    private static readonly Lazy<(float[][] Maps, int[] Forwards)> Exact = new(() => Explain(0));

    [TestMethod]
    [DataRow(0.01, 0.85)]
    [DataRow(0.05, 0.65)]
    public void No_pixel_is_further_off_than_guaranteed_and_fewer_passes_are_run(double tolerance, double mostPasses)
    {
        (float[][] exact, int[] all) = Exact.Value;
        (float[][] quick, int[] fewer) = Explain(tolerance, ToleranceKind.Guaranteed);
        for (int i = 0; i < exact.Length; i++)
        {
            Close.AreClose(exact[i], quick[i], tolerance, $"picture {i}");
            Assert.IsLessThanOrEqualTo(all[i], fewer[i]);
        }

        Assert.IsLessThan(mostPasses * all.Sum(), fewer.Sum());
    }

    /// <summary>One in ten may be off by more, and none by three times as much.</summary>
    [TestMethod]
    [DataRow(0.01, 0.5)]
    [DataRow(0.05, 0.25)]
    public void Maps_are_about_as_close_as_expected_and_half_of_the_passes_or_fewer_are_run(double tolerance, double mostPasses)
    {
        (float[][] exact, int[] all) = Exact.Value;
        (float[][] quick, int[] fewer) = Explain(tolerance);
        double[] differences = [.. exact.Zip(quick, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Average())];
        Assert.IsLessThan(tolerance, differences.Average());
        Assert.IsLessThanOrEqualTo(differences.Length / 10, differences.Count(difference => difference > tolerance));
        Assert.IsLessThan(3 * tolerance, differences.Max());
        Assert.IsLessThanOrEqualTo(mostPasses * all.Sum(), fewer.Sum());
        Assert.IsTrue(fewer.Zip(all, (few, many) => few <= many).All(isFewer => isFewer));
    }

    [TestMethod]
    public void Several_targets_of_a_picture_are_close_enough_together()
    {
        const double Tolerance = 0.02;
        (float[][] exact, int[] all) = Explain(0, target: SaliencyTarget.Top(3));
        (float[][] quick, int[] fewer) = Explain(Tolerance, target: SaliencyTarget.Top(3));
        double mean = exact.Zip(quick, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Average()).Average();
        Assert.IsLessThan(Tolerance, mean);
        Assert.IsLessThan(all.Sum(), fewer.Sum());
    }

    private static (float[][] Maps, int[] Forwards) Explain(double tolerance, ToleranceKind kind = ToleranceKind.Expected, SaliencyTarget? target = null)
    {
        string model = SharedData.PathOrSkip("models", "resnet20-cifar10.onnx");
        string folder = SharedData.PathOrSkip("images", "cifar10");
        var context = new MLContext(seed: 1);
        IDataView files = context.Data.LoadFromEnumerable(Directory.GetDirectories(folder).Order(StringComparer.Ordinal)
            .SelectMany(name => Directory.GetFiles(name, "*.jpg").Order(StringComparer.Ordinal).Take(OfEachClass)).Select(file => new PhotoFolder.FileRow { File = file }).ToArray());
        IDataView view = context.Transforms.LoadImages("Image", null, "File").Fit(files).Transform(files);
        var options = new AbsCamOptions { Tolerance = tolerance, ToleranceKind = kind, Columns = new() { Forwards = "Forwards" }, Preprocessing = ImagePreprocessing.For(32, 32), Target = target ?? new AbsCamOptions().Target };
        using AbsCamTransformer transformer = context.Transforms.AbsCam(Explained.Map, "Image", model, options).Fit(view);
        IDataView explained = transformer.Transform(view);
        return (explained.Maps(), [.. explained.GetColumn<int>("Forwards")]);
    }
}
