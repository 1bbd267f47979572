using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>Masks made in ordinary memory beside libtorch's enlarging.</summary>
[TestClass]
public sealed class MaskPainterTests
{
    private const double Tolerance = 2e-6;

    [TestMethod]
    [DataRow(13, 13, 224, 224)]
    [DataRow(8, 8, 32, 32)]
    [DataRow(2, 5, 7, 31)]
    [DataRow(7, 7, 7, 7)]
    [DataRow(1, 3, 9, 4)]
    [DataRow(12, 9, 5, 4)]
    public void Masked_images_are_those_of_libtorch(int mapHeight, int mapWidth, int height, int width)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor map = tensor(OnnxModelBuilder.Numbers([mapHeight, mapWidth], 3), [1, 1, mapHeight, mapWidth]);
        Tensor image = tensor(OnnxModelBuilder.Numbers([3, height, width], 4), [3, height, width]);
        Tensor behind = tensor(OnnxModelBuilder.Numbers([3, height, width], 5), [3, height, width]);
        Tensor large = nn.functional.interpolate(map, [height, width], mode: InterpolationMode.Bilinear, align_corners: false)[0, 0];
        float minimum = large.min().ToSingle();
        float divisor = large.max().ToSingle() - minimum + 1e-8f;
        Tensor expected = image * ((large - minimum) / divisor);

        var painter = new MaskPainter(mapHeight, mapWidth, height, width);
        float[] masked = new float[3 * height * width];
        (float Minimum, float Divisor) scale = painter.Paint(map.Floats(), image.Floats(), [], masked);
        Close.AreClose(expected.Floats(), masked, Tolerance, "masked");
        Assert.AreEqual(minimum, scale.Minimum, Tolerance);
        Assert.AreEqual(divisor, scale.Divisor, Tolerance);

        painter.Paint(map.Floats(), image.Floats(), behind.Floats(), masked);
        Close.AreClose((expected + behind).Floats(), masked, Tolerance, "with a background");
    }

    [TestMethod]
    public void A_map_that_holds_NaN_makes_an_image_of_NaN()
    {
        var painter = new MaskPainter(2, 2, 4, 4);
        float[] masked = new float[16];
        painter.Paint([0, 1, float.NaN, 2], [.. Enumerable.Repeat(1f, 16)], [], masked);
        Assert.IsTrue(masked.All(float.IsNaN));
    }
}
