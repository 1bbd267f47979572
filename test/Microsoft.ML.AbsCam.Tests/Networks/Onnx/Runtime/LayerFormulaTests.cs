using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Runtime;

/// <summary>Maps that ONNX Runtime makes where the gradient is, beside the method's own formula on gradients of TorchSharp.</summary>
[TestClass]
public sealed class LayerFormulaTests
{
    private const double Tolerance = 1e-4;

    private const string DividesByWhatCancels = "grad-cam++";

    // Sums and quotients of numbers of both signs: where they cancel the engines differ by more, and TorchSharp keeps the map.
    private static readonly string[] MayCancel = [DividesByWhatCancels, "hires-cam", "xgrad-cam"];

    private static readonly GradientMethod[] Methods = [.. SaliencyMethod.All.OfType<GradientMethod>().Where(method => method.Formula is not null)];

    public static IEnumerable<object[]> Names => Family.All.Select(family => new object[] { family.Name });

    [TestMethod]
    public void All_methods_that_can_be_baked_in_one_pass_are_made_there()
        => CollectionAssert.IsSubsetOf((string[])["abs-cam-initial", "grad-cam", "grad-cam++", "hires-cam", "layer-cam", "xgrad-cam"], Methods.Select(method => method.Name).ToArray());

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Maps_and_their_checks_are_those_of_TorchSharp(string name)
    {
        using OnnxNetwork network = OnnxNetwork.Load(Family.Named(name).Write(), name);
        string layer = network.DefaultLayer!.Name;
        Assert.IsNull(network.OpenRuntime([layer]));
        using DisposeScope scope = NewDisposeScope();
        Tensor images = MadeUp(network, 3);
        long[][] classes = [[1, 0, 1], [0, 0, 0]];
        LayerPass there = network.Pass(images, layer, inRuntime: true);
        LayerPass here = network.Pass(images, layer);
        Tensor[] gradients = here.Gradients(classes);
        List<string> refused = [];
        foreach (GradientMethod method in Methods)
        {
            Tensor[][]? maps = there.Made!(method.Formula!, classes);
            for (int t = 0; t < classes.Length && maps is not null; t++)
            {
                Tensor[] expected = method.Formula!.Compute(here.Activation.detach(), gradients[t]);
                double bound = method.Name == DividesByWhatCancels ? 0.01 * expected[0].abs().max().ToDouble() : Tolerance * TermsOf(here.Activation, gradients[t]);
                Close.AreClose(expected[0].Floats(), maps[t][0].Floats(), bound, $"{method} of {name}");
                Close.AreClose(expected[1].Floats(), maps[t][1].Floats(), bound, $"{method} of {name}, changed");
            }

            if (maps is null)
            {
                refused.Add(method.Name);
            }
        }

        CollectionAssert.IsSubsetOf(refused, MayCancel, $"of {name} are not made there: {string.Join(", ", refused)}");
    }

    private static Tensor MadeUp(OnnxNetwork network, int rows)
        => tensor(OnnxModelBuilder.Numbers([rows, network.InputChannels, network.InputHeight, network.InputWidth], 5), [rows, network.InputChannels, network.InputHeight, network.InputWidth]);

    // What cancels rounds as its terms do.
    private static double TermsOf(Tensor activation, Tensor gradient) => (activation.detach().abs() * gradient.abs()).sum(1).max().ToDouble();
}
