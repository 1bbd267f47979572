using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

[TestClass]
public class ImageTensorizerTests
{
    // Sums of at most a few hundred float products of values below 3.
    private const double Rounding = 1e-4;

    private static readonly ImagePreprocessing Plain = new() { Mean = [0, 0, 0], Std = [1, 1, 1] };

    [TestMethod]
    [DataRow(61, 47, ResizeRule.CenterCrop, 27, 21)]
    [DataRow(47, 61, ResizeRule.CenterCrop, 21, 27)]
    [DataRow(61, 47, ResizeRule.Squash, 24, 24)]
    [DataRow(61, 47, ResizeRule.Pad, 24, 18)]
    [DataRow(9, 7, ResizeRule.CenterCrop, 27, 21)]
    [DataRow(7, 300, ResizeRule.Squash, 24, 24)]
    public void Resizing_is_the_direct_sum_of_triangle_weights(int width, int height, ResizeRule rule, int resizedWidth, int resizedHeight)
    {
        var preprocessing = ImagePreprocessing.For(18, 18) with { Resize = rule, ResizeTo = 21, Width = rule == ResizeRule.CenterCrop ? 18 : 24, Height = rule == ResizeRule.CenterCrop ? 18 : 24 };
        using var photo = TestImage.Noise(width, height);
        var size = preprocessing.Width;
        var tensor = Tensor(preprocessing, photo);
        var left = (resizedWidth - size) / 2.0;
        var top = (resizedHeight - size) / 2.0;
        var (cropX, cropY) = rule == ResizeRule.Pad ? ((int)left, (int)top) : ((int)Math.Round(left), (int)Math.Round(top));
        var colors = new Func<(int Red, int Green, int Blue, int Alpha), double>[] { p => p.Red, p => p.Green, p => p.Blue };
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (rx, ry) = (x + cropX, y + cropY);
                var inside = rx >= 0 && ry >= 0 && rx < resizedWidth && ry < resizedHeight;
                for (var c = 0; c < 3; c++)
                {
                    var level = inside ? BruteForceResize.At(photo, resizedWidth, resizedHeight, rx, ry, colors[c]) : 255 * preprocessing.Mean[c];
                    var expected = (level / 255 - preprocessing.Mean[c]) / preprocessing.Std[c];
                    Assert.AreEqual(expected, tensor[(c * size + y) * size + x], Rounding, $"channel {c}, row {y}, column {x}");
                }
            }
        }
    }

    [TestMethod]
    public void A_photo_of_the_input_size_passes_unchanged()
    {
        using var photo = TestImage.Noise(32, 32);
        var tensor = Tensor(Plain with { Width = 32, Height = 32 }, photo);
        for (var i = 0; i < 32 * 32; i++)
        {
            var (red, green, blue, _) = photo.Pixel(i % 32, i / 32);
            Assert.AreEqual((red * Plain.Scale, green * Plain.Scale, blue * Plain.Scale), (tensor[i], tensor[1024 + i], tensor[2048 + i]));
        }
    }

    [TestMethod]
    public void Both_pixel_formats_give_the_same_tensor()
    {
        using var bgra = TestImage.Noise(40, 30, MLPixelFormat.Bgra32);
        using var rgba = TestImage.Noise(40, 30, MLPixelFormat.Rgba32);
        CollectionAssert.AreEqual(Tensor(ImagePreprocessing.For(20, 20), bgra), Tensor(ImagePreprocessing.For(20, 20), rgba));
    }

    [TestMethod]
    public void Bgr_puts_blue_first_and_mean_and_scale_follow_the_planes()
    {
        using var photo = TestImage.From(4, 4, (_, _) => (10, 20, 30, 255));
        var tensor = Tensor(new ImagePreprocessing { Width = 4, Height = 4, ColorOrder = ColorOrder.Bgr, Scale = 1, Mean = [1, 2, 3], Std = [1, 2, 7] }, photo);
        Assert.AreEqual(29f, tensor[0], 1e-5f);
        Assert.AreEqual(9f, tensor[16], 1e-5f);
        Assert.AreEqual(1f, tensor[32], 1e-5f);
    }

    [TestMethod]
    public void Transparent_pixels_are_laid_over_white()
    {
        // Half transparent red, premultiplied, and wholly transparent.
        using var photo = TestImage.From(2, 1, (x, _) => x == 0 ? (128, 0, 0, 128) : (0, 0, 0, 0));
        var tensor = Tensor(Plain with { Width = 2, Height = 1 }, photo);
        CollectionAssert.AreEqual(new[] { 1f, 1f, 127 * Plain.Scale, 1f, 127 * Plain.Scale, 1f }, tensor);
    }

    [TestMethod]
    public void Padding_is_the_mean_colour_which_is_zero()
    {
        using var photo = TestImage.Uniform(100, 50, 255);
        var stale = new float[3 * 20 * 20];
        Array.Fill(stale, 5f);
        new ImageTensorizer(ImagePreprocessing.For(20, 20) with { Resize = ResizeRule.Pad }).Write(photo, stale);
        Assert.AreEqual(0f, stale[0]);
        Assert.AreEqual(0f, stale[4 * 20 + 19]);
        Assert.AreNotEqual(0f, stale[5 * 20]);
        Assert.AreNotEqual(0f, stale[14 * 20 + 19]);
        Assert.AreEqual(0f, stale[15 * 20]);
    }

    [TestMethod]
    public void One_pixel_fills_the_input()
    {
        using var photo = TestImage.Uniform(1, 1, 51);
        foreach (var value in Tensor(Plain, photo))
        {
            Assert.AreEqual(0.2, value, 1e-6);
        }
    }

    [TestMethod]
    public void Extreme_proportions_are_resized_without_taking_memory_for_what_is_cropped()
    {
        using var photo = TestImage.Uniform(60000, 1, 255);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tensor = Tensor(Plain, photo);
        Assert.IsLessThan(20_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(1, tensor.Average(), 1e-6);
    }

    [TestMethod]
    public void Once_a_size_was_seen_nothing_is_allocated()
    {
        using var photo = TestImage.Noise(500, 375);
        var tensorizer = new ImageTensorizer(ImagePreprocessing.ImageNet);
        var tensor = new float[3 * 224 * 224];
        tensorizer.Write(photo, tensor);
        var before = GC.GetAllocatedBytesForCurrentThread();
        tensorizer.Write(photo, tensor);
        Assert.IsLessThan(1000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Threads_share_one_tensorizer()
    {
        var tensorizer = new ImageTensorizer(ImagePreprocessing.For(32, 32));
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            using var photo = TestImage.Uniform(20 + i, 220 - i, 255);
            var tensor = new float[3 * 32 * 32];
            tensorizer.Write(photo, tensor);
            Assert.AreEqual((1 - 0.485) / 0.229, tensor[0], Rounding);
        });
    }

    [TestMethod]
    public void A_span_of_the_wrong_size_is_refused()
    {
        using var photo = TestImage.Uniform(8, 8, 0);
        Assert.ThrowsExactly<ArgumentException>(() => new ImageTensorizer(ImagePreprocessing.ImageNet).Write(photo, new float[10]));
    }

    private static float[] Tensor(ImagePreprocessing preprocessing, MLImage photo)
    {
        var tensor = new float[3 * preprocessing.Height * preprocessing.Width];
        new ImageTensorizer(preprocessing).Write(photo, tensor);
        return tensor;
    }
}
