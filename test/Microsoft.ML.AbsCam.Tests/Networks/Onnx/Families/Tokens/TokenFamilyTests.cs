using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

/// <summary>Networks of tokens: which values of the layer are which place, the maps made of them, and where they lie over the image.</summary>
[TestClass]
public sealed class TokenFamilyTests
{
    private const int Target = 3;

    // Of the greatest: slopes by differences of float32 scores.
    private const double SlopeTolerance = 0.02;
    private const double MapTolerance = 0.03;

    private static readonly long[] Shape = [1, 3, TokenWriter.Height, TokenWriter.Width];

    public static IEnumerable<object[]> Names => TokenFamily.All.Select(family => new object[] { family.Family.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Activation_gradient_and_maps_are_those_of_the_places_by_hand(string name)
    {
        TokenFamily family = Named(name);
        byte[] model = family.Family.Write();
        float[] image = OnnxModelBuilder.Numbers(Shape, 5);
        RawLayer raw = RawLayer.Of(model, family.Family.Pick, image, Shape, Target);
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        FeatureLayer layer = network.FindLayer(null);
        Assert.AreEqual((family.Family.Pick, family.Channels, family.Height, family.Width, family.Tokens), (layer.Name, layer.Channels, layer.Height, layer.Width, layer.Tokens));

        using DisposeScope scope = NewDisposeScope();
        LayerPass pass = network.RunFromLayer(tensor(image, Shape), layer.Name, CPU);
        double[] activation = ByPlace(family, at => raw.Activation[at]);
        double[] gradient = ByPlace(family, at => raw.Gradient[at]);
        AreClose(activation, pass.Activation.Floats(), 1e-4 * activation.Max(Math.Abs), "activation");
        AreClose(gradient, network.Gradients(pass, [[Target]])[0].Floats(), SlopeTolerance * gradient.Max(Math.Abs), "gradient");

        int places = family.Height * family.Width;
        double[] weights = [.. gradient.Chunk(places).Select(channel => channel.Average())];
        double[] gradCam = [.. Enumerable.Range(0, places).Select(at => weights.Select((weight, k) => weight * activation[(k * places) + at]).Sum())];
        double[] layerCam = [.. Enumerable.Range(0, places).Select(at => weights.Select((_, k) => Math.Max(gradient[(k * places) + at], 0) * activation[(k * places) + at]).Sum())];
        AreClose(Normed(gradCam), Map(network, image, SaliencyMethod.GradCam), MapTolerance, "grad-cam");
        AreClose(Normed(layerCam), Map(network, image, SaliencyMethod.LayerCam), MapTolerance, "layer-cam");
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Where_a_quarter_of_the_image_changes_the_layer_changes_most(string name)
    {
        TokenFamily family = Named(name);
        using ImageNetwork network = ImageNetwork.FromOnnx(family.Family.Write());
        foreach ((bool isLower, bool isRight) in new[] { (false, true), (true, false) })
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor image = tensor(OnnxModelBuilder.Numbers(Shape, 6), Shape);
            Tensor bright = image.clone();
            bright.narrow(2, isLower ? TokenWriter.Height / 2 : 0, TokenWriter.Height / 2).narrow(3, isRight ? TokenWriter.Width / 2 : 0, TokenWriter.Width / 2).add_(2);
            Tensor[] values = [.. new[] { image, bright }.Select(one => network.RunFromLayer(one, family.Family.Pick, CPU).Activation)];
            Tensor change = (values[1] - values[0]).abs().sum(1)[0];
            double there = change.narrow(0, isLower ? family.Height / 2 : 0, family.Height / 2).narrow(1, isRight ? family.Width / 2 : 0, family.Width / 2).mean().item<float>();
            double all = change.mean().item<float>();
            Assert.IsGreaterThan(1.2 * all, there, $"{name}: {there} in the quarter, {all} everywhere");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Other_tokens_stay_what_they_were_where_the_layer_is_put_back(string name)
    {
        TokenFamily family = Named(name);
        using ImageNetwork network = ImageNetwork.FromOnnx(family.Family.Write());
        using DisposeScope scope = NewDisposeScope();
        Tensor images = tensor(OnnxModelBuilder.Numbers([2, .. Shape[1..]], 7), [2, .. Shape[1..]]);
        LayerPass pass = network.RunFromLayer(images, family.Family.Pick, CPU, withGraph: false);
        Close.AreClose(pass.Logits.Floats(), network.RunTail(images, family.Family.Pick, pass.Activation, CPU).Floats(), 1e-4, "with its own value");
        float[] without = network.RunTail(images, family.Family.Pick, zeros_like(pass.Activation), CPU).Floats();
        Assert.AreNotEqual(pass.Logits.Floats()[0], without[0]);
        if (family.Before > 0 && name != "BEiT, relative positions")
        {
            Assert.IsGreaterThan(1e-4, without.Zip(without.Skip(NetworkWriter.Classes), (one, other) => Math.Abs(one - other)).Max(), "The class token tells the images apart still.");
        }
    }

    private static TokenFamily Named(string name) => TokenFamily.All.Single(family => family.Family.Name == name);

    private static double[] ByPlace(TokenFamily family, Func<int, double> value) =>
    [
        .. Enumerable.Range(0, family.Channels).SelectMany(channel => Enumerable.Range(0, family.Height).SelectMany(row =>
            Enumerable.Range(0, family.Width).Select(column => value(family.At(channel, row, column))))),
    ];

    private static double[] Normed(double[] sums)
    {
        double[] positive = [.. sums.Select(sum => Math.Max(sum, 0))];

        // Where nothing speaks for the class, the map is flat.
        return [.. positive.Select(value => positive.Max() <= 0 ? double.NaN : (value - positive.Min()) / (positive.Max() - positive.Min() + 1e-8))];
    }

    private static float[] Map(ImageNetwork network, float[] image, SaliencyMethod method)
    {
        var context = new MLContext();
        IDataView view = VectorRow.View(context, [new VectorRow { Input = image }], 3, TokenWriter.Height, TokenWriter.Width);
        using AbsCamTransformer transformer = context.Transforms.AbsCam(
            Explained.Map, "Input", network, new AbsCamOptions { Method = method, MapSize = MapSize.Layer, Target = SaliencyTarget.Class(Target) }).Fit(view);
        return transformer.Transform(view).Maps().Single();
    }

    private static void AreClose(double[] expected, float[] actual, double tolerance, string what) => Close.AreClose([.. expected.Select(value => (float)value)], actual, tolerance, what);
}
