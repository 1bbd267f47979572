using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Modules;

/// <summary>A module of any floating type is explained as its float32 twin, as closely as its type allows.</summary>
[TestClass]
public sealed class ModuleTypeTests
{
    private const string Architecture = "the module of the cases";

    public static IEnumerable<object[]> Types => [[ScalarType.Float64, 3e-5], [ScalarType.Float16, 0.02], [ScalarType.BFloat16, 0.12]];

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void Every_method_gives_the_map_of_the_float32_module(ScalarType type, double tolerance)
    {
        using Sequential plain = ModuleScoresTests.Filled(), module = ModuleScoresTests.Filled();
        module.to(type);
        using ImageNetwork of = Open(plain), network = Open(module);
        foreach (SaliencyMethod method in SaliencyMethod.All.Where(method => method != SaliencyMethod.Rise).Append(SaliencyMethod.RiseWith(masks: 40)))
        {
            var options = new AbsCamOptions { Method = method, Target = SaliencyTarget.Class(1) };
            (float[] expected, float[] expectedMap) = ModuleScoresTests.Explain(of, options);
            (float[] actual, float[] map) = ModuleScoresTests.Explain(network, options);
            Close.AreClose(expected, actual, tolerance, $"{type}: probabilities beside {method}");
            AreAlike(expectedMap, map, tolerance, $"{type}: map of {method}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void A_module_that_ends_in_a_softmax_is_known_in_any_type(ScalarType type, double tolerance)
    {
        using Sequential plain = ModuleScoresTests.Filled(), module = ModuleScoresTests.Filled(("end", nn.Softmax(1)));
        module.to(type);
        using ImageNetwork of = Open(plain), network = Open(module);
        (float[] expected, float[] expectedMap) = ModuleScoresTests.Explain(of, new AbsCamOptions());
        (float[] actual, float[] map) = ModuleScoresTests.Explain(network, new AbsCamOptions());
        Close.AreClose(expected, actual, tolerance, "probabilities");
        AreAlike(expectedMap, map, tolerance, "map");
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void The_module_of_the_case_gives_what_PyTorch_gives(ScalarType type, double tolerance)
    {
        using Tensor image = CaseModule.Image("10-module-dtype");
        using Sequential module = CaseModule.Make();
        ModuleWeights.Load(module, SharedData.PathOrSkip("cases", "10-module-dtype", "plain.pth"));
        module.to(type);
        using ImageNetwork network = Open(module);
        (float[] scores, _) = ModuleScoresTests.Explain(network, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, ScoreRule = ScoreRule.None }, image);
        Close.AreClose([0.40584f, 1.14224f], [scores[0], scores[1]], Math.Max(tolerance, 1e-5), "logits");
    }

    [TestMethod]
    [DynamicData(nameof(Types))]
    public void A_saved_pipeline_keeps_the_type(ScalarType type, double tolerance)
    {
        // What registered makes is of float32; what was saved says what it is.
        NetworkArchitectures.Register(Architecture, () => CaseModule.Make());
        var context = new MLContext(seed: 1);
        using Sequential module = ModuleScoresTests.Filled();
        module.to(type);
        using var network = ImageNetwork.FromModule(module, CaseModule.Layer, CaseModule.Side, CaseModule.Side, architecture: Architecture);
        using Tensor image = ModuleScoresTests.Image();
        IDataView data = context.Data.LoadFromEnumerable([new ModuleScoresTests.Row { Input = image.Floats() }]);
        using AbsCamTransformer saved = context.Transforms.AbsCam("Map", nameof(ModuleScoresTests.Row.Input), network).Fit(data);
        using var file = new MemoryStream();
        context.Model.Save(saved, data.Schema, file);
        file.Position = 0;
        var loaded = (IDisposable)context.Model.Load(file, out _);
        using (loaded)
        {
            float[] expected = MapOf(saved.Transform(data));
            Close.AreClose(expected, MapOf(((ITransformer)loaded).Transform(data)), 0, $"{type}, {tolerance}");
        }
    }

    [TestMethod]
    public void The_sanity_check_draws_weights_of_any_type_anew_and_puts_them_back()
    {
        foreach (ScalarType type in (ScalarType[])[ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16])
        {
            using Sequential module = ModuleScoresTests.Filled();
            module.to(type);
            using ImageNetwork network = Open(module);
            string before = string.Join(' ', module.parameters().Select(value => Convert.ToHexString(value.bytes)));
            var context = new MLContext(seed: 1);
            using Tensor image = ModuleScoresTests.Image();
            IDataView data = context.Data.LoadFromEnumerable([new ModuleScoresTests.Row { Input = image.Floats() }]);
            SanityCheckMetrics metrics = context.Saliency.SanityCheck(data, network, new AbsCamOptions { Method = SaliencyMethod.GradCam }, new SanityCheckOptions { ImageColumn = nameof(ModuleScoresTests.Row.Input) });
            Assert.IsNotEmpty(metrics.Stages);
            Assert.AreEqual(before, string.Join(' ', module.parameters().Select(value => Convert.ToHexString(value.bytes))), $"{type}");
        }
    }

    [TestMethod]
    public void A_module_of_two_types_that_converts_between_them_takes_the_one_that_runs()
    {
        using Sequential inner = ModuleScoresTests.Filled();
        using var module = new Mixed(inner);
        using var network = ImageNetwork.FromModule(module, "body.relu", CaseModule.Side, CaseModule.Side);
        (float[] probabilities, _) = ModuleScoresTests.Explain(network, new AbsCamOptions());
        Assert.AreEqual(1, probabilities.Sum(), 1e-5);
    }

    [TestMethod]
    public void A_module_whose_types_do_not_go_together_is_refused_with_a_sentence()
    {
        using Sequential module = ModuleScoresTests.Filled();
        module.named_modules().Single(child => child.name == "fc").module.to(ScalarType.Float64);
        using ImageNetwork network = Open(module);
        NetworkLoadException refused = Assert.ThrowsExactly<NetworkLoadException>(() => network.Shape.ToString());
        Assert.Contains("Float32 or Float64", refused.Message);
        Assert.Contains("to(type)", refused.Message);
        Assert.DoesNotContain("\n", refused.Message);
        Assert.DoesNotContain("frame #", refused.Message);
    }

    private static ImageNetwork Open(nn.Module<Tensor, Tensor> module) => ImageNetwork.FromModule(module, CaseModule.Layer, CaseModule.Side, CaseModule.Side);

    private static float[] MapOf(IDataView explained) => [.. explained.GetColumn<VBuffer<float>>("Map").Single().DenseValues()];

    private static void AreAlike(float[] expected, float[] actual, double tolerance, string what) => Close.AreClose(
        [.. expected.Select(value => float.IsNaN(value) ? -1 : value)], [.. actual.Select(value => float.IsNaN(value) ? -1 : value)], tolerance, what);

    /// <summary>A norm of double in front of a body of float: an image of float does not fit the norm.</summary>
    private sealed class Mixed : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm2d _norm = nn.BatchNorm2d(3, dtype: ScalarType.Float64);
        private readonly Sequential _body;

        public Mixed(Sequential body)
            : base(nameof(Mixed))
        {
            _body = body;
            register_module("body", body);
            register_module("norm", _norm);
        }

        public override Tensor forward(Tensor input)
            => input.dtype == ScalarType.Float64 ? _body.call(_norm.call(input).to(ScalarType.Float32)) : throw Refusal();

        // As libtorch refuses a type.
#pragma warning disable CA2201
        private static System.Runtime.InteropServices.ExternalException Refusal() => new("expected double\nframe #0");
#pragma warning restore CA2201

        protected override void Dispose(bool disposing)
        {
            _norm.Dispose();
            base.Dispose(disposing);
        }
    }
}
