namespace Microsoft.ML.AbsCam.Tests.Imaging;

[TestClass]
public class ImagePreprocessingTests
{
    [TestMethod]
    public void The_shorter_side_before_the_crop_follows_the_rule_unless_it_is_set()
    {
        Assert.AreEqual(256, ImagePreprocessing.ImageNet.ShorterSide);
        Assert.AreEqual(342, ImagePreprocessing.Inception.ShorterSide);
        Assert.AreEqual(342, ImagePreprocessing.For(299, 299).ShorterSide);
        Assert.AreEqual(32, ImagePreprocessing.For(32, 32).ShorterSide);
        Assert.AreEqual(127, ImagePreprocessing.For(127, 300).ShorterSide);
        Assert.AreEqual(146, ImagePreprocessing.For(128, 300).ShorterSide);
        Assert.AreEqual(224, (ImagePreprocessing.ImageNet with { ResizeTo = 224 }).ShorterSide);
    }

    [TestMethod]
    public void Two_with_the_same_values_are_equal_and_lists_count_by_value()
    {
        var a = ImagePreprocessing.ImageNet with { Mean = new List<float> { 1, 2, 3 } };
        var b = ImagePreprocessing.ImageNet with { Mean = [1, 2, 3] };
        Assert.AreEqual(a, b);
        Assert.AreEqual(a.GetHashCode(), b.GetHashCode());
        Assert.AreNotEqual(a, ImagePreprocessing.ImageNet);
        Assert.AreNotEqual(a, a with { Std = [1, 1, 1] });
    }

    [TestMethod]
    public void A_list_changed_afterwards_changes_nothing()
    {
        var mean = new[] { 1f, 2f, 3f };
        var preprocessing = ImagePreprocessing.ImageNet with { Mean = mean };
        mean[0] = 99;
        Assert.AreEqual(1f, preprocessing.Mean[0]);
    }

    [TestMethod]
    public void The_presets_are_valid()
    {
        ImagePreprocessing.ImageNet.Validate();
        ImagePreprocessing.Inception.Validate();
        (ImagePreprocessing.ImageNet with { Width = 320, Height = 320 }).Validate();
    }

    [TestMethod]
    public void Each_bad_value_is_refused_with_the_name_of_its_property()
    {
        var good = ImagePreprocessing.ImageNet;
        Refused(good with { Width = 0 }, nameof(good.Width));
        Refused(good with { Height = 20000 }, nameof(good.Height));
        Refused(good with { Resize = (ResizeRule)9 }, nameof(good.Resize));
        Refused(good with { ColorOrder = (ColorOrder)9 }, nameof(good.ColorOrder));
        Refused(good with { Scale = 0 }, nameof(good.Scale));
        Refused(good with { Scale = float.NaN }, nameof(good.Scale));
        Refused(good with { Mean = [1, 2] }, nameof(good.Mean));
        Refused(good with { Mean = [1, 2, float.PositiveInfinity] }, nameof(good.Mean));
        Refused(good with { Std = [1, 0, 1] }, nameof(good.Std));
        Refused(good with { ResizeTo = 223 }, nameof(good.ResizeTo));
        Refused(good with { ResizeTo = 100000 }, nameof(good.ResizeTo));
        Assert.ThrowsExactly<ArgumentException>(() => ImagePreprocessing.For(0, 10));
        Assert.ThrowsExactly<ArgumentNullException>(() => good with { Mean = null! });
    }

    private static void Refused(ImagePreprocessing preprocessing, string property) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(preprocessing.Validate).Message, "." + property + " ");
}
