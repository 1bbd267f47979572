using Microsoft.ML.AbsCam.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Modules;

[TestClass]
public sealed class ModuleOutputTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_layer_can_be_given_as_an_object()
    {
        using var module = new TinyModule();
        nn.Module relu = module.named_children().Single(child => child.name == "relu").module;
        using ImageNetwork network = ImageNetwork.FromModule(module, relu, TinyNetwork.Side, TinyNetwork.Side);
        Check(network);
    }

    [TestMethod]
    public void A_layer_that_is_not_inside_is_refused()
    {
        using var module = new TinyModule();
        using var stranger = nn.ReLU();
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ImageNetwork.FromModule(module, stranger, TinyNetwork.Side, TinyNetwork.Side)).Message,
            "not one of the module's own");
    }

    [TestMethod]
    public void A_module_with_several_outputs_is_explained_by_the_one_that_is_picked()
    {
        using var module = new TwoOutputs();
        using ImageNetwork network = ImageNetwork.FromModule(module, outputs => outputs.Scores, "inner.relu", TinyNetwork.Side, TinyNetwork.Side);
        Check(network);
    }

    private void Check(ImageNetwork network)
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, network: network);
        Explained.AreMapsOf([0, 1, 2], transformer.Transform(TinyNetwork.View(_context, 3)).Maps());
    }

    private sealed class TwoOutputs : nn.Module<Tensor, (Tensor Other, Tensor Scores)>
    {
        private readonly TinyModule _inner = new();

        public TwoOutputs()
            : base(nameof(TwoOutputs)) => register_module("inner", _inner);

        public override (Tensor Other, Tensor Scores) forward(Tensor input) => (input.mean(), _inner.call(input));
    }
}
