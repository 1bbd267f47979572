using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Modules;

/// <summary>Whatever a module makes of its logits at the end, the probability is its own output and the map is that of the logits.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ModuleScoresTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    [DataRow("Softmax")]
    [DataRow("softmax of a function")]
    [DataRow("LogSoftmax")]
    [DataRow("percent of a function")]
    [DataRow("Sigmoid")]
    [DataRow("sigmoid of a function")]
    public void A_module_that_ends_in_probabilities_has_the_map_of_the_plain_one(string end)
    {
        using Sequential plain = Filled(), inner = Filled();
        using nn.Module<Tensor, Tensor> module = end switch
        {
            "Softmax" => Filled(("end", nn.Softmax(1))),
            "LogSoftmax" => Filled(("end", nn.LogSoftmax(1))),
            "Sigmoid" => Filled(("end", nn.Sigmoid())),
            "softmax of a function" => new Ended(inner, scores => scores.softmax(1)),
            "sigmoid of a function" => new Ended(inner, scores => scores.sigmoid()),
            _ => new Ended(inner, scores => scores.softmax(1).mul(Hundred())),
        };
        bool isSigmoid = end.Contains("igmoid", StringComparison.Ordinal);
        string layer = module is Ended ? $"inner.{CaseModule.Layer}" : CaseModule.Layer;
        Found(module, layer, isSigmoid ? ScoreKind.BeforeSigmoid : ScoreKind.BeforeSoftmax);
        AreTheSame(plain, module, layer, isSigmoid ? ScoreRule.Sigmoid : ScoreRule.Softmax, Tolerance);
    }

    [TestMethod]
    public void Where_the_logits_are_not_found_the_logarithm_is_explained()
    {
        // Halved inside a function: no module gives the logits.
        using Sequential inner = Filled();
        using var module = new Ended(inner, scores => scores.div(Hundred()).mul(Hundred()).neg().softmax(1));
        Found(module, $"inner.{CaseModule.Layer}", ScoreKind.Probabilities);
        using var network = ImageNetwork.FromModule(module, $"inner.{CaseModule.Layer}", CaseModule.Side, CaseModule.Side);
        (float[] probabilities, float[] map) = Explain(network, new AbsCamOptions { Method = SaliencyMethod.GradCam });
        (float[] expected, Tensor gradient, Tensor activation) = LogarithmBySteps(module, inner);
        Close.AreClose(expected, probabilities, Tolerance, "the module's own output");
        Tensor raw = (gradient.mean([2, 3], keepdim: true) * activation).sum([1], keepdim: true).relu();
        Tensor large = nn.functional.interpolate(raw, [CaseModule.Side, CaseModule.Side], mode: InterpolationMode.Bilinear, align_corners: false);
        Tensor normal = (large - large.min()) / (large.max() - large.min());
        Close.AreClose(normal.ToFloats(), map, 1e-4, "Grad-CAM of log p");
    }

    [TestMethod]
    public void Small_logits_of_a_linear_layer_are_logits()
    {
        using Sequential module = Filled();
        using (no_grad())
        {
            ((Linear)module.named_modules().Single(child => child.name == "fc").module).weight!.fill_(HeldScalar.Of(1e-3)).mul_(tensor(new float[] { 1, 2, 3, 4 }).unsqueeze(1));
            ((Linear)module.named_modules().Single(child => child.name == "fc").module).bias!.fill_(HeldScalar.Of(0.1));
        }

        Found(module, CaseModule.Layer, ScoreKind.Logits);
    }

    [TestMethod]
    public void One_logit_is_that_of_class_1_of_two_with_a_softmax_module_of_two_as_the_oracle()
    {
        using Sequential one = Filled(("one", nn.Linear(4, 1))), two = Filled(("two", nn.Linear(4, 2)));
        using (no_grad())
        {
            // softmax([0, y]) = [1 - sigmoid(y), sigmoid(y)]
            Linear single = Child<Linear>(one, "one"), pair = Child<Linear>(two, "two");
            pair.weight!.copy_(cat([zeros_like(single.weight!), single.weight!]));
            pair.bias!.copy_(cat([zeros_like(single.bias!), single.bias!]));
        }

        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.ScoreCam, SaliencyMethod.AbsCam])
        {
            var options = new AbsCamOptions { Method = method, Target = SaliencyTarget.Class(1), Labels = ["no", "yes"] };
            using var single = ImageNetwork.FromModule(one, CaseModule.Layer, CaseModule.Side, CaseModule.Side);
            using var pair = ImageNetwork.FromModule(two, CaseModule.Layer, CaseModule.Side, CaseModule.Side);
            (float[] expected, float[] expectedMap) = Explain(pair, options);
            (float[] actual, float[] map) = Explain(single, options);
            Close.AreClose(expected, actual, Tolerance, "both probabilities");
            Close.AreClose(expectedMap, map, Tolerance, $"map of {method}");
        }
    }

    [TestMethod]
    public void The_complement_of_one_logit_has_the_negative_gradient()
    {
        using Sequential one = Filled(("one", nn.Linear(4, 1)));
        using Sequential negative = Filled(("one", nn.Linear(4, 1)));
        using (no_grad())
        {
            Linear from = Child<Linear>(one, "one"), to = Child<Linear>(negative, "one");
            to.weight!.copy_(from.weight!.neg());
            to.bias!.copy_(from.bias!.neg());
        }

        using var network = ImageNetwork.FromModule(one, CaseModule.Layer, CaseModule.Side, CaseModule.Side);
        using var other = ImageNetwork.FromModule(negative, CaseModule.Layer, CaseModule.Side, CaseModule.Side);
        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.GradCam, SaliencyMethod.LayerCam, SaliencyMethod.AblationCam, SaliencyMethod.AbsCam])
        {
            (float[] expected, float[] expectedMap) = Explain(other, new AbsCamOptions { Method = method, Target = SaliencyTarget.Class(1), Columns = new() { Status = "Status" } });
            (float[] actual, float[] map) = Explain(network, new AbsCamOptions { Method = method, Target = SaliencyTarget.Class(0), Columns = new() { Status = "Status" } });
            Close.AreClose([expected[1], expected[0]], actual, Tolerance, "probabilities");
            Close.AreClose([.. expectedMap.Select(NumberOf)], [.. map.Select(NumberOf)], Tolerance, $"map of {method}");
        }
    }

    [TestMethod]
    public void A_module_of_one_sigmoid_is_binary_and_has_the_map_of_its_logit()
    {
        using Sequential plain = Filled(("one", nn.Linear(4, 1))), ended = Filled(("one", nn.Linear(4, 1)), ("end", nn.Sigmoid()));
        Found(ended, CaseModule.Layer, ScoreKind.BeforeSigmoid);
        AreTheSame(plain, ended, CaseModule.Layer, ScoreRule.Auto, Tolerance);
    }

    [TestMethod]
    public void Scores_that_are_no_probabilities_refuse_what_weighs_by_them()
    {
        using Sequential module = Filled(("one", nn.Linear(4, 1)));
        using var network = ImageNetwork.FromModule(module, CaseModule.Layer, CaseModule.Side, CaseModule.Side);
        foreach (SaliencyMethod method in SaliencyMethod.All.Where(method => method.NeedsProbability).Append(SaliencyMethod.Parse("smooth(rise)")))
        {
            ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => Explain(network, new AbsCamOptions { Method = method, ScoreRule = ScoreRule.None }));
            Assert.Contains("weighs by probabilities", refused.Message);
        }

        (float[] scores, _) = Explain(network, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, ScoreRule = ScoreRule.None });
        using var quiet = no_grad();
        module.eval();
        Close.AreClose(module.call(Image()).ToFloats(), scores, Tolerance, "the score itself");
    }

    [TestMethod]
    public void The_module_of_the_case_gives_its_own_probability()
    {
        using Tensor image = CaseModule.Image("03-module-ends-in-softmax");
        using Sequential module = CaseModule.Make(("end", nn.Softmax(1))), plain = CaseModule.Make();
        foreach (Sequential one in (Sequential[])[module, plain])
        {
            ModuleWeights.Load(one, SharedData.PathOrSkip("cases", "03-module-ends-in-softmax", "plain.pth"));
            using IDisposable noGrad = no_grad();
            Child<Linear>(one, "fc").weight!.mul_(HeldScalar.Of(4));
        }

        using var network = ImageNetwork.FromModule(module, CaseModule.Layer, CaseModule.Side, CaseModule.Side);
        using var of = ImageNetwork.FromModule(plain, CaseModule.Layer, CaseModule.Side, CaseModule.Side);
        (float[] probabilities, float[] map) = Explain(network, new AbsCamOptions(), image);
        (_, float[] expected) = Explain(of, new AbsCamOptions(), image);
        Assert.AreEqual(0.85837, probabilities.Max(), 1e-5);
        Close.AreClose(expected, map, Tolerance, "the map of the plain network");
    }

    internal static (float[] Scores, float[] Map) Explain(ImageNetwork network, AbsCamOptions options, Tensor? image = null)
    {
        var context = new MLContext(seed: 1);
        using Tensor input = image?.alias() ?? Image();
        IDataView data = context.Data.LoadFromEnumerable([new Row { Input = input.ToFloats() }]);
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(Row.Input), network, options with { Columns = new() { Scores = "Scores" } }).Fit(data);
        IDataView explained = transformer.Transform(data);
        return ([.. explained.GetColumn<VBuffer<float>>("Scores").Single().DenseValues()], [.. explained.GetColumn<VBuffer<float>>("Map").Single().DenseValues()]);
    }

    internal static Tensor Image() => tensor(OnnxModelBuilder.Numbers([1, 3, CaseModule.Side, CaseModule.Side], 5), [1, 3, CaseModule.Side, CaseModule.Side]);

    internal static Sequential Filled(params (string, nn.Module<Tensor, Tensor>)[] behind)
    {
        Sequential module = CaseModule.Make(behind);
        SeededWeights.Draw(module, 9);
        using IDisposable noGrad = no_grad();
        foreach (Tensor weight in module.parameters().Where(parameter => parameter.dim() > 1))
        {
            weight.mul_(HeldScalar.Of(2));
        }

        return module;
    }

    // A flat map is NaN in both.
    private static float NumberOf(float value) => float.IsNaN(value) ? -1 : value;

    private static TorchSharp.Scalar Hundred() => HeldScalar.Of(100);

    private static T Child<T>(nn.Module module, string name)
        where T : nn.Module => (T)module.named_modules().Single(child => child.name == name).module;

    private static void Found(nn.Module<Tensor, Tensor> module, string layer, ScoreKind kind)
    {
        using var network = ImageNetwork.FromModule(module, layer, CaseModule.Side, CaseModule.Side);
        Assert.AreEqual(kind, network.ScoreEvidence.Kind, network.ScoreEvidence.Finding);
    }

    private static void AreTheSame(nn.Module<Tensor, Tensor> plain, nn.Module<Tensor, Tensor> ended, string layer, ScoreRule rule, double tolerance)
    {
        using var of = ImageNetwork.FromModule(plain, CaseModule.Layer, CaseModule.Side, CaseModule.Side);
        using var network = ImageNetwork.FromModule(ended, layer, CaseModule.Side, CaseModule.Side);
        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.AbsCam, SaliencyMethod.GradCam, SaliencyMethod.AblationCam, SaliencyMethod.ScoreCam])
        {
            (float[] expected, float[] expectedMap) = Explain(of, new AbsCamOptions { Method = method, ScoreRule = rule, Columns = new() { Status = "Status" } });
            (float[] actual, float[] map) = Explain(network, new AbsCamOptions { Method = method, Columns = new() { Status = "Status" } });
            Close.AreClose(expected, actual, tolerance, $"probabilities beside {method}");
            Close.AreClose([.. expectedMap.Select(NumberOf)], [.. map.Select(NumberOf)], tolerance, $"map of {method}");
        }
    }

    private static (float[] Probabilities, Tensor Gradient, Tensor Activation) LogarithmBySteps(Ended module, Sequential inner)
    {
        module.eval();
        Tensor value = Image();
        foreach (string name in (string[])["c1", "bn", "relu"])
        {
            value = Child<nn.Module<Tensor, Tensor>>(inner, name).call(value);
        }

        Tensor activation = value.detach().requires_grad_(true);
        Tensor p = module.End(Child<Linear>(inner, "fc").call(activation.mean([2, 3])));
        return (p.detach().ToFloats(), autograd.grad([p.max().log()], [activation])[0], activation.detach());
    }

    internal sealed class Row
    {
        [VectorType(3, CaseModule.Side, CaseModule.Side)]
        public float[] Input { get; set; } = [];
    }

    private sealed class Ended : nn.Module<Tensor, Tensor>
    {
        private readonly Sequential _inner;

        public Ended(Sequential inner, Func<Tensor, Tensor> end)
            : base(nameof(Ended))
        {
            (_inner, End) = (inner, end);
            register_module("inner", inner);
        }

        public Func<Tensor, Tensor> End { get; }

        public override Tensor forward(Tensor input) => End(_inner.call(input));
    }
}
