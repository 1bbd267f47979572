using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>The blurs that Insertion begins with, beside a convolution of libtorch.</summary>
[TestClass]
public sealed class BlurTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    public void The_kernel_of_rise_is_almost_flat_and_no_textbook_Gaussian()
    {
        double[,] rise = KernelOf(ImageSubstrate.RiseBlur, 11);
        double[,] textbook = BruteForceMeasures.Gaussian(11, 5);
        Assert.AreEqual(1.14, rise[5, 5] / rise[0, 0], 0.005);
        Assert.AreEqual(2.72, textbook[5, 5] / textbook[0, 0], 0.005);
        AreClose(BruteForceMeasures.RiseKernel(), rise);
        AreClose(textbook, KernelOf(ImageSubstrate.Blur(11, 5), 11));
    }

    [TestMethod]
    [DataRow(20, 24)]
    [DataRow(5, 31)]
    [DataRow(1, 1)]
    public void Rise_blurs_as_a_convolution_with_zeros_beyond_the_border(int height, int width)
    {
        float[] image = OnnxModelBuilder.Numbers([3, height, width], 3);
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = Convolved(tensor(image, [3, 1, height, width]), BruteForceMeasures.RiseKernel(), padding: 5);
        Close.AreClose(expected.Floats(), Filled(ImageSubstrate.RiseBlur, image, height, width), Tolerance, "RISE's blur");
    }

    [TestMethod]
    [DataRow(51, 50.0, 40, 36)]
    [DataRow(7, 1.5, 9, 12)]
    public void A_Gaussian_blurs_as_a_convolution_of_the_mirrored_image(int size, double sigma, int height, int width)
    {
        float[] image = OnnxModelBuilder.Numbers([3, height, width], 4);
        using DisposeScope scope = NewDisposeScope();
        int border = size / 2;
        Tensor mirrored = nn.functional.pad(tensor(image, [3, 1, height, width]), [border, border, border, border], PaddingModes.Reflect);
        Tensor expected = Convolved(mirrored, BruteForceMeasures.Gaussian(size, sigma), padding: 0);
        Close.AreClose(expected.Floats(), Filled(ImageSubstrate.Blur(size, sigma), image, height, width), Tolerance, "the Gaussian blur");
    }

    [TestMethod]
    public void A_blur_of_a_uniform_image_changes_nothing_where_the_border_mirrors()
    {
        float[] image = [.. Enumerable.Repeat(0.7f, 3 * 6 * 4)];
        Close.AreClose(image, Filled(ImageSubstrate.Blur(51, 50), image, 6, 4), 1e-6, "a uniform image smaller than the window");
    }

    [TestMethod]
    public void The_mean_colour_is_zero() => Assert.IsTrue(Filled(ImageSubstrate.Mean, [1, 2, 3, 4, 5, 6], 2, 1).All(value => value == 0));

    [TestMethod]
    [DataRow(0, 1.0)]
    [DataRow(10, 1.0)]
    [DataRow(-3, 1.0)]
    [DataRow(11, 0.0)]
    [DataRow(11, double.NaN)]
    [DataRow(11, double.PositiveInfinity)]
    public void A_window_without_a_centre_or_a_width_without_meaning_is_refused(int size, double sigma)
        => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageSubstrate.Blur(size, sigma));

    /// <summary>What a blur makes of a single point.</summary>
    private static double[,] KernelOf(ImageSubstrate blur, int size)
    {
        int side = (3 * size) + 2;
        float[] point = new float[side * side];
        point[(side / 2 * side) + (side / 2)] = 1;
        float[] spread = Filled(blur, point, side, side);
        double[,] kernel = new double[size, size];
        for (int i = 0; i < size * size; i++)
        {
            kernel[i / size, i % size] = spread[(((side / 2) - (size / 2) + (i / size)) * side) + (side / 2) - (size / 2) + (i % size)];
        }

        return kernel;
    }

    private static float[] Filled(ImageSubstrate substrate, float[] image, int height, int width)
    {
        float[] filled = [.. Enumerable.Repeat(float.NaN, image.Length)];
        substrate.Fill(image, height, width, filled);
        return filled;
    }

    private static Tensor Convolved(Tensor planes, double[,] kernel, long padding)
    {
        long size = kernel.GetLength(0);
        Tensor weight = tensor(kernel.Cast<double>().Select(value => (float)value).ToArray(), [1, 1, size, size]);
        return nn.functional.conv2d(planes, weight, padding: [padding, padding]);
    }

    private static void AreClose(double[,] expected, double[,] actual)
        => Close.AreClose([.. expected.Cast<double>().Select(value => (float)value)], [.. actual.Cast<double>().Select(value => (float)value)], 1e-7, "the kernel");
}
