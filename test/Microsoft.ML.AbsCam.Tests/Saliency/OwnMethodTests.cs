using Microsoft.ML.AbsCam.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>A user's own method on each of the bases gives what the same formula gives elsewhere.</summary>
[TestClass]
public sealed class OwnMethodTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void From_gradients_by_a_class_or_a_function()
    {
        AreEqual(SaliencyMethod.HiResCam, new OwnGradients());
        AreEqual(SaliencyMethod.HiResCam, SaliencyMethod.FromGradients("own", (activation, gradient) => (activation * gradient).sum(1)));
    }

    [TestMethod]
    public void From_activations_by_a_class_or_a_function()
    {
        AreEqual(new OwnActivations(), SaliencyMethod.FromActivations("own", activation => activation.mean([1])));
        float[] map = Map(new OwnActivations());
        double[][] maps = TinyLoops.Maps(TinyNetwork.Rectified, [.. TinyNetwork.Image(0).Select(value => (double)value)]);
        double[] mean = [.. Enumerable.Range(0, TinyLoops.Layer).Select(at => maps.Average(values => values[at]))];
        Close.AreClose([.. TinyLoops.Normalized(TinyLoops.Up(mean, TinyNetwork.Side)).Select(value => (float)value)], map, Explained.Tolerance, "mean activation");
    }

    [TestMethod]
    public void From_scores_of_channels() => AreEqual(SaliencyMethod.AbsCam, new OwnChannels());

    [TestMethod]
    public void From_scores_of_masks_made_of_the_layer() => AreEqual(SaliencyMethod.AbsCamPerChannel, new OwnMasks());

    [TestMethod]
    public void From_ablations() => AreEqual(SaliencyMethod.AblationCam, new OwnAblation());

    [TestMethod]
    public void From_scores_of_masks_over_the_image()
    {
        // Each mask shows one pixel, so that the map is what the pixels score alone.
        float[] map = Map(new OnePixel(), SaliencyTarget.Class(2));
        double[] expected = new double[TinyNetwork.Pixels];
        for (int pixel = 0; pixel < expected.Length; pixel++)
        {
            double[] image = [.. TinyNetwork.Image(0).Select((value, i) => i % TinyNetwork.Pixels == pixel ? (double)value : 0)];
            expected[pixel] = TinyLoops.Probabilities(TinyNetwork.Rectified, TinyLoops.Maps(TinyNetwork.Rectified, image))[2];
        }

        Close.AreClose([.. TinyLoops.Normalized(expected).Select(value => (float)value)], map, 1e-4, "map");
    }

    [TestMethod]
    public void From_the_image_alone()
    {
        float[] image = TinyNetwork.Image(0);
        double[] expected = [.. Enumerable.Range(0, TinyNetwork.Pixels).Select(i => Math.Max(image[i], 0.0))];
        Close.AreClose([.. TinyLoops.Normalized(expected).Select(value => (float)value)], Map(new FirstPlane()), 1e-6, "map");
    }

    [TestMethod]
    public void What_has_the_wrong_shape_is_named()
    {
        Refused(SaliencyMethod.FromGradients("mine", (activation, gradient) => activation), "Combine of the saliency method 'mine' gave a tensor [1,6,4,4]; [1,4,4] is expected");
        Refused(SaliencyMethod.FromActivations("mine", activation => null!), "gave null; [1,4,4] is expected");
        Refused(new Wrong(), "Weights of the saliency method 'wrong' gave a tensor [1,6,4,4]; [1,6] is expected");
        Refused(new WrongMasks(), "Masks of the saliency method 'wrong-masks' gave a tensor [8,2,2]; [8,8,8] is expected");
    }

    [TestMethod]
    public void A_name_is_needed()
    {
        Assert.ThrowsExactly<ArgumentException>(() => SaliencyMethod.FromActivations("", activation => activation));
        Assert.ThrowsExactly<ArgumentNullException>(() => SaliencyMethod.FromGradients("mine", null!));
    }

    private void Refused(SaliencyMethod method, string because)
        => StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Map(method)).Message, because);

    private void AreEqual(SaliencyMethod expected, SaliencyMethod actual) => Close.AreClose(Map(expected), Map(actual), Explained.Tolerance, actual.GetType().Name);

    private float[] Map(SaliencyMethod method, SaliencyTarget? target = null)
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Method = method, Target = target ?? SaliencyTarget.Predicted });
        return transformer.Transform(TinyNetwork.View(_context, 1)).Maps().Single();
    }

    private sealed class OwnGradients() : GradientMethod("own")
    {
        protected internal override Tensor Combine(Tensor activation, Tensor gradient) => einsum("bchw,bchw->bhw", activation, gradient);
    }

    private sealed class OwnActivations() : ActivationMethod("own")
    {
        protected internal override Tensor Combine(Tensor activation) => activation.sum(1);
    }

    private sealed class OwnChannels() : MaskMethod("own")
    {
        protected internal override Tensor Weights(Tensor activation, Tensor gradient) => gradient.abs().flatten(2).sum(2) / (activation.shape[2] * activation.shape[3]);
    }

    private sealed class OwnMasks() : TargetMaskMethod("own")
    {
        // A map without a weight is no mask.
        protected internal override Tensor Masks(Tensor activation, Tensor gradient) => activation * gradient.abs().amax([2, 3], keepdim: true);
    }

    private sealed class OwnAblation() : AblationMethod("own")
    {
        protected internal override Tensor Weights(Tensor score, Tensor ablated) => 1 - (ablated / score);
    }

    private sealed class OnePixel() : ImageMaskMethod("own")
    {
        protected internal override int Count(long height, long width) => (int)(height * width);

        protected internal override Tensor Masks(int first, int count, long height, long width) => eye(height * width).narrow(0, first, count).view(count, height, width);
    }

    private sealed class FirstPlane() : ImageMethod("own")
    {
        protected internal override Tensor Map(Tensor images) => images.select(1, 0);
    }

    private sealed class Wrong() : MaskMethod("wrong")
    {
        protected internal override Tensor Weights(Tensor activation, Tensor gradient) => gradient;
    }

    private sealed class WrongMasks() : ImageMaskMethod("wrong-masks")
    {
        protected internal override int Count(long height, long width) => 9;

        protected internal override Tensor Masks(int first, int count, long height, long width) => ones(count, 2, 2);
    }
}
